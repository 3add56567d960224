"""`dif contract diff`: what differs between two versions of the contracts, whom it breaks, and what reads it."""

from __future__ import annotations

import json as json_text
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict

from catalog.contracts.diff import Difference, Kind, Side, differences
from catalog.contracts.documents import Json
from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import columns_for
from catalog.domain.calendar import day_in_oslo
from catalog.errors import UnknownName, WrongUse
from catalog.exports import promised
from catalog.exports.readers import readers_of
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import SHARES
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Note, Result, Table, command
from transport.auth.parties import read_list
from transport.auth.tokens import ALL, Rights, Tokens
from transport.base.settings import Settings, load
from transport.releases.release import CONTRACTS
from transport.releases.store import Releases
from transport.storage import landing

_CODE = "code"
_SCREEN_ROWS = 40
"""How many differences that break nothing fit a person's screen; --json has them all."""


@command()
def diff(before: str = "current", after: str = _CODE, /) -> Result:
    """What differs between two versions of the contracts, and what a breaking difference touches. Exit 1: breaking.

    BREAKING: what worked may stop working, or mean something else. NOTE: breaks nothing by itself, but somebody should
    read it. COMPATIBLE: what worked works as before. A dataset is judged for its readers, a stream for its producers.

    Args:
        before: a release's id, `current`, `code` (this version of the program), or a file of contracts
            (`contracts.json` of a release).
        after: the other one's; `code` when not given.
    """
    settings = load()
    earlier, later = (_contracts(settings, name) for name in (before, after))
    changes = differences(earlier, later)
    changes.sort(key=lambda d: list(Kind).index(d.kind))
    breaking = [d for d in changes if d.kind is Kind.BREAKING]
    touched = {
        name: list(_touched(settings, earlier, name, breaking)) for name in dict.fromkeys(d.contract for d in breaking)
    }
    overdue = promised.overdue(later, day_in_oslo(landing.utc_now()))
    facts = {
        "before": before,
        "after": after,
        "breaking": bool(breaking),
        "differences": [asdict(d) for d in changes],
        "touches": touched,
        "overdue": overdue,
    }
    return Result(facts, _lines(facts, changes), code=1 if breaking else 0)


def _lines(facts: Mapping[str, Any], changes: Sequence[Difference]) -> Iterator[str | Table]:
    before, after = facts["before"], facts["after"]
    breaking = sum(d.kind is Kind.BREAKING for d in changes)
    yield Table(
        [_row(d) for d in changes],
        empty=f"No contract differs between {before} and {after}.",
        limit=breaking + _SCREEN_ROWS,
        more=" that break nothing; --json has them all.",
    )
    for name, rows in facts["touches"].items():
        yield f"\n{name} touches:"
        yield Table([{"kind": row["kind"], "names": ", ".join(row["names"])} for row in rows])
    yield from map(Note, facts["overdue"])
    if changes:
        count = counted(breaking, "breaking difference")
        yield f"\n{after} against {before}: {count}, {len(changes) - breaking} that break nothing."


def _contracts(settings: Settings, name: str) -> Json:
    """The contracts that a word of the command line names.

    Raises:
        UnknownName: there is no such release or file.
        WrongUse: the release carries none, or the file cannot be read.
    """
    if name == _CODE:
        return promised.contracts()
    path = Path(name)
    if path.is_file():
        try:
            return promised.read(path.read_text("utf-8"))
        except ValueError as problem:
            raise WrongUse(
                f"{name} cannot be compared: {problem}.", f"Name a release, `{_CODE}`, or {CONTRACTS} of a release."
            ) from None
    releases = Releases(settings)
    if path.suffix == ".json":
        raise UnknownName("file of contracts", name, choices=(_CODE, *releases.names()))
    release = releases.get(name)
    contracts = release.contracts()
    if contracts is None:
        raise WrongUse(
            f"Release {release.name} was made before releases carried their contracts.",
            "Compare with a later one; the next `dif run` makes one that has them.",
        )
    return contracts


def _row(difference: Difference) -> Mapping[str, object]:
    values = [_short(value) for value in (difference.before, difference.after)]
    return {
        "kind": str(difference.kind),
        "contract": difference.contract,
        "of": difference.rule or difference.column or "",
        "what": difference.what,
        "before → after": " → ".join(values) if any(values) else "",
        "because": difference.reason,
    }


def _short(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json_text.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


_WIDTH = 40


# --- what a breaking difference touches ------------------------------------------------------------------------------


class _Touched(TypedDict):
    """The names of one kind that rely on a contract."""

    kind: str
    names: list[str]


def _touched(settings: Settings, before: Json, contract: str, breaking: Sequence[Difference]) -> Iterator[_Touched]:
    """Who and what relies on what breaks in a contract, a row for each kind, with the names."""
    own = [d for d in breaking if d.contract == contract]
    side = own[0].side
    columns = {d.column for d in own}
    chosen = [None] if None in columns else sorted(columns, key=str)
    by_kind: dict[str, set[str]] = {}
    if side is Side.DATASET:
        for reader in {r for column in chosen for r in readers_of(contract, column)}:
            by_kind.setdefault(reader.kind, set()).add(reader.name)
    start = contract if side is Side.DATASET else f"conformed.{contract}"
    if derived := {name for column in chosen for name in _derived_from(start, column)} & before["datasets"].keys():
        by_kind["dataset made of it"] = derived
    for kind, names in sorted(by_kind.items()):
        yield {"kind": kind, "names": sorted(names)}
    document = before[f"{side}s"][contract]
    shares = _shares(contract, document["audience"], chosen) if side is Side.DATASET else []
    if shares:
        yield {"kind": "share", "names": shares}
    yield from _recipients(settings, side, document, chosen, shares)


def _shares(dataset: str, audience: str, columns: Sequence[str | None]) -> list[str]:
    """The shares that give any of the columns of a dataset; if it is gone from the code, those of its audience."""
    contract_now = DATASETS.get(dataset)
    if contract_now is None:
        return [s.name for s in SHARES.values() if any(d.audience == audience for d in s.datasets)]
    withheld = {s.name: {c.name for c in contract_now.columns} - {*s.columns_of(contract_now)} for s in SHARES.values()}
    return [s.name for s in SHARES.values() if contract_now in s.datasets and not withheld[s.name].issuperset(columns)]


def _recipients(
    settings: Settings, side: Side, document: Json, chosen: Sequence[str | None], shares: Collection[str]
) -> Iterator[_Touched]:
    """Who may read any of the chosen columns or send the stream: by token, by the access list, and by a share."""
    _, parties = read_list(settings.home / "access" / "access.toml")
    tokens = [t for t in Tokens(settings).all() if t.state(landing.utc_now()) == "active"]

    def may(rights: Rights) -> bool:
        if side is Side.STREAM:
            return bool({document["name"], ALL} & rights.streams)
        contract_now = DATASETS.get(document["name"])
        if contract_now is None:
            return document["audience"] in rights.read
        readable = columns_for(contract_now, rights.read)
        return bool(readable) if None in chosen else not {*readable}.isdisjoint(chosen)

    names = sorted(t.name for t in tokens if may(t.rights))
    listed = [counted(len(names), "token") + (f" ({', '.join(names)})" if names else "")]
    if count := sum(may(rights) for rights in parties.values()):
        listed.append(f"{counted(count, 'party', 'parties')} of the access list")
    reads = {t.name for t in tokens if t.rights.recipient and not t.rights.recipient.shares.isdisjoint(shares)}
    if readers := sorted(reads):
        listed.append(f"{counted(len(readers), 'recipient')} of shares ({', '.join(readers)})")
    if side is Side.STREAM:
        yield {"kind": "producer", "names": listed}
    else:
        yield {"kind": "recipient", "names": [f"audience {document['audience']}", *listed]}


def _derived_from(dataset: str, column: str | None) -> set[str]:
    """The datasets with a column that comes from this one, directly or through others.

    Where a function computes a dataset, its columns have no known origin: then each comes from all that it reads.
    """
    from pipelines.run import column_lineage
    from pipelines.run.tables import BUILDS

    lineage = {build.contract.name: column_lineage.of(build.contract) for build in BUILDS}
    inputs = {b.contract.name: {s.name for s in b.inputs.values() if isinstance(s, DatasetContract)} for b in BUILDS}
    touched, size = {f"{dataset}.{column}" if column else f"{dataset}.*"}, 0
    while len(touched) > size:
        size = len(touched)
        whole = {name.removesuffix(".*") for name in touched if name.endswith(".*")}
        of = {name.rpartition(".")[0] for name in touched}
        for name, columns in lineage.items():
            if not columns and inputs[name] & of:
                touched.add(f"{name}.*")
            touched |= {f"{name}.{c}" for c, sources in columns.items() if _any_touched(sources, touched, whole)}
    return {name.rpartition(".")[0] for name in touched} - {dataset}


def _any_touched(sources: Collection[str], touched: Collection[str], whole: Collection[str]) -> bool:
    return any(source in touched or source.rpartition(".")[0] in whole for source in sources)
