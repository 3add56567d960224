"""What a service must cost next year: cost base, expected use and self-cost price, as contracts.

The rule is a pure function, in `catalog.domain.self_cost`.
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.products import OWN_SERVICES, PRICE_ELEMENTS
from catalog.domain.self_cost import ALLOCATED, CATEGORIES, COST_SOURCES, LEVELS, STATES
from catalog.tables.streams import COST_TITLES
from catalog.text import en, nb

_OWNER = "team:okonomi"
_DIGITS = 38
"""Wide, because a cost divided by almost no units is a large number, and no reason to stop a release."""
_NONE = Additivity.NONE

_SERVICE_SOURCES = ("cost_entry", "invoice_line", "loan_entry", "price_rule", "price_decision", "self_cost_rule")

_CATEGORY = c.text("category", "Kostnadstype", "Category of cost", key=True).explained(
    "Som i ledger.product_month; FORDELT er fordelt felleskostnad.",
    "As in ledger.product_month; FORDELT is allocated shared cost.",
)

_WINDOW = (
    c.MONTH.but(name="first_month", title=nb("Fra måned") | en("From month")),
    c.MONTH.but(name="last_month", title=nb("Til måned") | en("To month")).explained(
        "Siste måned i det siste hele kvartalet som ble avsluttet for minst en hel måned siden.",
        "The last month of the last full quarter that ended at least a full month ago.",
    ),
    c.int32("months", "Måneder", "Months", "måneder", additivity=_NONE).explained(
        "Færre enn tolv når tjenesten er ny; beløpet regnes da om til tolv.",
        "Fewer than twelve if the service is new; the amount is then scaled to twelve.",
    ),
)

PRICE_COST = DatasetContract(
    schema="ledger",
    table="price_cost",
    title=nb("Kostnadsgrunnlag for pris") | en("Cost base for prices"),
    about=nb(
        "Én rad per tjeneste, kostnadstype, konto og det kostnaden varierer med, for de siste fire hele "
        "kvartalene. Summen per type er den samme som i ledger.product_month."
    )
    | en(
        "One row per service, category, account and what the cost varies with, for the last four full "
        "quarters. The sum per category equals that in ledger.product_month."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("cost_entry",),
    columns=(
        c.SERVICE.but(key=True),
        _CATEGORY,
        c.text("source", "Kilde", "Source", key=True).explained(
            "ACCOUNT (konto), ALLOCATED (fordelt) eller LEDGER (ført i en annen periode enn kostnaden gjelder).",
            "ACCOUNT, ALLOCATED or LEDGER (booked in another period than the cost relates to).",
        ),
        c.text("account", "Konto i regnskapet", "Account", key=True, null=True),
        c.text("varies_with", "Varierer med", "Varies with", key=True, null=True).explained(
            "Et mål; tom når kostnaden er fast.", "A measure; null if the cost is fixed."
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        *_WINDOW,
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", OWN_SERVICES), r.one_of("category", CATEGORIES), r.one_of("source", COST_SOURCES)),
)


PRICE_USE = DatasetContract(
    schema="ledger",
    table="price_use",
    title=nb("Forventet bruk for pris") | en("Expected use for prices"),
    about=nb(
        "Én rad per tjeneste og enhet som prisene telles etter: siste kjente år og de neste tolv "
        "månedene i framskrivingen. Tolv måneder inneholder hver kalendermåned én gang, så sesong gir "
        "ingen skjevhet; for kommuner brukes snittet av månedene. Lavt og høyt for året er summer av "
        "månedene og gir et bredere intervall enn årets egen usikkerhet. Uten framskriving er alle tre "
        "lik tallet nå."
    )
    | en(
        "One row per service and unit of its prices: the last known year and the next twelve months of "
        "the forecast. Twelve months include each calendar month once, so season causes no bias; "
        "municipalities use the mean of the months. Low and high for the year are sums over the months "
        "and give a wider range than the year's own uncertainty. Without a forecast all three equal the "
        "current figure."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("dispatch", "measurement", "adoption"),
    columns=(
        c.SERVICE.but(key=True),
        c.text("driver", "Telles etter", "Counted by", key=True).explained(
            "kommuner (aktive), eller et mål.", "kommuner (active municipalities), or a measure."
        ),
        c.quantity("now", "Nå", "Now", "etter driver", _DIGITS, additivity=_NONE).explained(
            "Kommuner: siste kjente måned. Mål: de tolv månedene til og med siste kjente; yngre mål er "
            "regnet om til tolv måneder. Måneder uten tall er ikke fylt ut: se months_missing. For følsomme tjenester "
            "er tallene endret tilfeldig med noen få enheter av hensyn til personvernet.",
            "Municipalities: the last known month. Measures: the twelve months through the last known; "
            "younger measures are scaled to twelve months. Months without a figure are not filled in: see "
            "months_missing. At sensitive services, numbers are changed at random by a few units to protect privacy.",
        ),
        c.quantity("low", "Lavt", "Low", "etter driver", _DIGITS, additivity=_NONE),
        c.quantity("expected", "Forventet", "Expected", "etter driver", _DIGITS, additivity=_NONE),
        c.quantity("high", "Høyt", "High", "etter driver", _DIGITS, additivity=_NONE),
        c.text("method", "Metode", "Method", null=True),
        c.share("backtest_error", "Feil i etterprøving", "Back-tested error", null=True).explained(
            "Målt i måneder som ikke ble brukt til å velge metode, så langt fram som metoden er prøvd.",
            "Measured in months not used to choose the method, as far ahead as it was tried.",
        ),
        c.MONTH.but(name="last_known_month", title=nb("Siste kjente måned") | en("Last known month")),
        c.int32(
            "months_missing", "Måneder uten tall", "Months without a figure", "måneder", null=True, additivity=_NONE
        ).explained(
            "Antall av månedene ovenfor der ingen har rapportert tall. Tom for kommuner.",
            "Number of the counted months that nobody reported. Null for municipalities.",
        ),
        c.share(
            "compared_share", "Sammenlignbar andel av forventet bruk", "Comparable share of expected use"
        ).explained(
            "1 når ingen måneder mangler. Ellers ligger resten i kalendermåneder uten tall nå, som ikke er "
            "med i veksten.",
            "1 if no months are missing. Otherwise the rest falls in calendar months without a current "
            "figure, which growth leaves out.",
        ),
        c.int32(
            "months_foreseen",
            "Framskrevne måneder",
            "Months forecast",
            "måneder",
            additivity=_NONE,
        ).explained(
            "Antall måneder av neste år som framskrivingen dekker. De andre er ikke anslått. Mål er regnet med samme "
            "endring fra året før som i månedene den dekker, kommuner med snittet av disse eller den siste måneden.",
            "The number of next year's months that the forecast covers. The others are not forecast. Measures are "
            "taken to change from the year before as in the covered months, municipalities to be the mean of these, "
            "or the last month.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.Rule(
            "expected_lies_between",
            "low <= expected and expected <= high",
            LEVELS,
            nb("Rekkefølgen må være lavt ≤ forventet ≤ høyt.") | en("The order must be low ≤ expected ≤ high."),
        ),
    ),
)


def _price(name: str, nb_title: str, en_title: str, nb_about: str = "", en_about: str = "") -> Column:
    about = nb(f"Uten mva. {nb_about}".strip()) | en(f"Excl. VAT. {en_about}".strip())
    return c.price(name, nb_title, en_title, _DIGITS, about=about, null=True)


_NO_SELF_COST = nb(
    "Dette er ikke den finansielle dekningsgraden, som regnes uten saldo (self_cost_percent i ledger.product_month)."
) | en("This is not the financial coverage, which leaves out the balance (self_cost_percent in ledger.product_month).")

_OF_LEVEL = (("low", "lavt", "low"), ("expected", "forventet", "expected"), ("high", "høyt", "high"))

PRICE_CALCULATION = DatasetContract(
    schema="ledger",
    table="price_calculation",
    title=nb("Priskalkyle") | en("Price calculation"),
    about=nb(
        "Én rad per tjeneste, pris (priselement, kanal, størrelse), år og beregning. BASE er neste år "
        "uten forutsetninger; de andre er lagret i registeret price_decision for neste år eller senere. "
        "Kostnad og dekning gjelder hele tjenesten og er like for alle prisene. Tilkoblingspriser er "
        "utelatt fordi de betaler lån. For en tjeneste som ikke kan beregnes, står grunnen i status."
    )
    | en(
        "One row per service, price (element, channel, size), year and scenario. BASE is next year "
        "without assumptions; the others are saved in the register price_decision for next year or "
        "later. Cost and cover apply to the whole service and are the same for all its prices. Joining "
        "fees are left out because they repay loans. If a service cannot be calculated, status gives the "
        "reason."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=_SERVICE_SOURCES,
    columns=(
        c.SERVICE.but(key=True),
        c.text("price_element", "Priselement", "Price element", key=True, null=True).explained(
            "Tom når tjenesten ikke har noen pris.", "Null where the service has no price."
        ),
        c.text("channel", "Kanal eller meldingstype", "Channel or message type", key=True, null=True),
        c.int64("size_low", "Fra innbyggere", "From inhabitants", "innbyggere", key=True, null=True, additivity=_NONE),
        c.int32("year", "År", "Year", "år", key=True, additivity=_NONE),
        c.text("scenario", "Beregning", "Scenario", key=True).explained(
            "BASE, eller navnet beregningen er lagret under.", "BASE, or the name the scenario was saved under."
        ),
        c.int64("size_high", "Til innbyggere", "Up to inhabitants", "innbyggere", null=True, additivity=_NONE),
        c.text("kind", "Prisregel", "Kind of price rule", null=True),
        c.text("unit", "Enhet", "Unit", null=True),
        c.text("status", "Status", "Status").explained(
            "CALCULATED, NO_PRICE (ingen pris), RULE_MISSING (en regel i self_cost_rule som har vært fulgt, mangler "
            "verdi for året), NO_COST (ingen kostnad i perioden), NO_USE (ingen enheter) eller BAD_ASSUMPTIONS "
            "(forutsetningene i registeret kan ikke leses).",
            "CALCULATED, NO_PRICE, RULE_MISSING (a rule of self_cost_rule that has been followed has no value for the "
            "year), NO_COST (no cost in the window), NO_USE (no units) or BAD_ASSUMPTIONS (the assumptions in the "
            "register cannot be read).",
        ),
        *(
            c.amount(f"cost_{k.lower()}_ore", *COST_TITLES[k], null=True, additivity=_NONE)
            for k in CATEGORIES
            if k != ALLOCATED
        ),
        c.amount("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost", null=True, additivity=_NONE),
        c.amount("capital_cost_ore", "Kapitalkostnad", "Capital cost", null=True, additivity=_NONE).explained(
            "Årets kalkulatoriske avskrivninger og rente på anleggsmidler, fra self_cost_rule.",
            "The year's calculated depreciation and interest on fixed assets, from self_cost_rule.",
        ),
        c.amount("price_growth_ore", "Prisvekst", "Price growth", null=True, additivity=_NONE).explained(
            "Det prisdeflatoren i self_cost_rule legger til den bokførte kostnaden; med i hver kostnadstype.",
            "What the price deflator of self_cost_rule adds to the booked cost; included in each category.",
        ),
        c.amount("cost_fixed_ore", "Fast kostnad", "Fixed cost", null=True, additivity=_NONE),
        c.amount(
            "cost_variable_ore",
            "Kostnad som varierer med bruk",
            "Cost that varies with use",
            null=True,
            additivity=_NONE,
        ),
        c.amount("cost_base_ore", "Kostnadsgrunnlag", "Cost base", null=True, additivity=_NONE).explained(
            "Kostnad for tolv måneder ved forventet bruk, med kapitalkostnad og prisvekst.",
            "Twelve months' cost at expected use, with capital cost and price growth.",
        ),
        c.text("cost_sources", "Sammensetning av kostnaden", "Cost breakdown", null=True).explained(
            "Konto og beløp; radene står i ledger.price_cost.",
            "Account and amount; the rows are in ledger.price_cost.",
        ),
        c.amount(
            "balance_now_ore", "Akkumulert resultat nå", "Balance carried now", null=True, additivity=_NONE
        ).explained(
            "Ved utgangen av de siste fire hele kvartalene (last_month i ledger.price_cost).",
            "At the end of the last four full quarters (last_month of ledger.price_cost).",
        ),
        c.amount(
            "balance_carried_ore",
            "Forventet akkumulert resultat",
            "Expected balance carried",
            null=True,
            additivity=_NONE,
        ).explained(
            "Ved utgangen av året før. Hver måned etter de siste fire hele kvartalene forventes å gi samme "
            "resultat som samme måned året før. Kapitalkostnad og rente på saldoen er med der self_cost_rule har dem.",
            "At the end of the previous year. Each month after the last four full quarters is expected to "
            "give the same result as the same month of the year before. Capital cost and interest on the balance are "
            "included where self_cost_rule has them.",
        ),
        c.int32(
            "balance_months_missing",
            "Forventede måneder uten regnskap",
            "Expected months without accounts",
            "måneder",
            null=True,
            additivity=_NONE,
        ).explained(
            "Forventede måneder som mangler rad i ledger.product_month året før, og derfor regnes som null.",
            "Expected months that have no row in ledger.product_month the year before, and so count as zero.",
        ),
        c.amount("balance_used_ore", "Overskudd som brukes", "Surplus used", null=True, additivity=_NONE).explained(
            "Årets del av forventet akkumulert resultat: delt på antall år det gjøres opp over (1–5; 3 der verken "
            "assumptions eller self_cost_rule sier noe annet). Trekkes fra kostnaden; negativt ved underskudd som "
            "dekkes inn.",
            "The year's part of the expected balance carried: divided by the years it is settled over (1–5; 3 unless "
            "assumptions or self_cost_rule says otherwise). Deducted from the cost; negative for a deficit being "
            "recovered.",
        ),
        c.text("driver", "Telles etter", "Counted by", null=True),
        c.text("units_source", "Kilde til enhetene", "Source of the units", null=True).explained(
            "BILLED (fakturert) eller MEASURED (målt, der ingenting er fakturert).",
            "BILLED, or MEASURED where nothing was billed.",
        ),
        c.quantity(
            "units_now", "Enheter nå", "Units now", "etter unit", _DIGITS, null=True, additivity=_NONE
        ).explained(
            "Siste fire hele kvartaler; antall kunder for årspriser. Målt: som now i ledger.price_use.",
            "The last four full quarters; customers for yearly prices. Measured: now in ledger.price_use.",
        ),
        *(
            c.quantity(f"units_{k}", f"Enheter, {a}", f"Units, {b}", "etter unit", _DIGITS, null=True, additivity=_NONE)
            for k, a, b in _OF_LEVEL
        ),
        c.text("forecast_method", "Framskrivingsmetode", "Forecast method", null=True),
        c.share("backtest_error", "Feil i etterprøving", "Back-tested error", null=True).explained(
            "Som i ledger.price_use.", "As in ledger.price_use."
        ),
        _price("self_cost_price", "Selvkostpris", "Self-cost price"),
        _price("current_price", "Dagens pris", "Current price"),
        _price(
            "proposed_price",
            "Foreslått pris",
            "Proposed price",
            "Selvkostprisen rundet opp til 0,1 øre (under 1 kr), 1 øre (under 10 kr), 1 kr (under 1000 kr) eller "
            "100 kr; der dagens pris er finere, til dens trinn.",
            "The self-cost price rounded up to 0.001 kr (under 1 kr), 0.01 kr (under 10 kr), 1 kr (under 1000 kr) or "
            "100 kr; where today's price is finer, to its step.",
        ),
        _price(
            "decided_price",
            "Vedtatt pris",
            "Decided price",
            "For året: registeret price_decision, ellers prisregelen som gjelder 1. januar.",
            "For the year: from the register price_decision, else the price rule in force on 1 January.",
        ),
        _price("gap", "Avvik", "Gap", "Selvkostpris − vedtatt pris.", "Self-cost price − decided price."),
        c.percent("gap_percent", "Avvik i prosent", "Gap in per cent", _DIGITS, null=True),
        *(
            c.amount(
                f"income_{k}_ore",
                f"Inntekt fra prisen, {a} bruk",
                f"Income from the price, {b} use",
                null=True,
                additivity=_NONE,
            )
            for k, a, b in _OF_LEVEL
        ),
        *(
            c.percent(
                f"cover_with_balance_{k}_percent",
                f"Dekning med saldo, {a} bruk",
                f"Cover with balance, {b} use",
                _DIGITS,
                null=True,
            ).explained(
                f"(Inntekt ved foreslått pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}",
                f"(Income at the proposed price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}",
            )
            for k, a, b in _OF_LEVEL
        ),
        c.percent(
            "cover_with_balance_today_percent",
            "Dekning med saldo ved dagens pris",
            "Cover with balance, current price",
            _DIGITS,
            null=True,
        ).explained(
            f"(Inntekt ved dagens pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}",
            f"(Income at the current price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}",
        ),
        c.text("formula", "Utregning", "Formula", null=True).explained("I ord.", "In words."),
        c.text("assumptions", "Forutsetninger", "Assumptions", null=True).explained("Som JSON.", "As JSON."),
        c.text("decision", "Vedtak", "Decision", null=True).explained(
            "PROPOSED eller DECIDED i registeret price_decision.", "PROPOSED or DECIDED in the register price_decision."
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
            nb("Fast + variabel kostnad må være lik kostnadsgrunnlaget.")
            | en("Fixed + variable cost must equal the cost base."),
        ),
        r.Rule(
            "calculated_has_a_price",
            "(status = 'CALCULATED') = (self_cost_price is not null)",
            ("status", "self_cost_price"),
            nb("Rader med status CALCULATED, og bare de, har selvkostpris.")
            | en("Rows with status CALCULATED, and only those, have a self-cost price."),
        ),
    ),
)

DATASETS: tuple[DatasetContract, ...] = (PRICE_COST, PRICE_USE, PRICE_CALCULATION)
