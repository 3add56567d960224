"""Conform: of all landed rows, one per key is in force; others are superseded, quarantined with their faults, or held.

`conformed = f(all landed rows of the month, rules, as_of)` is a pure function, so order, repeats, splits and crashes
cannot change the result. Nothing is dropped: landed = conformed + superseded + quarantined + held + withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

import pyarrow as pa

from assets import sensitive
from assets.statements import statement
from catalog import facts
from catalog.contracts.columns import int64
from catalog.contracts.language import Column, DatasetContract, PythonCheck, RegisterContract, Repeats, StreamContract
from catalog.contracts.rows import RowFault, typed_row
from catalog.contracts.rules import Rule
from catalog.contracts.scan import Parameter, Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.borders import How, borders
from catalog.domain.products import SERVICES
from catalog.tables import conformed
from catalog.tables.quality import ACCOUNTING
from catalog.tables.quarantine import part_of
from catalog.tables.registers import REGISTERS, RETIRED, SERVICE_ALIAS

APART = tuple(
    int64(f"{name}_apart", "Av følsomme og ukjente tjenester", "Of sensitive and unknown services")
    for name in ("quarantined", "held", "withdrawn")
)
"""Unpublished columns in the accounting of dispatches: how many of the rows may concern persons."""
_FAULTS_TOLD = 3
"""The number of a register version's faults given in the reason on each of its rows."""


@dataclass(frozen=True, slots=True)
class Conformed:
    """The result for one stream, or one month of it."""

    rows: Scan
    quarantine: Scan
    accounting: Scan


@dataclass(frozen=True, slots=True)
class Since:
    """A stream, or a month of it, before some rows landed; only the keys in those rows are recomputed.

    Attributes:
        landed: the rows that landed since.
        rows: the rows in force before, from all other landed rows, by the same rules.
        quarantine: the quarantine before.
        accounting: the accounting of rows before.
    """

    landed: Scan
    rows: Scan
    quarantine: Scan
    accounting: Scan


@dataclass(frozen=True, slots=True)
class Lookups:
    """Other knowledge used to interpret rows.

    Attributes:
        decisions: which batch is right for a key in conflict (DECIDED), from the register `decision`.
        aliases: the senders' names of services, from the register `service_alias`; the bundled names when None.
        items: what the item ids of invoices stand for, from the register `invoice_item`; none when None.
        counted: dispatches that an earlier month counts (COUNTED).
    """

    decisions: pa.Table | None = None
    aliases: pa.Table | None = None
    items: pa.Table | None = None
    counted: pa.Table | None = None


def decided(stream: StreamContract, decisions: pa.Table) -> pa.Table:
    """The decisions of the register `decision` on a stream, as conform takes them."""
    rows = [d for d in decisions.to_pylist() if d["stream"] == stream.name]
    return pa.Table.from_pylist([{k: d[k] for k in DECIDED.names} for d in rows], DECIDED)


@dataclass(frozen=True, slots=True)
class _ConformInput:
    """What conform reads: landed rows, and the earlier state to continue from, if any."""

    landed: Scan
    withdrawn: Scan
    month: date | None
    as_of: datetime | None
    since: Since | None = None
    counted: pa.Table | None = None


@cache
def accounting_of(stream: StreamContract) -> DatasetContract:
    """The stream's part of the accounting of rows."""
    part = part_of(ACCOUNTING, stream)
    return replace(part, columns=part.columns + APART) if stream.repeats is Repeats.TOTAL_ORDER else part


def conform(
    stream: StreamContract,
    landed: Scan,
    *,
    withdrawn: Scan,
    month: date | None,
    as_of: datetime | None,
    findings: pa.Table | None = None,
    lookups: Lookups | None = None,
    more: Mapping[str, Scan] | None = None,
) -> Conformed:
    """Conform a stream, or one month of one that has months.

    Args:
        stream: the stream.
        landed: all its landed rows that count and may be of the month, with `filename` and `file_row_number`.
        withdrawn: the same for withdrawn batches; they are accounted for and count nowhere.
        month: the month to conform; None for a stream without months.
        as_of: rows created after it are held; None when none can be.
        findings: faults that SQL cannot detect, by file and row (columns filename, file_row_number, rule, detail).
        lookups: other knowledge used to interpret rows; only the bundled names of services when None.
        more: further scans for the stream's own statement (`adoption` reads `resolved`).
    """
    lookups = lookups or Lookups()
    conform_input = _ConformInput(
        with_services(stream, landed, lookups), withdrawn, month, as_of, None, lookups.counted
    )
    if stream.repeats is Repeats.TOTAL_ORDER:
        return _dispatch(stream, conform_input)
    return _keyed(stream, conform_input, findings, lookups.decisions, more or {})


@dataclass(frozen=True, slots=True)
class Bucket:
    """The `nth` of `of` parts of the keys, by the engine's hash: a table's files name the engine that made them."""

    nth: int
    of: int


def divides(stream: StreamContract) -> bool:
    """Whether a month may be conformed in pieces, by producer and by key: no row depends on one of another key."""
    return stream.python_check is None


def in_bucket(stream: StreamContract, landed: Scan, bucket: Bucket, rows: str) -> Scan:
    """The landed rows whose key is in the bucket.

    Args:
        stream: whose rows.
        landed: the rows.
        bucket: which.
        rows: the name of the rows in the statement; the same build may contain other scans of it.
    """
    sql = statement("conform/in_bucket", rows=rows, key=_names(_keys(stream)))
    return Query(sql, {rows: landed}, {"of": bucket.of, "nth": bucket.nth}, materialized=True)


def _keys(stream: StreamContract) -> tuple[Column, ...]:
    """The key of a row in force, beside its producer: the dispatch's id for a dispatch, whose rows are states."""
    if stream.repeats is Repeats.TOTAL_ORDER:
        return (stream["dispatch_id"],)
    return tuple(c for c in stream.columns if c.key)


def goes_on(stream: StreamContract) -> bool:
    """Whether the stream can be conformed incrementally: each key's result depends on its own rows only."""
    return stream.python_check is None


def go_on(
    stream: StreamContract,
    landed: Scan,
    since: Since,
    *,
    withdrawn: Scan,
    month: date | None,
    as_of: datetime | None,
    lookups: Lookups | None = None,
) -> Conformed:
    """Conform incrementally from an earlier state: the same result as `conform`, at the cost of the new rows."""
    lookups = lookups or Lookups()
    since = replace(since, landed=with_services(stream, since.landed, lookups, "rows_since"))
    conform_input = _ConformInput(
        with_services(stream, landed, lookups), withdrawn, month, as_of, since, lookups.counted
    )
    if stream.repeats is Repeats.TOTAL_ORDER:
        return _dispatch(stream, conform_input)
    return _keyed(stream, conform_input, None, lookups.decisions, {})


def with_services(stream: StreamContract, landed: Scan, lookups: Lookups, rows: str = "rows_sent") -> Scan:
    """Landed rows with the id of each row's service; `service_sent` is the name as sent.

    An invoice line whose price element is an item of the seller's gets the service and element that it stands for.

    Args:
        stream: whose rows.
        landed: the rows.
        lookups: `aliases` and `items`. Matching of aliases ignores capitals.
        rows: the name of the rows in the statement, where the same build contains another scan of it.
    """
    if "service" not in stream.schema.names:
        return landed
    register = lookups.aliases if lookups.aliases is not None else facts.table("service_alias", SERVICE_ALIAS.schema)
    forms = _services_of(register)
    names = pa.table({"alias": pa.array(forms, pa.string()), "service": pa.array(forms.values(), pa.string())})
    inputs = {rows: landed, "service_alias": Values(names)}
    if "price_element" not in stream.schema.names or lookups.items is None or not lookups.items.num_rows:
        return Query(statement("conform/named", rows=rows), inputs)
    items = lookups.items.select(["item", "service", "price_element"])
    return Query(statement("conform/named_item", rows=rows), inputs | {"invoice_item": Values(items)})


def names_of(services: Collection[str], aliases: pa.Table) -> dict[str, str]:
    """Every name under which some services may be sent, with the service."""
    return {s: s for s in services} | {n: s for n, s in _services_of(aliases).items() if s in services}


def _services_of(aliases: pa.Table) -> dict[str, str]:
    """The service of each name that is not itself one."""
    return {f: r["service"] for r in aliases.to_pylist() for f in _forms(r["alias"]) if f not in SERVICES}


def _forms(alias: str) -> tuple[str, ...]:
    """A name as written, in lower case, in upper case, and capitalised."""
    return (alias, alias.lower(), alias.upper(), alias.capitalize())


def good(rules: tuple[Rule, ...]) -> str:
    """SQL that is true for a row that meets every rule; a null condition counts as met."""
    return "(" + " and ".join(f"coalesce({r.condition}, true)" for r in rules) + ")" if rules else "true"


def _good_by_value(stream: StreamContract) -> str:
    """As `good`, with `refused_values` beside the rows: rules about one text are evaluated once per distinct text."""
    others = tuple(r for r in stream.rules if not _of_one_text(stream, r))
    texts = dict.fromkeys(r.columns[0] for r in stream.rules if _of_one_text(stream, r))
    not_refused = [
        f"coalesce({t} not in (select value from refused_values where name = '{t}'), true)"  # noqa: S608 - a column's name
        for t in texts
    ]
    return f"({' and '.join([good(others), *not_refused])})"


def _of_one_text(stream: StreamContract, rule: Rule) -> bool:
    return len(rule.columns) == 1 and pa.types.is_string(stream[rule.columns[0]].type)


def _refused_values(
    stream: StreamContract,
    landed: Scan,
    parameters: Mapping[str, Parameter],
    within: str,
) -> Scan:
    """The texts that break a rule about one text, by column. Millions of rows hold a few thousand texts."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for rule in stream.rules:
        if _of_one_text(stream, rule):
            rules[rule.columns[0]] = (*rules.get(rule.columns[0], ()), rule)
    if not rules:
        return Values(pa.table({"name": pa.array([], pa.string()), "value": pa.array([], pa.string())}))
    sets = ", ".join(f"({text})" for text in rules)
    # kept, since otherwise the rules would be pushed down to the rows again
    texts = Query(
        statement("conform/texts", texts=", ".join(rules), sets=sets, within=within),
        {"landed": landed},
        parameters,
        materialized=True,
    )
    refused = " union all ".join(
        f"select '{text}' as name, {text} as value from texts where {text} is not null and not {good(of)}"  # noqa: S608
        for text, of in rules.items()
    )
    return Query(refused, {"texts": texts}, materialized=True)


_MADE_IN_MONTH = "created_at >= $month_from and created_at < $month_to"
_MADE_BY_NOW = "($as_of is null or created_at <= $as_of)"
_TOLD_AHEAD = "(created_at <= received_at and state_at > received_at + interval 1 day)"
"""A state of a dispatch that has not been entered yet: nothing happens after it is told. Clocks may differ by a day."""


def _broken(rules: tuple[Rule, ...], *more: str) -> str:
    cases = [f"case when not coalesce({r.condition}, true) then '{r.name}' end" for r in rules]
    return ", ".join([*cases, "case when masked_fields is not null then 'identity_number_masked' end", *more])


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{c.name}"' for c in columns)


def _dispatch(stream: StreamContract, conform_input: _ConformInput) -> Conformed:
    month, since = conform_input.month, conform_input.since
    assert month is not None  # noqa: S101 - the stream has months
    parameters = {
        "month_from": calendar.start_of(month),
        "month_to": calendar.start_of(calendar.next_month(month)),
        "as_of": conform_input.as_of,
    }
    status = Values(
        facts.table(
            "dispatch_status", pa.schema([("state", pa.string()), ("rank", pa.int32()), ("outcome", pa.string())])
        )
    )
    all_rows = _located(conform_input.landed)
    rows: Scan = all_rows
    if since:
        key = _keys(stream)
        touched = _touched(since, key, _MADE_IN_MONTH, _MADE_BY_NOW, parameters)
        rows = _of_touched(all_rows, touched, _same(key, "all_landed", "touched"))
    is_good = f"({_good_by_value(stream)} and not {_TOLD_AHEAD})"
    of_good = {
        "landed": rows,
        "dispatch_status": status,
        "refused_values": _refused_values(stream, rows, parameters, _MADE_IN_MONTH),
    }
    query = Query(
        statement("conform/dispatch_found", good=is_good),
        of_good,
        parameters,
        materialized=True,
    )
    counted = Values(COUNTED.empty_table() if conform_input.counted is None else conform_input.counted)
    doubtful = Query(
        statement("conform/dispatch_doubtful"),
        {"landed": rows, "dispatch_found": query, "counted": counted},
        parameters,
        materialized=True,
    )
    twice = Query(
        statement("conform/dispatch_told_twice", columns=_names(stream.columns), good=is_good),
        {
            "dispatch_doubtful": doubtful,
            "dispatch_found": query,
            "dispatch_status": status,
            "refused_values": of_good["refused_values"],
        },
        materialized=True,
    )
    both: dict[str, Scan] = {"dispatch_found": query, "dispatch_told_twice": twice, "counted": counted}
    latest = Query(statement("conform/dispatch_latest"), both, materialized=True)
    quarantined = Query(
        statement(
            "conform/quarantine_dispatch",
            stream=stream.name,
            broken=_broken(stream.rules, f"case when {_TOLD_AHEAD} then 'state_after_receipt' end"),
            record=_record(stream),
        ),
        {"dispatch_doubtful": doubtful, "dispatch_latest": latest},
        materialized=True,
    )
    in_force = Query(
        statement("conform/dispatch"),
        {"landed": rows, "dispatch_latest": latest, "dispatch_status": status},
        parameters,
    )
    settled = Query("from dispatch_latest", {"dispatch_latest": latest})
    if since:
        remade = Query(in_force.sql, in_force.inputs, parameters, materialized=True)
        in_force = _rows_since(since, stream, touched, remade, _same(key, "was", "touched"))
        quarantined = _quarantine_since(since, rows, quarantined)
        settled = Query("select states, false as unstable, null as counted_in from in_force", {"in_force": in_force})
    accounting = Query(
        statement("conform/accounting_dispatch", stream=stream.name, told_openly=sensitive.TOLD_OPENLY),
        {"all_landed": all_rows, "withdrawn": conform_input.withdrawn, "settled": settled, "quarantined": quarantined},
        parameters,
    )
    return Conformed(in_force, Query("from quarantined", {"quarantined": quarantined}), accounting)


def _touched(
    since: Since, key: Sequence[Column], in_month: str, not_held: str, parameters: Mapping[str, Parameter]
) -> Query:
    """Keys of the new rows."""
    sql = statement("conform/touched", key=_names(key), in_month=in_month, not_held=not_held)
    return Query(sql, {"new": since.landed}, parameters, materialized=True)


def _of_touched(landed: Scan, touched: Scan, same: str) -> Query:
    """All rows with these keys, whenever they landed."""
    return Query(
        statement("conform/of_touched", same=same), {"all_landed": landed, "touched": touched}, materialized=True
    )


def _rows_since(since: Since, stream: StreamContract, touched: Scan, made_again: Scan, same: str) -> Query:
    """The rows in force: earlier ones, and recomputed ones."""
    (contract,) = (t for t in conformed.TABLES if t.table == stream.name)
    columns = _names(tuple(c for c in contract.columns if c.name != "month"))
    inputs = {"was": since.rows, "touched": touched, "made_again": made_again}
    return Query(statement("conform/rows_since", columns=columns, same=same), inputs)


def _quarantine_since(since: Since, landed: Scan, quarantined_again: Scan) -> Query:
    """The quarantine: earlier rows, and recomputed ones."""
    inputs = {"quarantine_was": since.quarantine, "landed": landed, "quarantined_again": quarantined_again}
    return Query(statement("conform/quarantine_since"), inputs, materialized=True)


def _located(landed: Scan) -> Scan:
    """Landed rows numbered in the order of receipt; the number identifies a winning row."""
    return Query(statement("conform/located"), {"files": landed})


def _record(stream: StreamContract) -> str:
    """The row as it goes to quarantine, without columns that never leave the landing."""
    columns = [c.name for c in stream.columns if not c.internal]
    return ", ".join(f'"{n}" := "service_sent"' if n == "service" else f'"{n}" := "{n}"' for n in columns)


def _keyed(
    stream: StreamContract,
    conform_input: _ConformInput,
    findings: pa.Table | None,
    decisions: pa.Table | None,
    more: Mapping[str, Scan],
) -> Conformed:
    landed, month, as_of, since = conform_input.landed, conform_input.month, conform_input.as_of, conform_input.since
    by = stream[stream.month_of]
    moment = pa.types.is_timestamp(by.type)
    parameters: Mapping[str, Parameter] = {"as_of": as_of if moment or as_of is None else calendar.day_in_oslo(as_of)}
    in_month = "true"
    if month is not None:
        last = calendar.next_month(month)
        parameters = {
            **parameters,
            "month_from": calendar.start_of(month) if moment else month,
            "month_to": calendar.start_of(last) if moment else last,
        }
        in_month = f"({by.name} >= $month_from and {by.name} < $month_to)"
    not_held = f"($as_of is null or {by.name} <= $as_of)"
    keys = _keys(stream)
    rows: Scan = landed
    if since:
        touched = _touched(since, keys, in_month, not_held, parameters)
        rows = _of_touched(landed, touched, _same(keys, "all_landed", "touched"))
    checked = Query(
        statement("conform/checked"),
        {"files": rows, "findings": Values(findings if findings is not None else FINDINGS.empty_table())},
    )
    ok = f"({_good_by_value(stream)} and finding is null)"
    refused = _refused_values(stream, checked, parameters, in_month)
    key = _names(keys)
    whole = ", ".join(f'"{c.name}"' for c in stream.columns if not c.key and not c.internal)
    versions = Query(
        statement(
            "conform/keyed_versions",
            columns=_names(stream.columns),
            ordered_by=stream.ordered_by or "0",
            compared=stream.conflict_on or "content",
            in_month=in_month,
            not_held=not_held,
            good=ok,
            key=key,
            good_key=", ".join(f'judged."{k}"' for k in stream.key),
            of_latest="counts and judged.reported = latest.reported" if stream.ordered_by else "counts",
            with_latest=f"join latest on {_same(keys, 'judged', 'latest')}" if stream.ordered_by else "",
            good_is_settled=_same(keys, "settled", "good"),
            record_key=record_key(stream),
            taken_whole=whole,
            was_there="filename not in (select filename from new)" if since else "false",
        ),
        {
            "landed": checked,
            **({"new": since.landed} if since else {}),
            "decision": Values(decisions if decisions is not None else DECIDED.empty_table()),
            "refused_values": refused,
        },
        parameters,
        materialized=True,
    )
    quarantined = Query(
        statement(
            "conform/quarantine_keyed",
            stream=stream.name,
            broken=_broken(stream.rules, "finding"),
            bad=f"not {ok}",
            in_month=in_month,
            not_held=not_held,
            landed_is_version=_same(keys, "versions", "landed"),
            detail="finding_detail",
            record=_record(stream),
        ),
        {"landed": checked, "versions": versions, "refused_values": refused},
        parameters,
        materialized=True,
    )
    in_force: Query = Query(statement("conform/keyed", key=key), {"versions": versions})
    settled = Query(statement("conform/settled"), {"versions": versions})
    if since:
        remade = Query(in_force.sql, in_force.inputs, materialized=True)
        in_force = _rows_since(since, stream, touched, remade, _same(keys, "was", "touched"))
        quarantined = _quarantine_since(since, checked, quarantined)
        settled = Query(
            statement("conform/settled_since", same=_same(keys, "was", "versions")),
            {"was": since.rows, "accounting_was": since.accounting, "versions": versions},
        )
    accounting = Query(
        statement("conform/accounting_keyed", stream=stream.name, in_month=in_month, not_held=not_held),
        {"all_landed": landed, "withdrawn": conform_input.withdrawn, "settled": settled, "quarantined": quarantined},
        parameters,
    )
    if stream.python_check is PythonCheck.MUNICIPALITY_CODES:
        in_force = Query(statement("conform/adoption"), {"taken": in_force, **more})
    return Conformed(in_force, Query("from quarantined", {"quarantined": quarantined}), accounting)


def record_key(stream: StreamContract) -> str:
    """A record's key as one text, as in the register `decision`: the key's columns separated by `/`."""
    return " || '/' || ".join(f"""coalesce(landed."{k}"::varchar, '')""" for k in stream.key)


def _same(key: Sequence[Column], left: str, right: str) -> str:
    """The condition for equal keys of one producer; a null in a key is an ordinary value."""
    return f"{left}.producer = {right}.producer and " + " and ".join(
        f'{left}."{c.name}" {"is not distinct from" if c.null else "="} {right}."{c.name}"' for c in key
    )


# --- what SQL cannot check -------------------------------------------------------------------------------------------

COUNTED = pa.schema(
    [("producer", pa.string()), ("dispatch_id", pa.uuid()), ("month", pa.date32()), ("batch_id", pa.string())]
)
"""Dispatches that an earlier month counts, and the first batch with each of them there."""
DECIDED = pa.schema([("producer", pa.string()), ("record_key", pa.string()), ("batch_id", pa.string())])
FINDINGS = pa.schema(
    [("filename", pa.string()), ("file_row_number", pa.int64()), ("rule", pa.string()), ("detail", pa.string())]
)
RESOLVED = pa.schema(
    [
        ("producer", pa.string()),
        ("municipality_code", pa.string()),
        ("day", pa.date32()),
        ("occurred_precision", pa.string()),
        ("organisation_number", pa.string()),
        ("resolution", pa.string()),
        ("municipality_codes_now", pa.list_(pa.string())),
    ]
)


def resolve_codes(rows: pa.Table, decisions: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Resolve codes of landed adoption rows, by `catalog.domain.borders` and then by the register `code_decision`.

    Args:
        rows: filename, file_row_number, producer, municipality_code (never null), day, occurred_precision,
            organisation_number, note.
        decisions: producer, reported_code, municipality_code.

    Returns:
        The resolved codes (RESOLVED, one row per distinct question), and findings for the rest, with the likely
        correct code.
    """
    decided = {(d["producer"], d["reported_code"]): d["municipality_code"] for d in decisions.to_pylist()}
    resolved: dict[tuple[object, ...], dict[str, object]] = {}
    findings = []
    for row in rows.to_pylist():
        question = tuple(row[k] for k in RESOLVED.names[:5])
        if question in resolved:
            continue
        answer = borders().resolve(
            row["municipality_code"],
            row["day"],
            no_later_than=row["occurred_precision"] == "NO_LATER_THAN",
            organisation_number=row["organisation_number"],
            name=row["note"],
        )
        if answer.how is not How.UNRESOLVED:
            how, codes = str(answer.how), [s.code for s in answer.shares]
        elif codes := _codes_now(decided.get((row["producer"], row["municipality_code"]), "")):
            how = "DECISION"
        else:
            likely = ", ".join(dict.fromkeys(now for code in answer.likely for now in _likely(code)))
            detail = f"{row['municipality_code']} var ikke et kommunenummer {row['day']}. " + (
                f"Trolig ment: {likely}." if likely else "Ingen kode ligner."
            )
            findings.append(
                {
                    "filename": row["filename"],
                    "file_row_number": row["file_row_number"],
                    "rule": "municipality_code_unresolved",
                    "detail": detail,
                }
            )
            continue
        resolved[question] = dict(zip(RESOLVED.names, (*question, how, codes), strict=True))
    return pa.Table.from_pylist(list(resolved.values()), RESOLVED), pa.Table.from_pylist(findings, FINDINGS)


def _codes_now(code: str) -> list[str]:
    """The current codes for a municipality's code of any year; empty for a code that never existed."""
    municipality = borders().municipalities.get(code)
    return [s.code for s in borders().to_now(code, municipality.valid_from)] if municipality else []


def _likely(code: str) -> list[str]:
    """The code as a register may have it: the municipalities of now, with the code of then where it was another."""
    return [
        f"{now} {borders().municipalities[now].name}" + ("" if now == code else f" (den gang {code})")
        for now in _codes_now(code)
    ]


def check_register_rows(rows: pa.Table) -> pa.Table:
    """Judge landed register rows by their registers' contracts.

    Args:
        rows: filename, file_row_number, register, applied_at, values.

    Returns:
        Findings: rows of an unknown register, rows that their contract refuses, with the first fault, and every row
        of a version whose rows are inconsistent, so that the version before it stays in force.
    """
    findings: list[dict[str, object]] = []
    versions: dict[tuple[object, ...], list[tuple[dict[str, Any], dict[str, object]]]] = {}
    for row in rows.to_pylist():
        if row["register"] in RETIRED:
            continue
        contract = REGISTERS.get(row["register"])
        fault: str | None
        if contract is None:
            rule, fault = "register_known", f"Det finnes ikke noe register {row['register']!r}."
        else:
            rule, fault = "register_row_form", None
            try:
                typed = typed_row(contract.columns, json.loads(row["values"]))
                if contract.together:
                    versions.setdefault((row["register"], row["applied_at"]), []).append((row, typed))
            except (RowFault, ValueError) as problem:
                fault = str(problem)
        if fault:
            findings.append(_finding(row, rule, fault))
    for (name, _), version in versions.items():
        contract = REGISTERS[str(name)]
        # a row that landed twice counts once, as in `rows.register_table`
        in_force = {tuple(typed[k] for k in contract.key): typed for _, typed in version}
        if says := _not_together(contract, list(in_force.values())):
            findings += [_finding(row, "register_fits_together", says) for row, _ in version]
    return pa.Table.from_pylist(findings, FINDINGS)


def _finding(row: Mapping[str, object], rule: str, detail: str) -> dict[str, object]:
    return {"filename": row["filename"], "file_row_number": row["file_row_number"], "rule": rule, "detail": detail}


def _not_together(contract: RegisterContract, rows: Sequence[Mapping[str, object]]) -> str:
    """What is inconsistent between rows that are each valid; empty where nothing is."""
    try:
        faults = contract.together(rows) if contract.together else []
    except ValueError as problem:  # an unknown kind of price
        return str(problem)
    more = f"; and {len(faults) - _FAULTS_TOLD} more" if len(faults) > _FAULTS_TOLD else ""
    return "; ".join(faults[:_FAULTS_TOLD]) + more
