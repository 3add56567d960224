"""Rows that were set aside, and what mended rules and registers change, for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.tables.quarantine import register_for, says_of
from catalog.tables.streams import STREAMS
from pipelines.cli.present import release
from pipelines.cli.present.formats import counted, kroner, month, synthetic
from pipelines.cli.screen import Table
from pipelines.run.replay import BY_MUNICIPALITY, Effect

_FATES = {
    "LEAVES": "leaves",
    "WITHDRAWN": "leaves: its batch was withdrawn",
    "ENTERS": "enters",
    "LANDED": "enters: landed since the last release",
}
_SCREEN_ROWS = 30

Row = Mapping[str, Any]


def rows(listed: Sequence[Row], stream: str, rule: str | None) -> Iterator[str]:
    """Rows of a stream, each with what it broke."""
    for row in listed:
        yield f"{row['batch_id']} row {row['row_number']} from {row['producer']}: {', '.join(row['rules'])}"
        details = [*(text for broken in row["rules"] if (text := says(stream, broken))), row["detail"], row["record"]]
        yield from (f"    {text}" for text in details if text)
    if not listed:
        yield f"Stream {stream} has nothing in quarantine{f' for {rule}' if rule else ''}."


def says(stream: str, rule: str) -> str:
    """What a rule demands, in English; empty where the contract has none of that name."""
    text = says_of(STREAMS[stream]).get(rule)
    return text.en if text else ""


def changes(effect: Effect, stream: str | None, rule: str | None) -> Iterator[str | Table]:
    """What a replay changes, of a stream and a rule if they are named."""
    each = Counter[str]()
    for row in effect.of(stream, rule):
        each[row["fate"]] += row["rows"]
    out, entering = each["LEAVES"] + each["WITHDRAWN"], each["ENTERS"] + each["LANDED"]
    of_stream, for_rule = f" of stream {stream}" if stream else "", f" for {rule}" if rule else ""
    leave = f"{counted(out, 'row')}{of_stream} would leave quarantine{for_rule}"
    yield f"{leave}, {entering} enter, {each['STAYS']} stay."
    yield Table(
        [
            {
                "row": _FATES[r["fate"]],
                "stream": r["stream"],
                "month": month(r["month"]),
                "rule": r["rule"],
                "rows": r["rows"],
                "kr": "" if r["amount_ore"] is None else kroner(r["amount_ore"]),
                "": synthetic(r),
            }
            for r in by_rule(effect, stream, rule)
            if r["fate"] != "STAYS"
        ],
        empty="None of them.",
    )
    other = sum(r["rows"] for r in effect.of(None, None) if r["fate"] != "STAYS" and r["stream"] != stream)
    if stream and other:
        yield f"Of other streams, {counted(other, 'row')} would leave or enter too."
    for name, ore in effect.ledger_ore.items():
        if stream in (None, name):
            yield f"In force of {name}: {'+' if ore >= 0 else '-'}{kroner(abs(ore))} kr."
    yield from _municipalities(effect)
    if effect.datasets:
        yield from release.datasets(effect.datasets)
    else:
        yield "No dataset changes."
    yield from release.statuses(effect.statuses)
    yield from staying(effect, stream, rule)
    if parts := [f"{n} ({counted(count, 'part')})" for n, count in effect.months.items() if stream in (None, n)]:
        yield f"Would be made again: {', '.join(parts)}."


def _municipalities(effect: Effect) -> Iterator[str]:
    many = len(effect.municipalities)
    if not many:
        yield f"No row of a municipality changes in {', '.join(c.name for c in BY_MUNICIPALITY)}."
        return
    yield f"Numbers of {counted(many, 'municipality', 'municipalities')} change:"
    for changed in effect.municipalities[:_SCREEN_ROWS]:
        yield f"  {changed['code']} {changed['name']}: {', '.join(changed['datasets'])}"
    if many > _SCREEN_ROWS:
        yield f"  … and {many - _SCREEN_ROWS} more; --json."


def staying(effect: Effect, stream: str | None, rule: str | None) -> Iterator[str | Table]:
    """Why rows stay, by rule, and what mends them."""
    stay: dict[tuple[str, str], dict[str, Any]] = {}
    for row in by_rule(effect, stream, rule):
        if row["fate"] == "STAYS":
            sums = stay.setdefault((row["stream"], row["rule"]), {"rows": 0, "synthetic": False})
            sums["rows"] += row["rows"]
            sums["synthetic"] |= row["synthetic"]
    if not stay:
        return
    yield "Rows that stay:"
    yield Table(
        [
            {
                "stream": name,
                "rule": broken,
                "rows": sums["rows"],
                "why": says(name, broken),
                "mend": _mend(name, broken),
                "": synthetic(sums),
            }
            for (name, broken), sums in stay.items()
        ]
    )


def by_rule(effect: Effect, stream: str | None, rule: str | None) -> list[dict[str, Any]]:
    """The rows of the effect that have a rule: of a stream and a rule if they are named."""
    return [r for r in effect.rows if r["rule"] and rule in (None, r["rule"]) and stream in (None, r["stream"])]


def _mend(stream: str, rule: str) -> str:
    if not STREAMS[stream].pushed:
        return "apply a corrected version"
    register = register_for(STREAMS[stream], rule)
    return f"register {register}, or a new batch" if register else "a new batch from the producer"
