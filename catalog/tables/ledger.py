"""The product ledgers: every krone with its source, and the month's account of each product."""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, DatasetContract, View
from catalog.domain.allocation import KEYS
from catalog.domain.calendar import QUARTER
from catalog.domain.products import OWN_SERVICES
from catalog.tables.streams import COST_CATEGORIES
from catalog.text import en, nb

ACCOUNTS = ("INCOME", "JOINING_FEE_EXCESS", "COST", "ALLOCATED_COST", "LOAN", "PROJECT")
REPAID_BY_FEE = "REPAID_BY_FEE"
"""The category of a repayment that names a joining fee, reversed because the fee has already repaid it."""
LEDGER_STREAMS = ("invoice_line", "cost_entry", "loan_entry")
"""The streams that amounts come from."""
BY_CLOSING = "period"
"""The source of rows that keep a closed month unchanged."""
_OWNER = "team:okonomi"
WEIGHT = pa.decimal128(28, 4)
"""An allocation weight, wide enough for a nation's income in øre."""
UNMAPPED_REASONS = ("NO_CATEGORY", "NO_KEY", "UNKNOWN_KEY", "NO_WEIGHTS", "EXTERNAL_SERVICE")
FEE_GAP_REASONS = ("FEE_ABOVE_REPAYMENT", "FEE_BELOW_REPAYMENT", "NO_FEE_LINE", "NO_INVOICE", "NO_REPAYMENT")
OUTSIDE = "(coalesce(cost_category = 'UTVIKLING', false) and project is not null)"
"""The condition for a cost outside result and cost base: development in a project."""
_SHARED_LEFT = nb(
    "Uten mva. Fordelt felleskostnad er med. Felleskostnad som ingen har sagt hvordan skal fordeles, eller som det "
    "ikke var noe å fordele etter, er ikke med: den står i ledger.unmapped_cost."
) | en(
    "Without VAT. Allocated shared cost is in it. Shared cost that nobody says how to allocate, or that there was "
    "nothing to allocate by, is not: ledger.unmapped_cost lists it."
)

_PROJECT = c.text("project", "Prosjekt", "Project", null=True).explained(
    "Prosjektet i ledger.project_month som beløpet er regnet med i; tom for det som står utenfor prosjektene.",
    "The project of ledger.project_month that the amount is counted in; null for what stands outside projects.",
)

PLACED_COST = DatasetContract(
    schema="conformed",
    table="placed_cost",
    title=nb("Plasserte kostnader") | en("Placed costs"),
    about=nb(
        "Én rad per kostnadsbilag, med tjeneste, type og nøkkel. Det bilaget sier selv, gjelder, kolonne for kolonne; "
        "det som mangler, kommer fra raden i registeret cost_mapping for konto og kostnadssted, ellers fra raden for "
        "kontoen uten kostnadssted, slik registeret gjelder for bilagets periode."
    )
    | en(
        "One row per cost entry, with service, category and key. What the entry says itself holds, column by column; "
        "what it lacks comes from the row of the register cost_mapping for its account and cost centre, else from the "
        "row for the account without a cost centre, as the register holds for the entry's period."
    ),
    owner=_OWNER,
    audience=Audience.INTERNAL,
    sources=("cost_entry", "cost_mapping"),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("entry_id", "Bilag", "Entry", key=True),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.text("account", "Konto i regnskapet", "Account", null=True),
        c.text("cost_center", "Kostnadssted", "Cost centre", null=True),
        c.SERVICE.but(null=True).explained("Tom når kostnaden er felles.", "Null where the cost is shared."),
        c.text("project", "Prosjekt", "Project", null=True),
        c.text("cost_category", "Kostnadstype", "Category of cost", null=True),
        c.text("allocation_key", "Fordelingsnøkkel", "Allocation key", null=True).explained(
            "Store bokstaver. Felles brukerstøtte uten nøkkel fordeles etter HENVENDELSER.",
            "Upper case. Shared support without a key is allocated by HENVENDELSER (requests for support).",
        ),
        c.text("varies_with", "Varierer med", "Varies with", null=True),
        c.text("placed_by", "Plassert av", "Placed by").explained(
            "ENTRY (bare det bilaget sier selv), MAPPING (noe kom fra registeret cost_mapping) eller NOBODY "
            "(verken tjeneste, type eller nøkkel er kjent).",
            "ENTRY (only what it says itself), MAPPING (some of it came from the register cost_mapping) or NOBODY "
            "(neither service, category nor key is known).",
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.timestamp("first_received_at", "Først mottatt", "First received at"),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("placed_by", ("ENTRY", "MAPPING", "NOBODY")),),
)

_CELL = (
    "case when service is not null then case account when 'INCOME' then 'income_ore' "
    "when 'JOINING_FEE_EXCESS' then 'income_ore' "
    "when 'ALLOCATED_COST' then 'allocated_ore' when 'COST' then 'cost_' || case when category is null "
    "or category = 'UTVIKLING' then 'drift' else lower(category) end || '_ore' end end"
)
"""As `cell_column`, in SQL over an entry."""

SUMMED = "samlet/"
"""Key prefix of an entry that sums per-person lines at a sensitive service."""
ENTRY = DatasetContract(
    schema="ledger",
    table="entry",
    title=nb("Posteringer") | en("Ledger entries"),
    about=nb(
        "Én rad per beløp med kilde: fakturalinje, kostnadsbilag, lånebilag. Linjer per person ved følsomme tjenester "
        "er summert per priselement, periode og mottak. Fordeling er par som summerer til null. Kilden period er rader "
        "som holder en lukket måned i ro: de tar ut av den det som er endret siden, og fører det i første åpne "
        "måned; de summerer til null per opprinnelig periode, tjeneste, prosjekt, art og type."
    )
    | en(
        "One row per amount with its source: invoice line, cost entry, loan entry. Lines by the person at sensitive "
        "services are summed by price element, period and receipt. "
        "Allocations are pairs that sum to zero. The source period is rows that hold a closed month still: they take "
        "out of it what changed since, and book it in the first open month; they sum to zero per original period, "
        "service, project, account and category."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry", "period", "closed_amount"),
    views=(
        View(
            "entry_trace",
            nb("Posteringer med spor: fra en krone til bilaget og til cellen i produktregnskapet")
            | en("Entries with their trace: from a krone to its record, and to its cell of the product ledger"),
            "true",
            more=(
                (
                    c.text("entry", "Postering", "Entry").explained(
                        "Det `dif trace ledger` tar.", "What `dif trace ledger` takes."
                    ),
                    "source_stream || '/' || source_key",
                ),
                (
                    c.text(
                        "cell", "Kolonne i ledger.product_month", "Column of ledger.product_month", null=True
                    ).explained(
                        "Summen av posteringene er cellen; tom når posteringen står utenfor.",
                        "The entries sum to the cell; null where the entry stands outside.",
                    ),
                    _CELL,
                ),
            ),
        ),
    ),
    partitioned=True,
    columns=(
        c.MONTH.explained("Den samme som perioden.", "The same as the period."),
        c.text("source_stream", "Kildestrøm", "Source stream", key=True),
        c.PRODUCER.but(key=True),
        c.text("source_key", "Nøkkel i kilden", "Key in the source", key=True),
        c.ORGANISATION_NUMBER.but(null=True),
        c.SERVICE.but(null=True, key=True).explained(
            "Tom så lenge kostnaden er felles.", "Null while the cost is shared."
        ),
        _PROJECT,
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")).explained(
            "Måneden beløpet er ført i.", "The month that the amount is booked in."
        ),
        c.MONTH.but(name="original_period", title=nb("Opprinnelig periode") | en("Original period")).explained(
            "Måneden beløpet gjelder; den er tidligere enn perioden når måneden var lukket da beløpet kom.",
            "The month that the amount is of; earlier than the period when that was closed as the amount came.",
        ),
        c.text("account", "Art", "Account", key=True).explained(
            "INCOME, JOINING_FEE_EXCESS (tilkoblingspris ut over lånet; også inntekt), COST, ALLOCATED_COST, LOAN "
            "(trukket minus betalt og avskrevet; summen er saldoen) eller PROJECT.",
            "INCOME, JOINING_FEE_EXCESS (joining fees beyond the loan; income too), COST, ALLOCATED_COST, LOAN "
            "(drawn less repaid and written off; the sum is the balance) or PROJECT.",
        ),
        c.text("category", "Type", "Category", null=True, key=True).explained(
            "Kostnadstype, priselement eller lånebevegelse. Tilkoblingsprisen betaler ned fra fakturaen av; "
            "REPAID_BY_FEE tar ut av nedbetalingen det prisen alt har betalt.",
            "Cost category, price element or kind of loan entry. A joining fee repays from its invoice on; "
            "REPAID_BY_FEE takes out of the repayment what the fee has repaid already.",
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("source_stream", (*LEDGER_STREAMS, BY_CLOSING)),
        r.one_of("account", ACCOUNTS),
        r.one_of("service", OWN_SERVICES),
        r.first_of_month("period"),
        r.first_of_month("original_period"),
        r.not_after("original_period", "period"),
    ),
)

PERIOD = DatasetContract(
    schema="ledger",
    table="period",
    title=nb("Perioder") | en("Periods"),
    about=nb("Én rad per kvartal med en postering, og per kvartal som er lukket eller gjenåpnet.")
    | en("One row per quarter with an entry, and per quarter that was closed or reopened."),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry", "period", "closed_amount"),
    columns=(
        c.text("quarter", "Kvartal", "Quarter", key=True),
        c.text("status", "Status", "Status").explained(
            "OPEN, CLOSED eller REOPENED (lukket før, åpent nå).", "OPEN, CLOSED or REOPENED (open again)."
        ),
        c.text("closed_by", "Lukket eller gjenåpnet av (funksjon)", "Closed or reopened by (function)", null=True),
        c.timestamp("changed_at", "Lukket eller gjenåpnet", "Closed or reopened at", null=True),
        c.text("release", "Utgave", "Release", null=True).explained(
            "Utgaven som tallene ble lukket i.", "The release that the figures were closed in."
        ),
        c.count("later_entries", "Ført i en senere periode", "Booked in a later period", "posteringer").explained(
            "Posteringer som gjelder kvartalet, og som kom eller ble endret etter at det var lukket.",
            "Entries of the quarter that came, or were changed, after it was closed.",
        ),
        c.amount("later_ore", "Senere virkning på resultatet", "Later effect on the result").explained(
            "Uten mva. Inntekt − kostnad − fordelt av det som er ført senere; lån og prosjekt er ikke med.",
            "Without VAT. Income − cost − allocated of what is booked later; loans and projects are left out.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.matches("quarter", QUARTER),
        r.one_of("status", ("OPEN", "CLOSED", "REOPENED")),
        r.at_least("later_entries", 0),
    ),
)

ALLOCATION = DatasetContract(
    schema="ledger",
    table="allocation",
    title=nb("Fordeling av felleskostnad") | en("Allocation of shared cost"),
    about=nb(
        "Én rad per felles kostnadsbilag med nøkkel, og tjeneste med vekt etter nøkkelen i bilagets måned. Øre som "
        "blir til overs, går til de største restene, så delene summerer til bilaget. Produkter fra andre bærer ingen "
        "kostnad. Tall som er skjult i en følsom tjeneste, veier null, ellers ville fordelingen røpet dem; når et tall "
        "vises, veier det med."
    )
    | en(
        "One row per shared cost entry with a key, and service with a weight by the key in the entry's month. Øre left "
        "over go to the largest remainders, so that the parts sum to the entry. Products of others carry no cost. "
        "Figures that are hidden at a sensitive service weigh nothing, or the allocation would give them away; once a "
        "figure is shown, it weighs."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("cost_entry", "cost_mapping", "invoice_line", "measurement", "dispatch", "adoption"),
    columns=(
        c.text("entry_id", "Bilag", "Entry", key=True).explained(
            "Bilaget som fordeles: source_key i ledger.entry.",
            "The entry that is allocated: source_key in ledger.entry.",
        ),
        c.PRODUCER.but(key=True),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.SERVICE.but(key=True).explained("Den som bærer delen.", "Who carries the part."),
        c.text("key", "Fordelingsnøkkel", "Allocation key").explained(
            "Månedens tall for hele landet for et mål (HENVENDELSER, OPPSLAG, …) eller FORSENDELSER; AKTIVE: "
            "kommuner i bruk (uptake.status_month); INNTEKT: månedens inntekt, negativ teller null; LIKT: like mye "
            "på hver tjeneste med inntekt eller egen kostnad i måneden.",
            "The month's figure for the country of a measure (HENVENDELSER, OPPSLAG, …) or FORSENDELSER "
            "(dispatches); AKTIVE: active municipalities (uptake.status_month); INNTEKT: the month's income, "
            "negative counts as none; LIKT: the same to each service with income or cost of its own in the month.",
        ),
        c.decimal("weight", "Vekt", "Weight", "etter nøkkelen", 28, 4, additivity=Additivity.NONE).explained(
            "Tjenestens tall etter nøkkelen. INNTEKT er i øre.", "The service's figure by the key. INNTEKT is in øre."
        ),
        c.decimal(
            "total_weight", "Samlet vekt", "Total weight", "etter nøkkelen", 28, 4, additivity=Additivity.NONE
        ).explained("Summen over tjenestene.", "The sum over the services."),
        c.share("share", "Andel", "Share").explained(
            "Vekt av samlet vekt, avrundet, til å lese; beløpet er regnet av hele tall.",
            "Weight over total weight, rounded, for reading; the amount is worked out from whole numbers.",
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("key", KEYS),
        r.first_of_month("period"),
        r.Rule(
            "weight_within_total",
            "weight > 0 and weight <= total_weight",
            ("weight", "total_weight"),
            nb("Vekten er over null og høyst den samlede.") | en("The weight is above zero and at most the total."),
        ),
        r.between("share", 0, 1),
    ),
)

UNMAPPED_COST = DatasetContract(
    schema="ledger",
    table="unmapped_cost",
    title=nb("Kostnad som ikke er plassert") | en("Unallocated cost"),
    about=nb(
        "Én rad per kostnadsbilag og grunn: det økonomen retter i registeret cost_mapping eller hos produsenten. "
        "Summer per konto og kostnadssted for å se hva én rad i registeret retter. Alle beløpene er i ledger.entry."
    )
    | en(
        "One row per cost entry and reason: what the economist mends in the register cost_mapping or at the producer. "
        "Sum by account and cost centre to see what one row of the register mends. All amounts are in ledger.entry."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("cost_entry", "cost_mapping", "invoice_line", "measurement", "dispatch", "adoption"),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("entry_id", "Bilag", "Entry", key=True),
        c.text("reason", "Grunn", "Reason", key=True).explained(
            "NO_CATEGORY: typen er ukjent, regnes som DRIFT til noen sier noe annet. NO_KEY: felles, og ingen sier "
            "hvordan den fordeles. UNKNOWN_KEY: nøkkelen finnes ikke. NO_WEIGHTS: ingenting å fordele etter den "
            "måneden. EXTERNAL_SERVICE: bilaget nevner et produkt fra andre. De fire siste blir stående felles.",
            "NO_CATEGORY: the category is unknown, counted as DRIFT until somebody says otherwise. NO_KEY: shared, "
            "and nobody says how to allocate it. UNKNOWN_KEY: there is no such key. NO_WEIGHTS: nothing to "
            "allocate by in that month. EXTERNAL_SERVICE: the entry names a product from others. The last four stay "
            "shared.",
        ),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.text("account", "Konto i regnskapet", "Account", null=True),
        c.text("cost_center", "Kostnadssted", "Cost centre", null=True),
        c.SERVICE.but(null=True).explained("Tom når kostnaden er felles.", "Null where the cost is shared."),
        c.text("cost_category", "Kostnadstype", "Category of cost", null=True),
        c.text("allocation_key", "Fordelingsnøkkel", "Allocation key", null=True),
        c.amount("amount_ore", "Beløp", "Amount").explained(
            "Uten mva. Et bilag med to grunner står to ganger: summer per grunn.",
            "Without VAT. An entry with two reasons is there twice: sum by reason.",
        ),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("reason", UNMAPPED_REASONS), r.first_of_month("period")),
)

JOINING_FEE_GAP = DatasetContract(
    schema="ledger",
    table="joining_fee_gap",
    title=nb("Tilkoblingspriser som ikke stemmer med lånet") | en("Joining fees that do not match the loan"),
    about=nb(
        "Én rad per faktura der tilkoblingsprisene er noe annet enn summen av nedbetalingene som nevner den. En "
        "kreditnota regnes sammen med fakturaen den retter. Tilkoblingsprisen for en tjeneste med lån er aldri "
        "inntekt, heller ikke før nedbetalingen er ført: det den er større enn nedbetalingen, er verken inntekt eller "
        "betalt tilbake før nedbetalingen føres eller noen retter fakturaen eller lånet."
    )
    | en(
        "One row per invoice whose joining fees are not the sum of the repayments that name it. A credit note counts "
        "with the invoice that it corrects. The joining fee of a service with a loan is never income, not before the "
        "repayment is booked either: what it is larger than the repayment is neither income nor repaid until the "
        "repayment is booked, or somebody mends the invoice or the loan."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "loan_entry"),
    columns=(
        c.text("invoice_id", "Faktura", "Invoice", key=True),
        c.text("reason", "Grunn", "Reason").explained(
            "FEE_ABOVE_REPAYMENT: tilkoblingsprisen er større enn nedbetalingen. FEE_BELOW_REPAYMENT: den er "
            "mindre. NO_FEE_LINE: fakturaen har ingen tilkoblingspris. NO_INVOICE: fakturaen er ikke kommet. "
            "NO_REPAYMENT: ingen nedbetaling nevner fakturaen.",
            "FEE_ABOVE_REPAYMENT: the fee is larger than the repayment. FEE_BELOW_REPAYMENT: it is smaller. "
            "NO_FEE_LINE: the invoice has no joining fee. NO_INVOICE: the invoice has not come. "
            "NO_REPAYMENT: no repayment names the invoice.",
        ),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")).explained(
            "Måneden tilkoblingsprisen gjelder, ellers måneden nedbetalingen er ført.",
            "The month that the fee is of, else the month in which the repayment was booked.",
        ),
        c.ORGANISATION_NUMBER.but(null=True).explained("Tom når det er flere.", "Null where there are several."),
        c.SERVICE.but(null=True).explained("Tom når det er flere.", "Null where there are several."),
        c.text("project", "Prosjekt", "Project", null=True).explained(
            "Det nedbetalingen nevner; tom når det er flere, eller ingen nedbetaling.",
            "The one that the repayment names; null where there are several, or no repayment.",
        ),
        c.amount("fee_ore", "Tilkoblingspriser på fakturaen", "Joining fees of the invoice"),
        c.amount("repaid_ore", "Nedbetalinger som nevner fakturaen", "Repayments that name the invoice"),
        c.amount("difference_ore", "Forskjell", "Difference").explained(
            "Uten mva. Tilkoblingspriser − nedbetalinger.", "Without VAT. Joining fees − repayments."
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("reason", FEE_GAP_REASONS),
        r.one_of("service", OWN_SERVICES),
        r.first_of_month("period"),
        r.Rule(
            "difference_ties",
            "fee_ore - repaid_ore = difference_ore and difference_ore <> 0",
            ("fee_ore", "repaid_ore", "difference_ore"),
            nb("Tilkoblingspriser − nedbetalinger er ikke forskjellen.")
            | en("Joining fees − repayments is not the difference."),
        ),
    ),
)

_KINDS_OF_COST = {
    k: c.amount("", "", "").about
    if k != "DRIFT"
    else nb("Uten mva. Utvikling uten prosjekt er med, og kostnad uten type.")
    | en("Without VAT. Development without a project is in it, and cost without a category.")
    for k in COST_CATEGORIES
    if k != "UTVIKLING"
}
"""The kinds of cost in a product's account, each with its column text; development counts as operation there."""

PRODUCT_MONTH = DatasetContract(
    schema="ledger",
    table="product_month",
    title=nb("Produktregnskap per måned") | en("Product ledger per month"),
    about=nb(
        "Én rad per tjeneste og måned med inntekt, kostnad eller budsjett. "
        "Utvikling i prosjekt og tilkoblingspris for en tjeneste med lån står utenfor; "
        "utvikling uten prosjekt er med, i resultat og budsjett."
    )
    | en(
        "One row per service and month with income, cost or budget. "
        "Project development and joining fees of services with a loan stand outside; development without a project is "
        "in, in result and budget."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=(
        "invoice_line",
        "cost_entry",
        "loan_entry",
        "cost_mapping",
        "budget",
        "measurement",
        "dispatch",
        "adoption",
    ),
    columns=(
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.amount("income_ore", "Inntekt", "Income"),
        *(
            c.amount(f"cost_{k.lower()}_ore", f"Kostnad, {k.lower()}", f"Cost, {k.lower()}", about=about)
            for k, about in _KINDS_OF_COST.items()
        ),
        c.amount("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost").explained(
            "Uten mva. Tjenestens deler i ledger.allocation, av alle kostnadstyper.",
            "Without VAT. The service's parts in ledger.allocation, of all categories of cost.",
        ),
        c.amount("result_ore", "Resultat", "Result", about=_SHARED_LEFT),
        c.amount("budget_ore", "Budsjettert resultat", "Budgeted result", null=True).explained(
            "Uten mva. Budsjettert inntekt minus budsjettert kostnad av alle typer, utvikling også.",
            "Without VAT. Budgeted income less budgeted cost of all categories, development too.",
        ),
        c.amount("budget_income_ore", "Budsjettert inntekt", "Budgeted income", null=True),
        c.percent("self_cost_percent", "Selvkostgrad", "Self-cost coverage", null=True).explained(
            "SSBs mål: (inntekt − avsatt til fond + bruk av fond) i prosent av kostnadsgrunnlaget, som er månedens "
            "kostnad med fordelt felleskostnad. Ingen strøm sier noe om fond, så begge er regnet som null, og "
            "akkumulert resultat er ikke med: dekning med saldo står i ledger.price_calculation. "
            "Årspriser gir skjeve måneder. Mangler der grunnlaget ikke er over null.",
            "As SSB defines it: (income − set aside to fund + use of fund) in per cent of the cost base, which is "
            "the month's cost with allocated shared cost. No stream tells of a fund, so both are taken as zero, "
            "and the balance carried is left out: ledger.price_calculation has the cover with it. "
            "Yearly prices skew single months. Missing where the base is not above zero.",
        ),
        c.amount("balance_carried_ore", "Akkumulert resultat", "Balance carried", additivity=Additivity.LAST).explained(
            f"Summen av resultatene til og med måneden, over alle år. {_SHARED_LEFT.nb}",
            f"The sum of the results up to and with the month, over all years. {_SHARED_LEFT.en}",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.first_of_month("month"),
        r.Rule(
            "result_ties",
            "income_ore - cost_brukerstotte_ore - cost_drift_ore - cost_forvaltning_ore - cost_administrasjon_ore "
            "- allocated_ore = result_ore",
            ("result_ore",),
            nb("Inntekt − kostnad − fordelt er ikke resultatet.") | en("Income − cost − allocated is not the result."),
        ),
    ),
)


def cell_column(account: str, category: str | None) -> str | None:
    """The column of `ledger.product_month` that sums an entry with a service; None when no column does."""
    if account in ("INCOME", "JOINING_FEE_EXCESS"):
        return "income_ore"
    if account == "ALLOCATED_COST":
        return "allocated_ore"
    if account != "COST":
        return None
    # as in product_month.sql: development outside a project, and cost without a category, is operation
    return f"cost_{'drift' if category in (None, 'UTVIKLING') else category.lower()}_ore"


DATASETS = (ENTRY, PRODUCT_MONTH, ALLOCATION, UNMAPPED_COST, JOINING_FEE_GAP, PERIOD)
