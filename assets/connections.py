"""Connections: who sends with which system, and the names that nobody has mapped to one.

A source system that tells of its receivers (child welfare) never stands by name: its dispatches are counted together
with those that state no system, one row per organisation and service.
"""

from __future__ import annotations

from assets import suppression
from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog.contracts.scan import Query, Scan
from catalog.tables import conformed, quality, registers, usage

_CHILD_WELFARE = "barnevern"
"""A name with this word is sensitive whatever the register says, and also with one letter wrong."""
_MONTHS = 12


def _with_a_slip(word: str) -> str:
    """A pattern for the word as it is, with a letter too many, too few or another."""
    places = range(len(word))
    written = [word, *(f"{word[:i]}.?{word[i + 1 :]}" for i in places), *(f"{word[:i]}.{word[i:]}" for i in places)]
    return "|".join(written)


@builds(
    usage.CONNECTION_MONTH,
    dispatch=conformed.DISPATCH,
    source_system=registers.SOURCE_SYSTEM,
    remembered=registers.HIDDEN_CELL,
)
def connection_month(span: BuildWindow, dispatch: Scan, source_system: Scan, remembered: Scan) -> Scan:
    """Count a month's dispatches by organisation, account, source system, supplier and service.

    Grain: one row per (month, organisation_number, account_id, source_system, supplier_number, service), with the name
    as sent but for white space around it. A name is mapped when the register has just that name; other names are
    UNMAPPED, never guessed; their supplier is the one that the register has for supplier_number, if any. Sensitive
    services are left out.

    Rows with no system stated and rows of sensitive systems are one row per organisation and service, NOT_STATED,
    without account or supplier. That `dispatch_month` shows the organisation's total gives its number, so where it is
    small, all the organisation's rows of the service are hidden; where that would not do either (all are ones), they
    are one row. A name is sensitive when the register marks it or another name of its system; while it is unmapped,
    also when it holds such a name; and whatever the register says, when it tells of child welfare.

    Nulls: dispatches and failed where hidden; failed of the NOT_STATED row and the row after it, and last_seen of the
    NOT_STATED row, where the organisation has other rows of the service; last_seen of all where that row is hidden.
    """
    values = suppression.remembered_of(remembered, usage.CONNECTION_MONTH.name, month=span.month)
    return Query(
        statement("usage/connection_month", sensitive=suppression.SENSITIVE),
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
    """List the names that the register does not know, of the last twelve whole months: those before that of `as_of`.

    Grain: one row per source_system. What `connection_month` hides counts neither in the name's dispatches nor in all:
    the sum would give it back. Names that tell of child welfare are not there, as they are not in `connection_month`.
    """
    return Query(
        statement("quality/unmapped_system"),
        {"connection_month": connection_month},
        {"through": span.through, "months": _MONTHS},
    )


BUILDS = (connection_month, unmapped_system)
