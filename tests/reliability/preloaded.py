"""What the fork server of the figures imports and sets up before it forks (`zygote.py`)."""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported

from tests.reliability import bits, crashes, disks, repeats, restores  # noqa: F401
from tests.reliability.zygote import home_in, keep, scratch
from transport.ingest import inbox  # noqa: F401
from transport.releases import store  # noqa: F401
from transport.servers import flight_server  # noqa: F401
from transport.storage import compaction  # noqa: F401
from transport.storage.landing import open_landing

with scratch() as folder:
    keep(open_landing(home_in(folder)), 0)  # what Arrow sets up at its first use, once
