"""`dif price`: what a service must cost next year, what if, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from catalog.domain.calendar import day_in_oslo
from catalog.domain.products import EXTERNAL_SERVICES, SERVICES
from catalog.domain.self_cost import (
    BASE,
    CATEGORIES,
    LEAST,
    MOST,
    Assumptions,
)
from catalog.domain.self_cost_rules import FEWEST_YEARS, MOST_YEARS
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables.registers import PRICE_DECISION
from pipelines.accounts import price as calculation
from pipelines.accounts.price import Report
from pipelines.cli.checks import require_known, require_text
from pipelines.cli.commands.register import land
from pipelines.cli.present import price as present
from pipelines.cli.present.price import Words
from pipelines.cli.screen import Note, Result, command
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import registers
from transport.releases.store import Releases
from transport.storage.landing import open_landing, utc_now

_PERCENT = re.compile(r"\s*([+\-\u2212]?)\s*(\d{1,4}(?:[.,]\d{1,4})?)\s*%\s*")
_A_PERCENTAGE = 'a percentage over -100, such as +10%, -5% or "10 %"'
_Hyphened = Parameter(allow_leading_hyphen=True)


@command()
def price(  # noqa: PLR0913 - the options of the command
    service: str,
    /,
    *,
    year: int | None = None,
    municipalities: int | None = None,
    volume: Annotated[str, _Hyphened] = "0%",
    cost: Annotated[list[str] | None, Parameter(negative="")] = None,
    years: int | None = None,
    change: Annotated[str | None, _Hyphened] = None,
    save: str | None = None,
    decide: str | None = None,
    by: str | None = None,
    out: Path | None = None,
    lang: Literal["nb", "en"] = "nb",
) -> Result:
    """Calculate a service's prices from the current release: cost base, expected use, self-cost price, who pays more.

    Args:
        service: its id, as in the product catalogue.
        year: which year; the next one when not given.
        municipalities: assume that this many have the service; use follows in proportion.
        volume: assume more or less use than forecast: +10%, -5%.
        cost: assume another cost: DRIFT=-5%; also BRUKERSTOTTE, FORVALTNING, ADMINISTRASJON, FORDELT; repeat for more.
        years: over how many years prices settle the expected surplus or deficit, 1 to 5; when not given, as the
            register self_cost_rule says, else 3.
        change: propose today's prices with this change, +5%, in place of the self-cost prices.
        save: keep it as a proposal under this name, in the register price_decision.
        decide: decide the proposal of this name; nothing is calculated.
        by: the function that proposes or decides, not a person's name.
        out: write it to this .xlsx file, with formulas that recalculate.
        lang: nb or en: the language of the calculation.
    """
    _check_service(service)
    if decide is not None:
        if municipalities or cost or save or out or (volume, years, change) != ("0%", None, None):
            raise BadOption(
                "--decide", decide, "it alone, with --by and --year: the assumptions were saved with the name"
            )
        return _decide(service, decide, year, by, Words(lang))
    assumptions = Assumptions(
        municipalities,
        percentage("--volume", volume),
        of_categories(cost or ()),
        _of_settling(years),
        price=None if change is None else percentage("--change", change),
    )
    if out is not None and out.suffix.lower() != ".xlsx":
        raise BadOption("--out", out, "the name of an .xlsx file")
    if save is not None:
        if not save.strip() or save.strip().upper() == BASE:
            raise BadOption("--save", save, f"a name other than {BASE}, which every release has")
        require_text("--by", by, 'the function that proposes it, such as --by "produktråd"')
    settings = load()
    report = calculation.read(Releases(settings).get("current"), service, year, assumptions)
    notes = []
    # before the output: whoever reads it may stop early
    if out is not None:
        from pipelines.exports import price_workbook  # its library is loaded for those who ask

        price_workbook.write(report, out)
        notes.append(f"Written to {out}; change the yellow cells on the first sheet, and the rest recalculates.")
    saved: list[str] = []
    if save is not None:
        saved = _save(settings, report, save.strip(), str(by).strip())
        notes.append(f'To decide it: dif price {service} --decide "{save.strip()}" --by FUNCTION')
    return Result(report.facts(), [*saved, *present.calculation(report, Words(lang))], notes)


# --- what was given ---------------------------------------------------------------------------------------------------


def _check_service(service: str) -> None:
    """Check that the service exists and is ours to price.

    Raises:
        UnknownName: there is none; the error names the nearest.
        WrongUse: it is another party's product.
    """
    require_known("service", service, SERVICES)
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


def _of_settling(years: int | None) -> int | None:
    """The years over which the carried balance is settled; None: as the register says.

    Raises:
        BadOption: they are too few or too many.
    """
    if years is not None and not FEWEST_YEARS <= years <= MOST_YEARS:
        raise BadOption("--years", str(years), f"a number from {FEWEST_YEARS} to {MOST_YEARS}")
    return years


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


# --- what is kept -----------------------------------------------------------------------------------------------------


def _save(settings: Settings, report: Report, name: str, by: str) -> list[str]:
    """Save the calculation as a proposal, replacing an undecided one of the same name.

    Raises:
        WrongUse: the proposal of that name is decided.
    """
    base, today = report.calculation.base, day_in_oslo(utc_now())
    rows = [
        {
            "service": base.service,
            "price_element": x.priced.price_element,
            "channel": x.priced.channel,
            "size_low": x.priced.size_low,
            "year": base.year,
            "scenario": name,
            "status": "PROPOSED",
            "price": x.proposed,
            "unit": x.priced.unit,
            "assumptions": report.calculation.assumptions.as_json(),
            "release": report.release,
            "decided_by": by,
            "decided_on": today,
            "proposed_by": by,
            "proposed_on": today,
            "synthetic": base.synthetic,
        }
        for x in report.calculation.results
    ]
    with atomic_files.locked(settings.home):
        before = _decisions(settings)
        same = [d for d in before if (d["service"], d["year"], d["scenario"]) == (base.service, base.year, name)]
        if any(d["status"] == "DECIDED" for d in same):
            raise WrongUse(f"{base.service} {base.year} {name!r} {_was_decided(same)}.", "Save it under another name.")
        whole = [d for d in before if d not in same] + rows
        return land(settings, PRICE_DECISION, whole, reason=f"Forslag {name}: {base.service} {base.year}", by=by)


def _decide(service: str, proposal: str, year: int | None, by: str | None, words: Words) -> Result:
    """Mark a proposal as decided, with who and when; the year's previous decision becomes a proposal again.

    Raises:
        UnknownName: no proposal of that name.
        WrongUse: it is decided already, or several years have the name.
        BadOption: `--by` is missing.
    """
    function = require_text("--by", by, 'the function that decides, such as --by "produktråd"')
    settings, name = load(), proposal.strip()
    with atomic_files.locked(settings.home):
        before = _decisions(settings)
        of_service = [d for d in before if d["service"] == service and year in {None, d["year"]}]
        chosen = [d for d in of_service if d["scenario"] == name]
        if not chosen:
            raise UnknownName(f"proposal of {service}", proposal, choices={d["scenario"] for d in of_service})
        years = sorted({d["year"] for d in chosen})
        if len(years) > 1:
            raise WrongUse(f"{proposal!r} is saved for {', '.join(map(str, years))}.", "Choose one with --year.")
        if all(d["status"] == "DECIDED" for d in chosen):
            raise WrongUse(f"{service} {years[0]} {proposal!r} {_was_decided(chosen)}.", "There is nothing more to do.")
        who_and_when = {"decided_by": function, "decided_on": day_in_oslo(utc_now())}
        whole, undone = [], set()
        for row in before:
            if row in chosen:
                whole.append(row | {"status": "DECIDED"} | who_and_when)
            elif (row["service"], row["year"], row["status"]) == (service, years[0], "DECIDED"):
                undone.add(row["scenario"])
                # restore who proposed it and when; if that was not kept, who made it a proposal again
                proposed = {"decided_by": row["proposed_by"], "decided_on": row["proposed_on"]}
                whole.append(row | {"status": "PROPOSED"} | (proposed if all(proposed.values()) else who_and_when))
            else:
                whole.append(row)
        applied = land(settings, PRICE_DECISION, whole, reason=f"Vedtak {name}: {service} {years[0]}", by=function)
    notes = [Note(f"{other!r} was the decision before and is a proposal again.") for other in sorted(undone)]
    follow = f"Invoices follow the register price_rule: add these prices there too, from {years[0]}-01-01."
    return Result(lines=[*applied, *notes, *present.decided(chosen, years[0], words)], notes=[follow])


def _decisions(settings: Settings) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = registers.latest(open_landing(settings), PRICE_DECISION).to_pylist()
    return rows


def _was_decided(rows: Sequence[Mapping[str, Any]]) -> str:
    return f"was decided by {rows[0]['decided_by']} on {rows[0]['decided_on']}"
