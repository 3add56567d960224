"""The report of a product, for its council: its use and its economy on one page. One HTML file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.errors import UnknownName, WrongUse
from dashboards import wording
from dashboards.answers.ledger import (
    Account,
    Amount,
    Book,
    Customers,
    Loan,
    Price,
    Support,
    System,
    Unexplained,
    Used,
    twelve_months,
    use_of,
)
from dashboards.answers.uptake import CurvePoint, Funnel
from dashboards.reports.asking import LEDGER, opened, reported
from dashboards.reports.facts import ProductFacts
from dashboards.reports.product_page import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from dashboards.answers import Asks
    from dashboards.release import Release
    from dashboards.texts import Words
    from transport.settings import Settings

NEEDED = ("uptake.funnel", "uptake.status_month", f"{LEDGER}.product_month", f"{LEDGER}.entry")
_SEEN: Final[Mapping[str, object]] = {"seen_all": True, "seen_organisation": None, "seen_networks": []}
"""A report is made where the files lie, and sees all connections."""
_COUNTRY = {"area_kind": "NO", "area": "NO"}


def gather(given: Settings, name: str, month: date | None = None, release_name: str | None = None) -> ProductFacts:
    """Ask the release for all that the report says.

    Args:
        given: where the releases are.
        name: of the product, or its id.
        month: which month; the last one of the release when not given.
        release_name: which release; the current one when not given.

    Raises:
        UnknownName: there is no such product, or no such release.
        WrongUse: there is no release, it has no ledgers, or it ends before the month.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = reported(given, release_name)
    with opened(release, ledger=True) as asked:
        asked.needs(NEEDED, release.name)
        catalogue = _product(asked, name)
        service, month = str(catalogue["service"]), month_of(release, month)
        at = {"service": service, "through": month}
        first = month.replace(month=1)
        year = {"first": first, "through": month}
        last_twelve = {"first": twelve_months(month), "through": month}
        steps = asked.rows("registered_steps", service=service, month=month)
        unexplained = open_of(asked, first, month, service)
        return ProductFacts(
            release=release,
            attempt=attempt,
            month=month,
            service=service,
            name=str(catalogue["name_nb"] or service),
            catalogue=catalogue,
            book=Book([Account(**row) for row in asked.rows("ledger_months", **at)], month, begun(asked)),
            budget_income_ore=budget_income(asked, first, month, [service], service),
            use=use_of([Used(**row) for row in asked.rows("service/use", **at, measure=None)], month),
            customers=[Customers(**row) for row in asked.rows("service/customers", **at)],
            support=[Support(**row) for row in asked.rows("service/support", **last_twelve)],
            history=[Funnel(**row) for row in asked.rows("funnel", service=service, **_COUNTRY, month=month)],
            registered=frozenset(row["step"] for row in steps),
            points=[
                one
                for row in asked.rows("curve", service=service, **_COUNTRY, through=month)
                if (one := CurvePoint(**row)).service == service
            ],
            systems=[System(**row) for row in asked.rows("service/systems", service=service, **last_twelve, **_SEEN)],
            prices=[Price(**row) for row in asked.rows("ledger_prices", service=service)]
            if asked.has(f"{LEDGER}.price_calculation")
            else None,
            loans=loans(asked, month, service),
            unexplained=next(iter(unexplained), None) if unexplained is not None else None,
            shared=Amount(**asked.rows("ledger_shared", **year)[0]),
            unmapped=unmapped(asked, first, month, service),
            fee_gap=fee_gap(asked, first, month, service),
        )


def month_of(release: Release, month: date | None) -> date:
    """The month that is reported: the one asked for, or the last of the release.

    Raises:
        WrongUse: the release ends before it.
    """
    last = release.through_month or release.as_of.astimezone(wording.OSLO).date().replace(day=1)
    if month is not None and month > last:
        raise WrongUse(
            f"Release {release.name} has numbers through {last:%Y-%m}, none of {month:%Y-%m}.",
            f"Give a month up to {last:%Y-%m}, or ask for a later release.",
        )
    return month or last


def _product(asked: Asks, name: str) -> Mapping[str, str | None]:
    """The product of that id or name, in capitals or not, as the catalogue has it.

    Raises:
        UnknownName: there is none, or it is a product of others; the error names the nearest.
    """
    known = [row for row in asked.rows("service/catalogue") if not row["external"]]
    sought = " ".join(name.split()).casefold()
    for one in known:
        if sought in (one["service"].casefold(), (one["name_nb"] or "").casefold()):
            return one
    raise UnknownName("product", name, known=sorted({str(x) for n in known for x in (n["service"], n["name_nb"])}))


def begun(asked: Asks) -> date | None:
    """The first month of the ledgers."""
    found: date | None = asked.rows("ledger_first")[0]["month"]
    return found


def budget_income(
    asked: Asks, first: date, month: date, services: Sequence[str], service: str | None = None
) -> int | None:
    """What the services were budgeted to earn in the period; None where a month of one is not known."""
    if not asked.has(f"{LEDGER}.product_month.budget_income_ore"):
        return None
    rows = asked.rows("ledger_budget_income", service=service, first=first, through=month)
    whole = len(services) * (month.month - first.month + 1)
    return sum(int(row["budget_income_ore"]) for row in rows) if rows and len(rows) == whole else None


def loans(asked: Asks, month: date, service: str | None) -> list[Loan]:
    """Where loans stand: by project where the release follows them by month, else by service, from the entries."""
    question = "ledger_loans" if loans_followed(asked) else "ledger_loans_booked"
    return [Loan(**row) for row in asked.rows(question, service=service, through=month)]


def loans_followed(asked: Asks) -> bool:
    """The release follows loans by month, and so knows when they are paid off."""
    return asked.has(f"{LEDGER}.loan_month")


def open_of(asked: Asks, first: date, month: date, service: str | None) -> list[Unexplained] | None:
    """What is billed and not explained; None where the release does not reconcile."""
    if not asked.has(f"{LEDGER}.reconciliation_product"):
        return None
    return [Unexplained(**row) for row in asked.rows("ledger_open", service=service, first=first, through=month)]


def unmapped(asked: Asks, first: date, month: date, service: str | None) -> Amount | None:
    """Cost that is not placed; None where the release does not list it."""
    if not asked.has(f"{LEDGER}.unmapped_cost"):
        return None
    return Amount(**asked.rows("ledger_unmapped", service=service, first=first, through=month)[0])


def fee_gap(asked: Asks, first: date, month: date, service: str | None) -> Amount | None:
    """Joining fees that are not what repays the loan; None where the release does not list them."""
    if not asked.has(f"{LEDGER}.joining_fee_gap"):
        return None
    return Amount(**asked.rows("ledger_fee_gap", service=service, first=first, through=month)[0])


def write(
    given: Settings,
    name: str,
    *,
    folder: Path,
    out: Path | None,
    month: date | None,
    release: str | None,
    words: Words,
) -> dict[str, str]:
    """Write the report; gives what was written.

    Raises:
        SharingError: as `gather`.
    """
    facts = gather(given, name, month, release)
    path = out or folder / f"rapport-{facts.service}-{facts.month:%Y-%m}.html"
    path.write_text(page(facts, words, contact=given.contact), "utf-8")
    return {
        "report": str(path),
        "about": facts.name,
        "release": facts.release.name,
        "month": f"{facts.month:%Y-%m}",
    }
