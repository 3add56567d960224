"""Connections: who sends with which system, and the names not mapped to any system.

A source system that reveals something about its receivers (child welfare) is never named: its dispatches are counted
with those that state no system, one row per organisation and service.
"""

from __future__ import annotations

from assets import suppression
from assets.build import BuildWindow, Reduced, builds, piece_of
from assets.statements import statement
from catalog.contracts.scan import Query, Scan
from catalog.tables import conformed, quality, registers, usage

_CHILD_WELFARE = "barnevern"
"""A name with this word, even with one letter wrong, is sensitive whatever the register says."""
_MONTHS = 12


def _with_a_slip(word: str) -> str:
    """A pattern for the word, exact or with one letter extra, missing or wrong."""
    places = range(len(word))
    written = [word, *(f"{word[:i]}.?{word[i + 1 :]}" for i in places), *(f"{word[:i]}.{word[i:]}" for i in places)]
    return "|".join(written)


def _sent(_window: BuildWindow, dispatch: Scan) -> Scan:
    sql = statement("usage/connection_month_piece", sensitive=suppression.SENSITIVE)
    return Query(sql, {"conformed_dispatch": dispatch})


_SENT = Reduced(
    _sent,
    piece_of(
        usage.CONNECTION_MONTH,
        *(usage.CONNECTION_MONTH[name] for name in ("month", "organisation_number")),
        *(conformed.DISPATCH[n].but(key=True) for n in ("account_id", "source_system", "supplier_number", "service")),
        *(usage.CONNECTION_MONTH[name] for name in ("dispatches", "failed", "last_seen", "synthetic")),
    ),
)


@builds(
    usage.CONNECTION_MONTH,
    reduced={"dispatch": _SENT},
    dispatch=conformed.DISPATCH,
    source_system=registers.SOURCE_SYSTEM,
    remembered=registers.HIDDEN_CELL,
)
def connection_month(span: BuildWindow, dispatch: Scan, source_system: Scan, remembered: Scan) -> Scan:
    """Count a month's dispatches by organisation, account, source system, supplier and service.

    Grain: one row per (month, organisation_number, account_id, source_system, supplier_number, service), with the name
    as sent, stripped of surrounding white space. A name is mapped when the register has exactly that name. Other names
    are UNMAPPED, never guessed; their supplier is the register's for supplier_number, if any. Sensitive services are
    left out.

    Rows without a stated system and rows of sensitive systems form one row per organisation and service, NOT_STATED,
    without account or supplier. Its number follows from the organisation's total in `dispatch_month`, so where it is
    small, all the organisation's rows of the service are hidden; where even that is not enough (all are ones), they
    are one row. A name is sensitive when the register marks it or another name of its system; while it is unmapped,
    also when it contains such a name; and whatever the register says, when it indicates child welfare.

    Nulls: dispatches and failed where hidden; failed of the NOT_STATED row and the row after it, and last_seen of the
    NOT_STATED row, where the organisation has other rows of the service; last_seen of all where that row is hidden.
    """
    values = suppression.remembered_of(remembered, usage.CONNECTION_MONTH.name, month=span.month)
    return Query(
        statement("usage/connection_month"),
        {"dispatch": dispatch, "source_system": source_system, "remembered": values},
        {
            "child_welfare": _with_a_slip(_CHILD_WELFARE),
            "settled": span.month is not None and span.month < suppression.unsettled_from(span),
            "small": suppression.SMALL,
            "covers": suppression.COVERS,
            "room": suppression.SMALL - 2,
        },
    )


@builds(quality.UNMAPPED_SYSTEM, connection_month=usage.CONNECTION_MONTH)
def unmapped_system(span: BuildWindow, connection_month: Scan) -> Scan:
    """The names missing from the register, over the twelve whole months before the month of `as_of`.

    Grain: one row per source_system. Hidden figures of `connection_month` count neither in the name's dispatches nor in
    the total, since the sum would reveal them. Names that indicate child welfare are absent, as in `connection_month`.
    """
    return Query(
        statement("quality/unmapped_system"),
        {"connection_month": connection_month},
        {"through": span.through, "months": _MONTHS},
    )


BUILDS = (connection_month, unmapped_system)
