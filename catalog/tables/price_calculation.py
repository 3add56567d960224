"""What a service must cost next year: cost base, expected use and self-cost price, as contracts.

The rule is a pure function, in `catalog.domain.self_cost`.
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.products import OWN_SERVICES, PRICE_ELEMENTS
from catalog.domain.self_cost import ALLOCATED, CATEGORIES, COST_SOURCES, LEVELS, STATES
from catalog.text import en, nb

_OWNER = "team:okonomi"
_DIGITS = 38
"""Wide, because a cost divided by almost no units is a large number, and no reason to stop a release."""
_NONE = Additivity.NONE

_SERVICE_SOURCES = ("cost_entry", "invoice_line", "loan_entry", "price_rule", "price_decision")

_CATEGORY = c.text("category", "Kostnadstype", "Category of cost", key=True).explained(
    "Som i ledger.product_month; FORDELT er fordelt felleskostnad.",
    "As in ledger.product_month; FORDELT is allocated shared cost.",
)

_WINDOW = (
    c.MONTH.but(name="first_month", title=nb("Fra måned") | en("From month")),
    c.MONTH.but(name="last_month", title=nb("Til måned") | en("To month")).explained(
        "Siste måned i det siste hele kvartalet som har vært over i minst en hel måned.",
        "The last month of the last whole quarter that has been over for a whole month at least.",
    ),
    c.int32("months", "Måneder", "Months", "måneder", additivity=_NONE).explained(
        "Færre enn tolv når tjenesten er ny; da regnes beløpet om til tolv.",
        "Fewer than twelve where the service is new; the amount is then reckoned to twelve.",
    ),
)

PRICE_COST = DatasetContract(
    schema="ledger",
    table="price_cost",
    title=nb("Kostnadsgrunnlag for pris") | en("Cost base for prices"),
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
        c.text("source", "Kilde", "Source", key=True).explained(
            "ACCOUNT (konto), ALLOCATED (fordelt) eller LEDGER (ført i en annen periode enn kostnaden gjelder).",
            "ACCOUNT, ALLOCATED, or LEDGER (booked in another period than the cost is of).",
        ),
        c.text("account", "Konto i regnskapet", "Account", key=True, null=True),
        c.text("varies_with", "Varierer med", "Varies with", key=True, null=True).explained(
            "Et mål; tom: fast.", "A measure; null: fixed."
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
    title=nb("Ventet bruk for pris") | en("Expected use for prices"),
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
        c.text("driver", "Telles etter", "Counted by", key=True).explained(
            "kommuner (aktive), eller et mål.", "kommuner (active municipalities), or a measure."
        ),
        c.quantity("now", "Nå", "Now", "etter driver", _DIGITS, additivity=_NONE).explained(
            "Kommuner: siste kjente måned. Mål: de tolv månedene til og med siste kjente; et mål som er yngre, er "
            "regnet om til tolv fra sin første måned. Måneder uten tall er ikke fylt ut: se months_missing.",
            "Municipalities: the last known month. Measures: the twelve months to the last known; a younger one is "
            "reckoned to twelve from its first month. Months without a figure are not filled: months_missing.",
        ),
        c.quantity("low", "Lavt", "Low", "etter driver", _DIGITS, additivity=_NONE),
        c.quantity("expected", "Ventet", "Expected", "etter driver", _DIGITS, additivity=_NONE),
        c.quantity("high", "Høyt", "High", "etter driver", _DIGITS, additivity=_NONE),
        c.text("method", "Metode", "Method", null=True),
        c.share("backtest_error", "Feil i etterprøving", "Back-tested error", null=True).explained(
            "I måneder som ikke var med på å velge metode, så langt fram som det er prøvd.",
            "In months that took no part in choosing the method, as far ahead as was tried.",
        ),
        c.MONTH.but(name="last_known_month", title=nb("Siste kjente måned") | en("Last known month")),
        c.int32(
            "months_missing", "Måneder uten tall", "Months without a figure", "måneder", null=True, additivity=_NONE
        ).explained(
            "Av månedene som er regnet med: ingen har meldt tall, eller de er skjult. Tom for kommuner.",
            "Of the months that are counted: nobody reported, or the figure is hidden. Null for municipalities.",
        ),
        c.share(
            "compared_share", "Andel av ventet bruk som kan sammenlignes", "Comparable share of expected use"
        ).explained(
            "1 uten hull. Ellers faller resten i kalendermåneder uten tall nå: veksten regnes uten dem.",
            "1 without gaps. Else the rest falls in calendar months without a figure now: growth leaves them out.",
        ),
        c.int32(
            "months_foreseen",
            "Av årets måneder framskrevet",
            "Of the year's months foreseen",
            "måneder",
            additivity=_NONE,
        ).explained(
            "Så mange av neste års måneder når framskrivingen fram til.",
            "So many of next year's months the forecast reaches.",
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


def _price(name: str, nb_title: str, en_title: str, nb_about: str = "", en_about: str = "") -> Column:
    about = nb(f"Uten mva. {nb_about}".strip()) | en(f"Without VAT. {en_about}".strip())
    return c.price(name, nb_title, en_title, _DIGITS, about=about, null=True)


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
        c.text("price_element", "Priselement", "Price element", key=True, null=True).explained(
            "Tom når tjenesten ikke har noen pris.", "Null where the service has no price."
        ),
        c.text("channel", "Kanal eller meldingstype", "Channel or message type", key=True, null=True),
        c.int64("size_low", "Fra innbyggere", "From inhabitants", "innbyggere", key=True, null=True, additivity=_NONE),
        c.int32("year", "År", "Year", "år", key=True, additivity=_NONE),
        c.text("scenario", "Beregning", "Scenario", key=True).explained(
            "BASE, eller navnet den er lagret under.", "BASE, or the name it was saved under."
        ),
        c.int64("size_high", "Til innbyggere", "Up to inhabitants", "innbyggere", null=True, additivity=_NONE),
        c.text("kind", "Prisregel", "Kind of price rule", null=True),
        c.text("unit", "Enhet", "Unit", null=True),
        c.text("status", "Status", "Status").explained(
            "CALCULATED, NO_PRICE (ingen pris), NO_COST (ingen kostnad i perioden), NO_USE (ingen enheter) eller "
            "BAD_ASSUMPTIONS (forutsetningene i registeret kan ikke leses).",
            "CALCULATED, NO_PRICE, NO_COST (no cost in the window), NO_USE (no units) or BAD_ASSUMPTIONS (what the "
            "register supposes cannot be read).",
        ),
        *(
            c.amount(
                f"cost_{k.lower()}_ore", f"Kostnad, {k.lower()}", f"Cost, {k.lower()}", null=True, additivity=_NONE
            )
            for k in CATEGORIES
            if k != ALLOCATED
        ),
        c.amount("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost", null=True, additivity=_NONE),
        c.amount("cost_fixed_ore", "Fast kostnad", "Fixed cost", null=True, additivity=_NONE),
        c.amount(
            "cost_variable_ore",
            "Kostnad som varierer med bruk",
            "Cost that varies with use",
            null=True,
            additivity=_NONE,
        ),
        c.amount("cost_base_ore", "Kostnadsgrunnlag", "Cost base", null=True, additivity=_NONE).explained(
            "Tolv måneders kostnad ved ventet bruk.", "Twelve months' cost at expected use."
        ),
        c.text("cost_sources", "Hva kostnaden består av", "What the cost consists of", null=True).explained(
            "Konto og beløp; ledger.price_cost har dem som rader.",
            "Account and amount; ledger.price_cost has them as rows.",
        ),
        c.amount(
            "balance_now_ore", "Akkumulert resultat nå", "Balance carried now", null=True, additivity=_NONE
        ).explained(
            "Ved utgangen av de siste fire hele kvartalene (last_month i ledger.price_cost).",
            "At the end of the last four whole quarters (last_month of ledger.price_cost).",
        ),
        c.amount(
            "balance_carried_ore", "Ventet akkumulert resultat", "Expected balance carried", null=True, additivity=_NONE
        ).explained(
            "Ved utgangen av året før. Hver måned etter de siste fire hele kvartalene er ventet å gi samme "
            "resultat som den samme måneden året før.",
            "At the end of the year before. Each month after the last four whole quarters is expected to come to "
            "what the same month of the year before did.",
        ),
        c.int32(
            "balance_months_missing",
            "Ventede måneder uten regnskap",
            "Expected months without an account",
            "måneder",
            null=True,
            additivity=_NONE,
        ).explained(
            "Av månedene som er ventet: året før har ingen rad i ledger.product_month, så de er regnet som null.",
            "Of the months expected: the year before has no row in ledger.product_month, so they count as zero.",
        ),
        c.amount(
            "balance_used_ore", "Overskudd som brukes", "Surplus that is used", null=True, additivity=_NONE
        ).explained(
            "Trekkes fra kostnaden; negativt: underskudd som dekkes inn.",
            "Taken off the cost; negative: a deficit that is covered.",
        ),
        c.text("driver", "Telles etter", "Counted by", null=True),
        c.text("units_source", "Kilde for enhetene", "Source of the units", null=True).explained(
            "BILLED (fakturert) eller MEASURED (målt, der ingenting er fakturert).",
            "BILLED, or MEASURED where nothing was billed.",
        ),
        c.quantity(
            "units_now", "Enheter nå", "Units now", "etter unit", _DIGITS, null=True, additivity=_NONE
        ).explained(
            "Siste fire hele kvartaler; kunder for årspriser. Målt: som now i ledger.price_use.",
            "The last four whole quarters; customers for yearly prices. Measured: now of ledger.price_use.",
        ),
        *(
            c.quantity(f"units_{k}", f"Enheter, {a}", f"Units, {b}", "etter unit", _DIGITS, null=True, additivity=_NONE)
            for k, a, b in _OF_LEVEL
        ),
        c.text("forecast_method", "Framskrivingens metode", "Method of the forecast", null=True),
        c.share("backtest_error", "Feil i etterprøving", "Back-tested error", null=True).explained(
            "Som i ledger.price_use.", "As in ledger.price_use."
        ),
        _price("self_cost_price", "Selvkostpris", "Self-cost price"),
        _price("current_price", "Dagens pris", "Today's price"),
        _price(
            "proposed_price",
            "Foreslått pris",
            "Proposed price",
            "Selvkostprisen rundet opp til 0,1 øre (under 1 kr), 1 øre (under 10 kr), 1 kr (under 1000 kr) eller "
            "100 kr.",
            "The self-cost price rounded up to 0.001 kr (under 1 kr), 0.01 kr (under 10 kr), 1 kr (under 1000 kr) or "
            "100 kr.",
        ),
        _price(
            "decided_price",
            "Vedtatt pris",
            "Decided price",
            "For året: registeret price_decision, ellers prisregelen som gjelder 1. januar.",
            "For the year: the register price_decision, else the price rule in force on 1 January.",
        ),
        _price("gap", "Avvik", "Gap", "Selvkostpris − vedtatt pris.", "Self-cost price − decided price."),
        c.percent("gap_percent", "Avvik i prosent", "Gap in per cent", _DIGITS, null=True),
        *(
            c.amount(
                f"income_{k}_ore",
                f"Inntekt av prisen, {a} bruk",
                f"Income of the price, {b} use",
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
                f"(Inntekt med foreslått pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}",
                f"(Income at the proposed price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}",
            )
            for k, a, b in _OF_LEVEL
        ),
        c.percent(
            "cover_with_balance_today_percent",
            "Dekning med saldo og dagens pris",
            "Cover with balance, today's price",
            _DIGITS,
            null=True,
        ).explained(
            f"(Inntekt med dagens pris + brukt overskudd) i prosent av kostnaden. {_NO_SELF_COST.nb}",
            f"(Income at today's price + surplus used) in per cent of the cost. {_NO_SELF_COST.en}",
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
            nb("Fast + variabel er ikke kostnadsgrunnlaget.") | en("Fixed + variable is not the cost base."),
        ),
        r.Rule(
            "calculated_has_a_price",
            "(status = 'CALCULATED') = (self_cost_price is not null)",
            ("status", "self_cost_price"),
            nb("Bare det som er beregnet, har selvkostpris.") | en("What is calculated, and that alone, has a price."),
        ),
    ),
)

DATASETS: tuple[DatasetContract, ...] = (PRICE_COST, PRICE_USE, PRICE_CALCULATION)
