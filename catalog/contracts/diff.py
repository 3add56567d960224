"""The differences between two versions of the contracts, and whom they break.

A dataset is held against its readers, a stream against its producers, so the same change may break the one and not the
other: a new required column is only more to read, but refuses every batch without it. Both sides are the documents of
`catalog.contracts.documents`. A field that one side lacks, such as the texts of the frozen copy, is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from catalog.contracts.documents import Json
from catalog.contracts.language import Additivity, Audience


class Kind(StrEnum):
    """The effect of a difference on users of the contract."""

    BREAKING = "BREAKING"
    """What worked may stop working, or mean something else."""
    NOTE = "NOTE"
    """Breaks nothing by itself; somebody should read it."""
    COMPATIBLE = "COMPATIBLE"
    """What worked works as before."""


class Side(StrEnum):
    """The kind of contract: of a dataset or of a stream."""

    DATASET = "dataset"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two versions of a contract.

    Attributes:
        contract: the name of the dataset or stream.
        what: a stable word for programs, such as `column_removed`.
        reason: why it is of that kind, in one sentence.
        column: the column it concerns; None: the whole contract.
        rule: the rule it concerns.
        before: the value on the first side; None where there is none.
        after: that on the second.
    """

    side: Side
    contract: str
    what: str
    kind: Kind
    reason: str
    column: str | None = None
    rule: str | None = None
    before: object = None
    after: object = None


def differences(before: Json, after: Json) -> list[Difference]:
    """Every difference, by contract in the order of `before`, then what only `after` has.

    Args:
        before: `datasets` and `streams`, each a document by name.
        after: the same of another version.
    """
    differences_found: list[Difference] = []
    for side in Side:
        old, new = before[f"{side}s"], after[f"{side}s"]
        for name in [*old, *(n for n in new if n not in old)]:
            if name not in new:
                reason = _BY_SIDE[side]["contract_removed"]
                differences_found.append(Difference(side, name, f"{side}_removed", Kind.BREAKING, reason))
            elif name not in old:
                differences_found.append(
                    Difference(side, name, f"{side}_added", Kind.COMPATIBLE, "Nothing relies on it yet.")
                )
            else:
                differences_found += of_contract(side, old[name], new[name])
    return differences_found


def of_contract(side: Side, before: Json, after: Json) -> list[Difference]:
    """The differences of two versions of one contract, whatever each is called."""
    fields_and_columns = [
        *_of_fields(_FIELDS[side], before, after),
        *_of_columns(side, before["columns"], after["columns"]),
        *_of_rules(side, before["rules"], after["rules"]),
    ]
    return [replace(each, side=side, contract=before["name"]) for each in fields_and_columns]


_BY_SIDE: Final[Mapping[Side, Mapping[str, str]]] = {
    Side.DATASET: {
        "contract_removed": "Whoever reads it finds nothing.",
        "column_removed": "A query that names the column fails.",
        "type": "Programs and files hold values of the former type.",
        "unit": "The same figure means another quantity.",
        "key": "One row is no longer the same thing, so joins and counts give other answers.",
    },
    Side.STREAM: {
        "contract_removed": "Every batch of it is refused.",
        "column_removed": "A batch with the column is refused.",
        "type": "A batch with values of the former type is refused.",
        "unit": "What producers send would be read as another quantity.",
        "key": "Other records count as the same one.",
    },
}

_Judgement = tuple[Kind, str]
_Judge = Callable[[Any, Any], _Judgement]


def _always(kind: Kind, reason: str) -> _Judge:
    return lambda _before, _after: (kind, reason)


_MORE: Final = Kind.NOTE, "More may read it: see that nothing in it is for fewer."
_FEWER: Final = Kind.BREAKING, "Some who read it no longer may."


def _audience(before: str, after: str) -> _Judgement:
    if after == Audience.OPEN or before == Audience.INTERNAL:
        return _MORE
    return _FEWER


def _exact_counts(_before: bool, after: bool) -> _Judgement:  # noqa: FBT001 - a value of the contract
    return _MORE if not after else _FEWER


def _version(before: int, after: int) -> _Judgement:
    if after < before:
        return Kind.BREAKING, "Versions only go up: readers take the higher for the newer."
    return Kind.NOTE, "A new version of the contract."


def _deprecated(before: Json | None, after: Json | None) -> _Judgement:
    if after is None:
        return Kind.COMPATIBLE, "It no longer has an end."
    if before is None:
        return Kind.NOTE, f"It is promised through {after['until']}."
    if after["until"] < before["until"]:
        return Kind.BREAKING, f"It was promised through {before['until']}."
    return Kind.NOTE, f"It is now promised through {after['until']}."


def _freshness(before: int, after: int) -> _Judgement:
    if after > before:
        return Kind.NOTE, "It may be older when it is read."
    return Kind.COMPATIBLE, "It is fresh sooner."


def _one_at_a_time(before: Sequence[str], after: Sequence[str]) -> _Judgement:
    if set(after) - set(before):
        return Kind.BREAKING, "A sum over all values now counts the same thing again."
    return Kind.COMPATIBLE, "Sums within one value stay right."


def _nullable(side: Side) -> _Judge:
    """To be missing is harder on a reader and easier on a producer."""

    def judge(_before: bool, after: bool) -> _Judgement:  # noqa: FBT001 - a value of the contract
        if side is Side.DATASET:
            if after:
                return Kind.BREAKING, "Readers relied on a value in every row."
            return Kind.COMPATIBLE, "Every row has a value."
        if after:
            return Kind.COMPATIBLE, "A batch without it is taken in too."
        return Kind.BREAKING, "A batch without it is refused."

    return judge


def _additivity(before: str | None, after: str | None) -> _Judgement:
    sums: dict[str | None, int] = {Additivity.SUM: 2, Additivity.LAST: 1}
    if sums.get(after, 0) < sums.get(before, 0):
        return Kind.BREAKING, "Sums that were right no longer are."
    return Kind.COMPATIBLE, "Sums that were right still are."


def _longest(before: int, after: int) -> _Judgement:
    if after < before:
        return Kind.BREAKING, "A batch with a longer text is refused."
    return Kind.COMPATIBLE, "Longer texts are taken in."


_RETOLD: Final = _always(Kind.NOTE, "It is described otherwise: see that it means the same.")
_REPEATS: Final = _always(Kind.BREAKING, "A repeated key means something else, so another record may count.")


def _shared(side: Side) -> dict[str, _Judge]:
    return {
        "title": _RETOLD,
        "about": _RETOLD,
        "owner": _always(Kind.NOTE, "Others answer for it."),
        "version": _version,
        "deprecated": _deprecated,
        "key": _always(Kind.BREAKING, _BY_SIDE[side]["key"]),
    }


_FIELDS: Final[Mapping[Side, Mapping[str, _Judge]]] = {
    Side.DATASET: {
        **_shared(Side.DATASET),
        "audience": _audience,
        "exact_counts": _exact_counts,
        "freshness_hours": _freshness,
        "one_at_a_time": _one_at_a_time,
        "partitioned": _always(Kind.BREAKING, "Its Parquet files lie elsewhere in the release."),
        "sorted_by": _always(Kind.NOTE, "Rows of a file come in another order."),
        "sources": _always(Kind.NOTE, "It is made of something else."),
        "view_of": _always(Kind.NOTE, "It shows the rows of another dataset."),
        "where": _always(Kind.BREAKING, "It holds other rows."),
    },
    Side.STREAM: {
        **_shared(Side.STREAM),
        "month_of": _always(Kind.BREAKING, "Records belong to other months."),
        "repeats": _REPEATS,
        "ordered_by": _REPEATS,
        "conflict_on": _REPEATS,
    },
}
"""How a change of each field is judged; `columns` and `rules` are compared one by one."""

_COLUMN_FIELDS: Final[Mapping[Side, Mapping[str, _Judge]]] = {
    side: {
        "type": _always(Kind.BREAKING, _BY_SIDE[side]["type"]),
        "unit": _always(Kind.BREAKING, _BY_SIDE[side]["unit"]),
        "null": _nullable(side),
        "title": _RETOLD,
        "about": _RETOLD,
        "additivity": _additivity,
        "perturbed": _always(Kind.NOTE, "Whether its figures are changed at random by a few units has changed."),
        "sql": _always(Kind.NOTE, "It is derived otherwise: see that it means the same."),
        "free_text": _always(Kind.NOTE, "Its values are scanned for identity numbers in another way."),
        "internal": _always(Kind.NOTE, "Whether its values leave the landing has changed."),
        "longest": _longest,
    }
    for side in Side
}


def _of_fields(
    judges: Mapping[str, _Judge], before: Json, after: Json, *, column: str | None = None
) -> Iterator[Difference]:
    for field, judge in judges.items():
        if field in before and field in after and before[field] != after[field]:
            kind, reason = judge(before[field], after[field])
            what = f"column_{field}" if column else field
            yield _difference(what, kind, reason, column=column, before=before[field], after=after[field])


def _difference(what: str, kind: Kind, reason: str, **more: Any) -> Difference:
    """A difference whose contract `of_contract` adds."""
    return Difference(Side.DATASET, "", what, kind, reason, **more)


def _of_columns(side: Side, before: Sequence[Json], after: Sequence[Json]) -> Iterator[Difference]:
    old, new = ({c["name"]: c for c in columns} for columns in (before, after))
    for name, column in old.items():
        if name not in new:
            reason = _BY_SIDE[side]["column_removed"]
            yield _difference("column_removed", Kind.BREAKING, reason, column=name, before=column["type"])
        else:
            yield from _of_fields(_COLUMN_FIELDS[side], column, new[name], column=name)
    for name, column in new.items():
        if name not in old:
            kind, reason = _added(side, column)
            yield _difference("column_added", kind, reason, column=name, after=column["type"])
    shared = [[n for n in names if n in old and n in new] for names in (old, new)]
    if shared[0] != shared[1]:
        reason = "`select *` and files by position give columns in another order."
        if side is Side.STREAM:
            reason = "A batch names its columns, so their order is free."
        kind = Kind.NOTE if side is Side.DATASET else Kind.COMPATIBLE
        yield _difference("column_order", kind, reason, before=shared[0], after=shared[1])


def _added(side: Side, column: Json) -> _Judgement:
    if side is Side.DATASET:
        return Kind.COMPATIBLE, "Queries that name their columns give the same."
    if column["null"]:
        return Kind.COMPATIBLE, "A batch without it is taken in as before."
    return Kind.BREAKING, "A batch without it is refused."


def _of_rules(side: Side, before: Sequence[Json], after: Sequence[Json]) -> Iterator[Difference]:
    old, new = ({r["name"]: r for r in rules} for rules in (before, after))
    gone = [rule for name, rule in old.items() if name not in new]
    for rule in gone:
        kind, reason = Kind.NOTE, "Readers are no longer promised it."
        if side is Side.STREAM:
            kind, reason = Kind.COMPATIBLE, "More rows are accepted."
        yield _rule("rule_removed", kind, reason, before=rule)
    for name, rule in new.items():
        if name not in old:
            yield _rule("rule_added", *_new_rule(side, rule, gone), after=rule)
        else:
            yield from _of_rule(side, old[name], rule)


def _new_rule(side: Side, rule: Json, gone: Sequence[Json]) -> _Judgement:
    if side is Side.DATASET:
        return Kind.COMPATIBLE, "More is promised of each row."
    if any(_is_wider(rule, other) for other in gone):
        return Kind.COMPATIBLE, "It accepts all that the rule it replaces accepted."
    return Kind.BREAKING, "Rows that were accepted may go to quarantine."


def _is_wider(rule: Json, other: Json) -> bool:
    """Whether the bounds of a rule contain those of another over the same column."""
    if not rule["between"] or not other["between"] or rule["columns"] != other["columns"]:
        return False
    (low, high), (other_low, other_high) = rule["between"], other["between"]
    reaches_down = low is None or (other_low is not None and low <= other_low)
    return reaches_down and (high is None or (other_high is not None and high >= other_high))


def _of_rule(side: Side, before: Json, after: Json) -> Iterator[Difference]:
    if before["values"] and after["values"] and before["values"] != after["values"]:
        more, less = ([v for v in b["values"] if v not in a["values"]] for a, b in ((before, after), (after, before)))
        if more:
            kind, reason = Kind.NOTE, "A reader that handles each value meets one it does not know."
            if side is Side.STREAM:
                kind, reason = Kind.COMPATIBLE, "More values are accepted."
            yield _rule("values_added", kind, reason, before=before, after=after, values=(None, more))
        if less:
            kind, reason = Kind.COMPATIBLE, "Readers meet fewer values."
            if side is Side.STREAM:
                kind, reason = Kind.BREAKING, "Rows with these values go to quarantine."
            yield _rule("values_removed", kind, reason, before=before, after=after, values=(less, None))
    elif any(before[field] != after[field] for field in ("condition", "lists", "columns")):
        kind, reason = Kind.NOTE, "Something else is promised of each row."
        if side is Side.STREAM:
            kind, reason = Kind.BREAKING, "Rows that were accepted may go to quarantine."
        yield _rule("rule_changed", kind, reason, before=before, after=after)
    elif before.get("says") != after.get("says") and "says" in before and "says" in after:
        texts = before["says"], after["says"]
        yield _rule("rule_says", *_RETOLD(None, None), before=before, after=after, values=texts)


def _rule(
    what: str,
    kind: Kind,
    reason: str,
    *,
    before: Json | None = None,
    after: Json | None = None,
    values: tuple[object, object] | None = None,
) -> Difference:
    rule = after or before or {}
    sides = values or tuple(side and side["condition"] for side in (before, after))
    column = rule["columns"][0] if len(rule["columns"]) == 1 else None
    return _difference(what, kind, reason, column=column, rule=rule["name"], before=sides[0], after=sides[1])
