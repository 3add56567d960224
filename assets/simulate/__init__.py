"""Synthetic national traffic: consistent batches of every stream, the same for the same plan.

`batches(plan)` yields; it reads and writes nothing. All its data is marked synthetic: invented organisations end in
"(syntetisk)", their numbers begin with 2 or 3 (no real one does), `source` is "simulert" where a stream has one (for
messages, their subject), and the caller lands it under a producer of its own. Services with real adoption records are
left out. What a reader can find in it is told in `stories`.
"""

from assets.simulate.plan import PRODUCER, Batch, Plan
from assets.simulate.traffic import batches, demonstration, price_of_dispatch

__all__ = ["PRODUCER", "Batch", "Plan", "batches", "demonstration", "price_of_dispatch"]
