"""The process that sends mail to subscribers: `python -m dashboards.subscriptions`, called by `dif subscribe send`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.shared.child import answered
from dashboards.subscriptions import sending
from transport.base import settings
from transport.telemetry.event_log import EventLog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Send what is due. Stdout is one JSON object: how it went, or the problem and its mend."""
    about = (__doc__ or "").split("\n", maxsplit=1)[0]
    parser = argparse.ArgumentParser(prog="python -m dashboards.subscriptions", description=about)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args(arguments)
    given = settings.load().but(home=options.home)

    def sent() -> Mapping[str, object]:
        outcome = asdict(sending.send(given, now=datetime.now(UTC), dry_run=options.dry_run))
        if not options.dry_run:
            EventLog(given).event(
                "subscribers_told", **{name: value for name, value in outcome.items() if name != "due"}
            )
        return outcome

    return answered(sent)


if __name__ == "__main__":
    sys.exit(main())
