"""The process that writes a report: `python -m dashboards.reports network|municipality|product|board …`.

People call it through `dif report`. It loads every report, but not the pages' server.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import BadOption
from dashboards.reports.board import report as board_report
from dashboards.reports.municipality import report as municipality_report
from dashboards.reports.network import report as network_report
from dashboards.reports.product import report as product_report
from dashboards.shared.child import answered
from dashboards.words import Words
from transport.base import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transport.base.settings import Settings


def month_named(text: str | None) -> date | None:
    """Parses a month such as `2026-10`; None gives None.

    Raises:
        BadOption: the text is not a month.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadOption("--month", text, "a month, such as 2026-10") from None


def _write(given: Settings, options: argparse.Namespace) -> dict[str, str]:
    to = {"folder": options.folder, "out": options.out, "release": options.release, "words": Words(options.lang)}
    if options.kind == "network":
        return network_report.write(given, options.name, form=options.follow_up, **to)
    if options.kind == "municipality":
        return municipality_report.write(given, options.name, payments=options.payments, **to)
    month = month_named(options.month)
    if options.kind == "product":
        return product_report.write(given, options.name, month=month, **to)
    return board_report.write(given, month=month, **to)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one report. Stdout is one JSON object: what was written, or the problem and its mend."""
    about = (__doc__ or "").split("\n", maxsplit=1)[0]
    parser = argparse.ArgumentParser(prog="python -m dashboards.reports", description=about)
    parser.add_argument("kind", choices=("network", "municipality", "product", "board"))
    parser.add_argument("name", nargs="?", default="")
    for option in ("--home", "--folder"):
        parser.add_argument(option, type=Path, required=True)
    for option in ("--out", "--follow-up"):
        parser.add_argument(option, type=Path)
    for option in ("--release", "--month"):
        parser.add_argument(option)
    parser.add_argument("--lang", default="nb")
    parser.add_argument("--payments", action="store_true")
    options = parser.parse_args(arguments)
    return answered(lambda: _write(settings.load().but(home=options.home), options))


if __name__ == "__main__":
    sys.exit(main())
