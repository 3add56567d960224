"""The share door. Its process is `python -m transport.servers.share.door`; `dif serve share` becomes it."""

from __future__ import annotations

import sys

from transport.servers.http.serving import serve
from transport.servers.share.app import ShareApp

if __name__ == "__main__":
    sys.exit(serve("share", ShareApp))
