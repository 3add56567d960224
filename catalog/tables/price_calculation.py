"""What a service must cost next year: cost base, expected use and self-cost price, as contracts.

The rule is a pure function, in `catalog.domain.self_cost`.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.products import OWN_SERVICES, PRICE_ELEMENTS
from catalog.domain.self_cost import (
    ALLOCATED,
    CATEGORIES,
    COST_SOURCES,
    LEVELS,
    STATES,
)
from catalog.text import en, nb

_OWNER = "team:okonomi"
_PRICE = pa.decimal128(38, 6)
"""Wide: a cost divided by next to nothing is a large number, and no reason to stop a release."""
_PERCENT = pa.decimal128(38, 2)
_UNITS = pa.decimal128(38, 4)
_NONE = Additivity.NONE

_SERVICE_SOURCES = ("cost_entry", "invoice_line", "loan_entry", "price_rule", "price_decision")

_CATEGORY = Column(
    "category",
    pa.string(),
    nb("Kostnadstype") | en("Category of cost"),
    nb("Som i ledger.product_month; FORDELT er fordelt felleskostnad.")
    | en("As in ledger.product_month; FORDELT is allocated shared cost."),
    key=True,
)

_WINDOW = (
    c.MONTH.but(name="first_month", title=nb("Fra måned") | en("From month")),
    c.MONTH.but(
        name="last_month",
        title=nb("Til måned") | en("To month"),
        about=nb("Siste måned i det siste hele kvartalet som har vært over i minst en hel måned.")
        | en("The last month of the last whole quarter that has been over for a whole month at least."),
    ),
    Column(
        "months",
        pa.int32(),
        nb("Måneder") | en("Months"),
        nb("Færre enn tolv når tjenesten er ny; da regnes beløpet om til tolv.")
        | en("Fewer than twelve where the service is new; the amount is then reckoned to twelve."),
        unit="måneder",
        additivity=_NONE,
    ),
)

PRICE_COST = DatasetContract(
    schema="ledger",
    table="price_cost",
    title=nb("Kostnadsgrunnlag for pris") | en("Cost base of prices"),
    about=nb(
        "Én rad per tjeneste, kostnadstype, konto og det kostnaden varierer med: de siste fire hele kvartalene. Summen "
        "per type er den i ledger.product_month."
    )
    | en(
        "One row per service, category, account and what the cost varies with: the last four whole quarters. The sum "
        "of a category is that of ledger.product_month."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("cost_entry",),
    columns=(
        c.SERVICE.but(key=True),
        _CATEGORY,
        Column(
            "source",
            pa.string(),
            nb("Kilde") | en("Source"),
            nb("ACCOUNT (konto), ALLOCATED (fordelt) eller LEDGER (ført i en annen periode enn kostnaden gjelder).")
            | en("ACCOUNT, ALLOCATED, or LEDGER (booked in another period than the cost is of)."),
            key=True,
        ),
        Column("account", pa.string(), nb("Konto i regnskapet") | en("Account"), key=True, null=True),
        Column(
            "varies_with",
            pa.string(),
            nb("Varierer med") | en("Varies with"),
            nb("Et mål; tom: fast.") | en("A measure; null: fixed."),
            key=True,
            null=True,
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        *_WINDOW,
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", OWN_SERVICES), r.one_of("category", CATEGORIES), r.one_of("source", COST_SOURCES)),
)


def _use(name: str, nb_title: str, en_title: str) -> Column:
    return Column(name, _UNITS, nb(nb_title) | en(en_title), unit="etter driver", additivity=_NONE)


PRICE_USE = DatasetContract(
    schema="ledger",
    table="price_use",
    title=nb("Ventet bruk for pris") | en("Expected use of prices"),
    about=nb(
        "Én rad per tjeneste og det prisene telles etter: siste kjente år, og framskrivingens neste tolv måneder. "
        "Tolv måneder har hver kalendermåned én gang, så sesong gir ingen skjevhet; for kommuner er det snittet av "
        "årets måneder. Årets lave og høye er summen av månedenes, altså videre enn årets egen usikkerhet. Uten "
        "framskriving er alle tre som nå."
    )
    | en(
        "One row per service and what its prices are counted by: the last known year, and the forecast's next twelve "
        "months. Twelve months have each calendar month once, so that season does not skew; of municipalities it is "
        "the mean of the year's months. Low and high of the year are the sums of the months', so wider than the year's "
        "own uncertainty. Without a forecast all three are as now."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("dispatch", "measurement", "adoption"),
    columns=(
        c.SERVICE.but(key=True),
        Column(
            "driver",
            pa.string(),
            nb("Telles etter") | en("Counted by"),
            nb("kommuner (aktive), eller et mål.") | en("kommuner (active municipalities), or a measure."),
            key=True,
        ),
        _use("now", "Nå", "Now").but(
            about=nb(
                "Kommuner: siste kjente måned. Mål: de tolv månedene til og med siste kjente; et mål som er yngre, er "
                "regnet om til tolv fra sin første måned. Måneder uten tall er ikke fylt ut: se months_missing."
            )
            | en(
                "Municipalities: the last known month. Measures: the twelve months to the last known; a younger one is "
                "reckoned to twelve from its first month. Months without a figure are not filled: months_missing."
            ),
        ),
        _use("low", "Lavt", "Low"),
        _use("expected", "Ventet", "Expected"),
        _use("high", "Høyt", "High"),
        Column("method", pa.string(), nb("Metode") | en("Method"), null=True),
        Column(
            "backtest_error",
            c.SHARE,
            nb("Feil i etterprøving") | en("Back-tested error"),
            nb("I måneder som ikke var med på å velge metode, så langt fram som det er prøvd.")
            | en("In months that took no part in choosing the method, as far ahead as was tried."),
            null=True,
            unit="andel",
            additivity=_NONE,
        ),
        c.MONTH.but(name="last_known_month", title=nb("Siste kjente måned") | en("Last known month")),
        Column(
            "months_missing",
            pa.int32(),
            nb("Måneder uten tall") | en("Months without a figure"),
            nb("Av månedene som er regnet med: ingen har meldt tall, eller de er skjult. Tom for kommuner.")
            | en("Of the months that are counted: nobody reported, or the figure is hidden. Null for municipalities."),
            null=True,
            unit="måneder",
            additivity=_NONE,
        ),
        Column(
            "compared_share",
            c.SHARE,
            nb("Andel av ventet bruk som kan sammenliknes") | en("Part of expected use that can be compared"),
            nb("1 uten hull. Ellers faller resten i kalendermåneder uten tall nå: veksten regnes uten dem.")
            | en(
                "1 without gaps. Else the rest falls in calendar months without a figure now: growth leaves them out."
            ),
            unit="andel",
            additivity=_NONE,
        ),
        Column(
            "months_foreseen",
            pa.int32(),
            nb("Av årets måneder framskrevet") | en("Of the year's months foreseen"),
            nb("Så mange av neste års måneder når framskrivingen fram til.")
            | en("So many of next year's months the forecast reaches."),
            unit="måneder",
            additivity=_NONE,
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.Rule(
            "expected_lies_between",
            "low <= expected and expected <= high",
            LEVELS,
            nb("Lavt ≤ ventet ≤ høyt.") | en("Low ≤ expected ≤ high."),
        ),
    ),
)


def _money(name: str, nb_title: str, en_title: str) -> Column:
    return c.amount(name, nb_title, en_title, null=True).but(additivity=_NONE)


def _price(name: str, nb_title: str, en_title: str, nb_about: str = "", en_about: str = "") -> Column:
    about = nb(f"Uten mva. {nb_about}".strip()) | en(f"Without VAT. {en_about}".strip())
    return Column(name, _PRICE, nb(nb_title) | en(en_title), about, null=True, unit="kr", additivity=_NONE)


def _percent(name: str, nb_title: str, en_title: str) -> Column:
    return Column(name, _PERCENT, nb(nb_title) | en(en_title), null=True, unit="prosent", additivity=_NONE)


def _units(name: str, nb_title: str, en_title: str) -> Column:
    return Column(name, _UNITS, nb(nb_title) | en(en_title), null=True, unit="etter unit", additivity=_NONE)


_NO_SELF_COST = nb(
    "Det er ikke selvkostgraden: den regnes uten saldo (self_cost_percent i ledger.product_month)."
) | en("It is not the self-cost coverage, which leaves the balance out (self_cost_percent in ledger.product_month).")

_OF_LEVEL = (("low", "lavt", "low"), ("expected", "ventet", "expected"), ("high", "høyt", "high"))

PRICE_CALCULATION = DatasetContract(
    schema="ledger",
    table="price_calculation",
    title=nb("Priskalkyle") | en("Price calculation"),
    about=nb(
        "Én rad per tjeneste, pris (priselement, kanal, størrelse), år og beregning. BASE er neste år uten "
        "forutsetninger; andre er de som er lagret i registeret price_decision for neste år eller senere. Kostnad og "
        "dekning gjelder hele tjenesten og står likt på alle prisene. Tilkoblingspris er ikke med: den betaler "
        "lån. En tjeneste som ikke kan beregnes, har rader med grunnen i status."
    )
    | en(
        "One row per service, price (element, channel, size), year and scenario. BASE is next year with nothing "
        "supposed; others are those saved in the register price_decision for next year or later. Cost and cover are "
        "the service's, the same on all its prices. Joining fees are left out: they repay loans. A service that cannot "
        "be calculated has rows with the reason in status."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=_SERVICE_SOURCES,
    columns=(
        c.SERVICE.but(key=True),
        Column(
            "price_element",
            pa.string(),
            nb("Priselement") | en("Price element"),
            nb("Tom når tjenesten ikke har noen pris.") | en("Null where the service has no price."),
            key=True,
            null=True,
        ),
        Column(
            "channel", pa.string(), nb("Kanal eller meldingstype") | en("Channel or message type"), key=True, null=True
        ),
        Column(
            "size_low", pa.int64(), nb("Fra innbyggere") | en("From inhabitants"), key=True, null=True,
            unit="innbyggere", additivity=_NONE,
        ),
        Column("year", pa.int32(), nb("År") | en("Year"), key=True, unit="år", additivity=_NONE),
        Column(
            "scenario",
            pa.string(),
            nb("Beregning") | en("Scenario"),
            nb("BASE, eller navnet den er lagret under.") | en("BASE, or the name it was saved under."),
            key=True,
        ),
        Column(
            "size_high", pa.int64(), nb("Til innbyggere") | en("Up to inhabitants"), null=True,
            unit="innbyggere", additivity=_NONE,
        ),
        Column("kind", pa.string(), nb("Prisregel") | en("Kind of price rule"), null=True),
        Column("unit", pa.string(), nb("Enhet") | en("Unit"), null=True),
        Column(
            "status",
            pa.string(),
            nb("Status") | en("Status"),
            nb(
                "CALCULATED, NO_PRICE (ingen pris), NO_COST (ingen kostnad i perioden), NO_USE (ingen enheter) eller "
                "BAD_ASSUMPTIONS (forutsetningene i registeret kan ikke leses)."
            )
            | en(
                "CALCULATED, NO_PRICE, NO_COST (no cost in the window), NO_USE (no units) or BAD_ASSUMPTIONS (what the "
                "register supposes cannot be read)."
            ),
        ),
        *(
            _money(f"cost_{k.lower()}_ore", f"Kostnad, {k.lower()}", f"Cost, {k.lower()}")
            for k in CATEGORIES
            if k != ALLOCATED
        ),
        _money("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost"),
        _money("cost_fixed_ore", "Fast kostnad", "Fixed cost"),
        _money("cost_variable_ore", "Kostnad som varierer med bruk", "Cost that varies with use"),
        _money("cost_base_ore", "Kostnadsgrunnlag", "Cost base").but(
            about=nb("Tolv måneders kostnad ved ventet bruk.") | en("Twelve months' cost at expected use.")
        ),
        Column(
            "cost_sources",
            pa.string(),
            nb("Hva kostnaden består av") | en("What the cost consists of"),
            nb("Konto og beløp; ledger.price_cost har dem som rader.")
            | en("Account and amount; ledger.price_cost has them as rows."),
            null=True,
        ),
        _money("balance_now_ore", "Akkumulert resultat nå", "Balance carried now").but(
            about=nb("Ved utgangen av de siste fire hele kvartalene (last_month i ledger.price_cost).")
            | en("At the end of the last four whole quarters (last_month of ledger.price_cost).")
        ),
        _money("balance_carried_ore", "Ventet akkumulert resultat", "Expected balance carried").but(
            about=nb(
                "Ved utgangen av året før. Hver måned etter de siste fire hele kvartalene er ventet å gi samme "
                "resultat som den samme måneden året før."
            )
            | en(
                "At the end of the year before. Each month after the last four whole quarters is expected to come to "
                "what the same month of the year before did."
            )
        ),
        Column(
            "balance_months_missing",
            pa.int32(),
            nb("Ventede måneder uten regnskap") | en("Expected months without an account"),
            nb("Av månedene som er ventet: året før har ingen rad i ledger.product_month, så de er regnet som null.")
            | en("Of the months expected: the year before has no row in ledger.product_month, so they count as zero."),
            null=True,
            unit="måneder",
            additivity=_NONE,
        ),
        _money("balance_used_ore", "Overskudd som brukes", "Surplus that is used").but(
            about=nb("Trekkes fra kostnaden; negativt: underskudd som dekkes inn.")
            | en("Taken off the cost; negative: a deficit that is covered.")
        ),
        Column("driver", pa.string(), nb("Telles etter") | en("Counted by"), null=True),
        Column(
            "units_source",
            pa.string(),
            nb("Kilde for enhetene") | en("Source of the units"),
            nb("BILLED (fakturert) eller MEASURED (målt, der ingenting er fakturert).")
            | en("BILLED, or MEASURED where nothing was billed."),
            null=True,
        ),
        _units("units_now", "Enheter nå", "Units now").but(
            about=nb("Siste fire hele kvartaler; kunder for årspriser. Målt: som now i ledger.price_use.")
            | en("The last four whole quarters; customers for yearly prices. Measured: now of ledger.price_use.")
        ),
        *(_units(f"units_{k}", f"Enheter, {a}", f"Units, {b}") for k, a, b in _OF_LEVEL),
        Column("forecast_method", pa.string(), nb("Framskrivingens metode") | en("Method of the forecast"), null=True),
        Column(
            "backtest_error", c.SHARE, nb("Feil i etterprøving") | en("Back-tested error"),
            nb("Som i ledger.price_use.") | en("As in ledger.price_use."), null=True, unit="andel", additivity=_NONE,
        ),
        _price("self_cost_price", "Selvkostpris", "Self-cost price"),
        _price("current_price", "Dagens pris", "Today's price"),
        _price(
            "proposed_price", "Foreslått pris", "Proposed price",
            "Selvkostprisen rundet opp til 0,1 øre (under 1 kr), 1 øre (under 10 kr), 1 kr (under 1000 kr) eller "
            "100 kr.",
            "The self-cost price rounded up to 0.001 kr (under 1 kr), 0.01 kr (under 10 kr), 1 kr (under 1000 kr) or "
            "100 kr.",
        ),
        _price(
            "decided_price", "Vedtatt pris", "Decided price",
            "For året: registeret price_decision, ellers prisregelen som gjelder 1. januar.",
            "For the year: the register price_decision, else the price rule in force on 1 January.",
        ),
        _price("gap", "Avvik", "Gap", "Selvkostpris − vedtatt pris.", "Self-cost price − decided price."),
        _percent("gap_percent", "Avvik i prosent", "Gap in per cent"),
        *(
            _money(f"income_{k}_ore", f"Inntekt av prisen, {a} bruk", f"Income of the price, {b} use")
            for k, a, b in _OF_LEVEL
        ),
        *(
            _percent(
                f"cover_with_balance_{k}_percent", f"Dekning med saldo, {a} bruk", f"Cover with balance, {b} use"
            ).but(
                about=nb(f"(Inntekt med foreslått pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}")
                | en(f"(Income at the proposed price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}")
            )
            for k, a, b in _OF_LEVEL
        ),
        _percent(
            "cover_with_balance_today_percent", "Dekning med saldo og dagens pris", "Cover with balance, today's price"
        ).but(
            about=nb(f"(Inntekt med dagens pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}")
            | en(f"(Income at today's price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}")
        ),
        Column("formula", pa.string(), nb("Utregning") | en("Formula"), nb("I ord.") | en("In words."), null=True),
        Column(
            "assumptions",
            pa.string(),
            nb("Forutsetninger") | en("Assumptions"),
            nb("Som JSON.") | en("As JSON."),
            null=True,
        ),
        Column(
            "decision",
            pa.string(),
            nb("Vedtak") | en("Decision"),
            nb("PROPOSED eller DECIDED i registeret price_decision.")
            | en("PROPOSED or DECIDED in the register price_decision."),
            null=True,
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.one_of("status", STATES),
        r.Rule(
            "cost_base_ties",
            "cost_fixed_ore + cost_variable_ore = cost_base_ore",
            ("cost_fixed_ore", "cost_variable_ore", "cost_base_ore"),
            nb("Fast + variabel er ikke kostnadsgrunnlaget.") | en("Fixed + variable is not the cost base."),
        ),
        r.Rule(
            "calculated_has_a_price",
            "(status = 'CALCULATED') = (self_cost_price is not null)",
            ("status", "self_cost_price"),
            nb("Bare det som er beregnet, har selvkostpris.") | en("What is calculated, and that alone, has a price."),
        ),
    ),
)  # fmt: skip

DATASETS: tuple[DatasetContract, ...] = (PRICE_COST, PRICE_USE, PRICE_CALCULATION)
