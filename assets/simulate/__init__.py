"""Synthetic national traffic: batches of every stream that hang together, the same for the same plan.

`batches(plan)` yields; it reads and writes nothing. All it makes says that it is synthetic: the organisations that it
invents end in "(syntetisk)", their numbers begin with 2 or 3 (no real one does), `source` is "simulert" where a stream
has one (of messages it is what they are about), and the caller lands it under a producer of its own. Services with real
adoption records are left alone.
"""

from assets.simulate.plan import PRODUCER, Batch, Plan
from assets.simulate.traffic import batches

__all__ = ["PRODUCER", "Batch", "Plan", "batches"]
