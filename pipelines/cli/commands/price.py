"""`dif price`: what a service must cost next year, what if, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from assets.price_calculation import in_force
from catalog.contracts.language import DatasetContract
from catalog.domain import price_effects, self_cost
from catalog.domain.calendar import day_in_oslo
from catalog.domain.price_effects import Paid
from catalog.domain.products import EXTERNAL_SERVICES, SERVICES
from catalog.domain.self_cost import (
    BASE,
    CATEGORIES,
    LEAST,
    MOST,
    MUNICIPALITIES,
    Assumptions,
    Balance,
    Base,
    Calculation,
    calculate,
)
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables import ledger, price_calculation, reference
from catalog.tables.registers import PRICE_DECISION
from pipelines.cli.commands import price_words, screen
from pipelines.cli.commands.price_words import Told, Words
from pipelines.cli.commands.register import land
from pipelines.run.steps import start
from transport.base import atomic_files
from transport.base.settings import load
from transport.ingest import registers
from transport.releases import dataset_reader
from transport.releases.store import Release, Releases
from transport.storage import landing

_PERCENT = re.compile(r"\s*([+\-\u2212]?)\s*(\d{1,4}(?:[.,]\d{1,4})?)\s*%\s*")
_A_PERCENTAGE = 'a percentage over -100, such as +10%, -5% or "10 %"'
_YEARS_AHEAD = 5
_WHOLE = 100
_Hyphened = Parameter(allow_leading_hyphen=True)


def price(  # noqa: PLR0913 - the options of the command
    service: str,
    /,
    *,
    year: int | None = None,
    municipalities: int | None = None,
    volume: Annotated[str, _Hyphened] = "0%",
    cost: Annotated[list[str] | None, Parameter(negative="")] = None,
    balance: Annotated[str, _Hyphened] = "100%",
    save: str | None = None,
    decide: str | None = None,
    by: str | None = None,
    out: Path | None = None,
    lang: Literal["nb", "en"] = "nb",
    json: bool = False,
) -> int:
    """Calculate a service's prices from the current release: cost base, expected use, self-cost price, who pays more.

    Args:
        service: its id, as in the product catalogue.
        year: which year; the next one when not given.
        municipalities: assume that this many have the service; use follows in proportion.
        volume: assume more or less use than forecast: +10%, -5%.
        cost: assume another cost: DRIFT=-5%; also BRUKERSTOTTE, FORVALTNING, ADMINISTRASJON, FORDELT; repeat for more.
        balance: how much of the expected surplus or deficit the year's prices take in, 0% to 100%.
        save: keep it as a proposal under this name, in the register price_decision.
        decide: decide the proposal of this name; nothing is calculated.
        by: the function that proposes or decides, not a person's name.
        out: write it to this .xlsx file, with formulas that recalculate.
        lang: nb or en: the language of the calculation.
        json: for a program.
    """
    known_service(service)
    if decide is not None:
        if municipalities or cost or save or out or (volume, balance) != ("0%", "100%"):
            raise BadOption(
                "--decide", decide, "it alone, with --by and --year: the assumptions were saved with the name"
            )
        return _decide(service, decide, year, by, Words(lang))
    supposed = Assumptions(
        municipalities, percentage("--volume", volume), of_categories(cost or ()), _of_the_balance(balance)
    )
    if out is not None and out.suffix.lower() != ".xlsx":
        raise BadOption("--out", out, "the name of an .xlsx file")
    if save is not None:
        _check_name(save, by)
    settings = load()
    report = read(Releases(settings).get("current"), service, year, supposed)
    # before the output: whoever reads it may stop early
    if out is not None:
        from pipelines.exports import price_workbook  # its library is loaded for those who ask

        price_workbook.write(report, out)
    if save is not None and by is not None:
        _save(report, save, by)
    if json:
        screen.as_json(price_words.price_json(report))
    else:
        price_words.show(report, Words(lang))
    if out is not None:
        screen.say(f"Written to {out}; change the yellow cells on the first sheet, and the rest recalculates.")
    if save is not None:
        screen.say(f'To decide it: dif price {service} --decide "{save.strip()}" --by FUNCTION')
    return 0


# --- what was asked ---------------------------------------------------------------------------------------------------


def known_service(service: str) -> None:
    """Check that the service exists and is ours to price.

    Raises:
        UnknownName: there is none; the error names the nearest.
        WrongUse: it is another party's product.
    """
    if service not in SERVICES:
        raise UnknownName("service", service, choices=SERVICES)
    if service in EXTERNAL_SERVICES:
        raise WrongUse(f"{service} is another party's product, shown for comparison.", "Name one of our own services.")


def percentage(option: str, text: str) -> Decimal:
    """An option's percentage: +10%, -5%, "10 %", 2,5%.

    Raises:
        BadOption: it is not a percentage, or is outside the limits (`LEAST`, `MOST`).
    """
    hit = _PERCENT.fullmatch(text)
    if hit is None:
        raise BadOption(option, text, _A_PERCENTAGE)
    value = Decimal(hit[2].replace(",", ".")) * (1 if hit[1] in {"", "+"} else -1)
    if not LEAST < value <= MOST:
        raise BadOption(option, text, _A_PERCENTAGE)
    return value


def _of_the_balance(text: str) -> Decimal:
    """The percentage of the carried balance to use, from 0 to 100.

    Raises:
        BadOption: it is not a percentage, or is outside 0 to 100.
    """
    value = percentage("--balance", text)
    if not 0 <= value <= _WHOLE:
        raise BadOption("--balance", text, "a percentage from 0% to 100%")
    return value


def of_categories(options: Sequence[str]) -> dict[str, Decimal]:
    """Per cent by category of cost.

    Raises:
        BadOption: an option lacks a category or a percentage, or repeats a category.
        UnknownName: there is no such category of cost.
    """
    percentages: dict[str, Decimal] = {}
    for text in options:
        name, equals, percent = text.partition("=")
        category = name.strip().upper()
        if not equals:
            raise BadOption("--cost", text, "a category and a percentage, such as DRIFT=-5%")
        if category not in CATEGORIES:
            raise UnknownName("category of cost", name.strip(), choices=CATEGORIES)
        if category in percentages:
            raise BadOption("--cost", text, f"{category} once")
        percentages[category] = percentage("--cost", percent)
    return percentages


def _check_name(name: str, by: str | None) -> None:
    if not name.strip() or name.strip().upper() == BASE:
        raise BadOption("--save", name, f"a name other than {BASE}, which every release has")
    if not (by or "").strip():
        raise BadOption("--by", by or "", 'the function that proposes it, such as --by "produktråd"')


# --- what the release has ---------------------------------------------------------------------------------------------


def read(release: Release, service: str, year: int | None, supposed: Assumptions) -> Told:
    """Calculate from a release.

    Raises:
        WrongUse: the service has no cost, no price or no use there.
        BadOption: the year or the count of municipalities is out of range.
    """
    scenarios = _rows(release, price_calculation.PRICE_CALCULATION, {"service": service})
    rows = [r for r in scenarios if r["scenario"] == BASE]
    costs = _rows(release, price_calculation.PRICE_COST, {"service": service})
    uses = _rows(release, price_calculation.PRICE_USE, {"service": service})
    if not rows:
        raise WrongUse(
            f"Release {release.name} has neither a price nor a cost for {service}.",
            "Add its price to the register price_rule and send its cost as cost_entry; then: dif run.",
        )
    first_year = rows[0]["year"]
    if year is not None and not first_year <= year <= first_year + _YEARS_AHEAD:
        raise BadOption("--year", year, f"a year from {first_year} to {first_year + _YEARS_AHEAD}")
    if year is not None and year != first_year:
        rows = [r | {"decided_price": _decided_price(release, scenarios, r, year)} for r in rows]
    base = self_cost.base_of(
        service,
        year or first_year,
        prices=rows,
        costs=costs,
        uses=uses,
        balance=_balance(release, rows[0], costs, year),
    )
    _check_municipalities(release, base, supposed)
    calculation = calculate(base, supposed)
    _check_status(release, calculation, costs)
    first, last = costs[0]["first_month"], costs[0]["last_month"]
    paid = _paid(release, service, first, last)
    effects = price_effects.effects(calculation, paid)
    return Told(release.name, calculation, first, last, paid, effects, sorted(uses, key=lambda u: str(u["driver"])))


def _balance(
    release: Release, price: Mapping[str, Any], costs: Sequence[Mapping[str, Any]], year: int | None
) -> Balance:
    """The carried balance: the release's own for the base case's year; for a later year, projected from the months."""
    balance = Balance.of_row(price)
    computable = balance.now_ore is not None and costs and dataset_reader.has(release, ledger.PRODUCT_MONTH)
    if year in {None, price["year"]} or not computable:
        return balance
    months = _rows(release, ledger.PRODUCT_MONTH, {"service": price["service"]})
    return self_cost.expected_balance(months, costs[0]["last_month"], year)


def _decided_price(
    release: Release, rows: Sequence[Mapping[str, Any]], price: Mapping[str, Any], year: int
) -> Decimal | None:
    """The decided price for a later year than the base case's, from a saved calculation of that year.

    If none was saved, from the rule in force on the year's first day.
    """
    key = ("price_element", "channel", "size_low")
    of_year = [row for row in rows if row["year"] == year and all(row[k] == price[k] for k in key)]
    if of_year:
        amount: Decimal | None = of_year[0]["decided_price"]
        return amount
    if not dataset_reader.has(release, reference.PRICE_RULE):
        return None
    rules = _rows(release, reference.PRICE_RULE, {"service": price["service"]})
    return in_force([rule for rule in rules if all(rule[k] == price[k] for k in key)], date(year, 1, 1))


def _rows(
    release: Release, contract: DatasetContract, condition: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    opened = dataset_reader.open_dataset(release, contract, None, dict(condition) if condition else None)
    return [row for batch in opened.batches for row in batch.to_pylist()]


def _check_municipalities(release: Release, base: Base, supposed: Assumptions) -> None:
    if supposed.municipalities is None:
        return
    there = sum(row["valid_to"] is None for row in _rows(release, reference.MUNICIPALITY))
    if not 1 <= supposed.municipalities <= there:
        raise BadOption("--municipalities", supposed.municipalities, f"a count from 1 to {there}")
    use = base.uses.get(MUNICIPALITIES)
    if use is None or not use.now:
        raise WrongUse(
            f"The number of municipalities with {base.service} is unknown, so --municipalities has no meaning.",
            "Use --volume instead; adoption events or use would give the number (uptake.funnel).",
        )


def _check_status(release: Release, calculation: Calculation, costs: Sequence[Mapping[str, Any]]) -> None:
    service = calculation.base.service
    if calculation.status == "NO_PRICE":
        raise WrongUse(
            f"{service} has no price for its use.",
            "Add one to the register price_rule (dif register export price_rule), if only with amount 0; then: dif run."
            " A joining fee repays a loan and is not a price for use.",
        )
    if calculation.status == "NO_COST" or not costs:
        raise WrongUse(
            f"Release {release.name} has no cost for {service} in the last four whole quarters.",
            f"See: dif sql \"from ledger.price_cost where service = '{service}'\". The register cost_mapping places "
            "cost without a service.",
        )
    if calculation.status == "NO_USE":
        raise WrongUse(
            f"Nothing was billed or measured for {service}'s prices, so there is nothing to divide the cost by.",
            f"See: dif sql \"from ledger.price_calculation where service = '{service}'\", and reference.price_element "
            "for what each price counts.",
        )


def _paid(release: Release, service: str, first: date, last: date) -> list[Paid]:
    inhabitants: dict[str, int] = {}
    for row in sorted(_rows(release, reference.POPULATION), key=lambda r: r["year"]):
        inhabitants[row["municipality_code"]] = row["inhabitants"]
    customers = price_effects.named(_rows(release, reference.ORGANISATION), inhabitants)
    entries = _rows(
        release, ledger.ENTRY, {"service": service, "account": "INCOME", "period": {"ge": str(first), "le": str(last)}}
    )
    return price_effects.paid(entries, customers)


# --- what is kept -----------------------------------------------------------------------------------------------------


def _save(report: Told, name: str, by: str) -> None:
    """Save the calculation as a proposal, replacing an undecided one of the same name.

    Raises:
        WrongUse: the proposal of that name is decided.
    """
    settings, base, now = load(), report.calculation.base, landing.utc_now()
    rows = [
        {
            "service": base.service,
            "price_element": x.priced.price_element,
            "channel": x.priced.channel,
            "size_low": x.priced.size_low,
            "year": base.year,
            "scenario": name.strip(),
            "status": "PROPOSED",
            "price": x.proposed,
            "unit": x.priced.unit,
            "assumptions": report.calculation.assumptions.as_json(),
            "release": report.release,
            "decided_by": by.strip(),
            "decided_on": day_in_oslo(now),
            "proposed_by": by.strip(),
            "proposed_on": day_in_oslo(now),
            "synthetic": base.synthetic,
        }
        for x in report.calculation.results
    ]
    with atomic_files.locked(settings.home):
        kept = landing.open_landing(settings)
        before = registers.latest(start(settings, now).landing, PRICE_DECISION).to_pylist()
        same = [
            d for d in before if (d["service"], d["year"], d["scenario"]) == (base.service, base.year, name.strip())
        ]
        if any(d["status"] == "DECIDED" for d in same):
            raise WrongUse(
                f"{base.service} {base.year} {name!r} {_decided_words(same)}.", "Save it under another name."
            )
        whole = [d for d in before if d not in same] + rows
        registers.check_rules(settings, PRICE_DECISION, whole)
        land(
            settings,
            kept,
            PRICE_DECISION,
            whole,
            reason=f"Forslag {name.strip()}: {base.service} {base.year}",
            by=by.strip(),
        )


def _decide(service: str, name: str, year: int | None, by: str | None, words: Words) -> int:
    """Mark a proposal as decided, with who and when; the year's previous decision becomes a proposal again.

    Raises:
        UnknownName: no proposal of that name.
        WrongUse: it is decided already, or several years have the name.
        BadOption: `--by` is missing.
    """
    if not (by or "").strip():
        raise BadOption("--by", by or "", 'the function that decides, such as --by "produktråd"')
    settings, now = load(), landing.utc_now()
    with atomic_files.locked(settings.home):
        kept = landing.open_landing(settings)
        before = registers.latest(start(settings, now).landing, PRICE_DECISION).to_pylist()
        of_service = [d for d in before if d["service"] == service and year in {None, d["year"]}]
        mine = [d for d in of_service if d["scenario"] == name.strip()]
        if not mine:
            raise UnknownName(f"proposal of {service}", name, choices={d["scenario"] for d in of_service})
        years = sorted({d["year"] for d in mine})
        if len(years) > 1:
            raise WrongUse(f"{name!r} is saved for {', '.join(map(str, years))}.", "Choose one with --year.")
        if all(d["status"] == "DECIDED" for d in mine):
            raise WrongUse(f"{service} {years[0]} {name!r} {_decided_words(mine)}.", "There is nothing more to do.")
        who_and_when = {"decided_by": str(by).strip(), "decided_on": day_in_oslo(now)}
        whole, undone = [], set()
        for row in before:
            if row in mine:
                whole.append(row | {"status": "DECIDED"} | who_and_when)
            elif (row["service"], row["year"], row["status"]) == (service, years[0], "DECIDED"):
                undone.add(row["scenario"])
                # restore who proposed it and when; if that was not kept, who made it a proposal again
                proposed = {"decided_by": row["proposed_by"], "decided_on": row["proposed_on"]}
                whole.append(row | {"status": "PROPOSED"} | (proposed if all(proposed.values()) else who_and_when))
            else:
                whole.append(row)
        registers.check_rules(settings, PRICE_DECISION, whole)
        land(
            settings,
            kept,
            PRICE_DECISION,
            whole,
            reason=f"Vedtak {name.strip()}: {service} {years[0]}",
            by=str(by).strip(),
        )
    for other in sorted(undone):
        screen.say(f"{other!r} was the decision before and is a proposal again.")
    price_words.show_decided(mine, years[0], words)
    screen.say(f"Invoices follow the register price_rule: add these prices there too, from {years[0]}-01-01.")
    return 0


def _decided_words(rows: Sequence[Mapping[str, Any]]) -> str:
    return f"was decided by {rows[0]['decided_by']} on {rows[0]['decided_on']}"
