"""The product ledgers: every krone with its source, and the month's account of each product."""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, DatasetContract, View
from catalog.domain.allocation import KEYS
from catalog.domain.calendar import QUARTER
from catalog.domain.products import OWN_SERVICES
from catalog.tables.billing import PERSON_PRICED
from catalog.tables.streams import COST_CATEGORIES, COST_TITLES, INVOICE_LINE
from catalog.text import en, nb

JOINING_FEE_RECEIVABLE = "JOINING_FEE_RECEIVABLE"
"""The account of joining fees that are invoiced and whose repayment of the loan is not booked yet."""
LOAN_EXCESS = "LOAN_EXCESS"
"""The account of repayments beyond the loan, until somebody mends the entry or books what was drawn."""
INVOICED_AHEAD = "INVOICED_AHEAD"
"""The account that takes out of a month's income what its invoices have for later months."""
INVOICED_BEFORE = "INVOICED_BEFORE"
"""The account of a month's part of what was invoiced in earlier months."""
INVOICED = ("INCOME", "JOINING_FEE_EXCESS")
"""The accounts that sum to what was invoiced as income."""
EARNED = (*INVOICED, INVOICED_AHEAD, INVOICED_BEFORE)
"""The accounts that sum to the income of a month."""
ACCOUNTS = (
    *(*EARNED, "COST", "ALLOCATED_COST", "LOAN", JOINING_FEE_RECEIVABLE, LOAN_EXCESS),
    "PROJECT",
)
REPAID_BY_FEE = "REPAID_BY_FEE"
"""The category of what settles a fee's receivable: the booked repayment that names its invoice."""
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
    "Uten mva. Fordelt felleskostnad er med. Felleskostnad som mangler fordelingsnøkkel eller "
    "grunnlag for fordeling, er utelatt og står i ledger.unmapped_cost."
) | en(
    "Excl. VAT. Allocated shared cost is included. Shared cost without an allocation key or a "
    "basis for allocation is not; ledger.unmapped_cost lists it."
)

_PROJECT = c.text("project", "Prosjekt", "Project", null=True).explained(
    "Prosjektet i ledger.project_month som beløpet inngår i; tom for beløp utenfor prosjektene.",
    "The project in ledger.project_month that includes the amount; null outside projects.",
)

PLACED_COST = DatasetContract(
    schema="conformed",
    table="placed_cost",
    title=nb("Kostnader med plassering") | en("Costs by service and category"),
    about=nb(
        "Én rad per kostnadsbilag, med tjeneste, type og nøkkel. Opplysningene på bilaget gjelder, "
        "kolonne for kolonne; det som mangler, hentes fra raden i registeret cost_mapping for konto og "
        "kostnadssted, ellers fra raden for kontoen uten kostnadssted, slik registeret gjelder for "
        "bilagets periode."
    )
    | en(
        "One row per cost entry, with service, category and key. What the entry states applies, column "
        "by column; what it lacks comes from the row in the register cost_mapping for its account and "
        "cost centre, or else the row for the account without a cost centre, as valid in the entry's "
        "period."
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
            "ENTRY (bare opplysninger fra bilaget), MAPPING (noe er hentet fra registeret cost_mapping) "
            "eller NOBODY (verken tjeneste, type eller nøkkel er kjent).",
            "ENTRY (only what the entry states), MAPPING (some of it from the register cost_mapping) or "
            "NOBODY (neither service, category nor key is known).",
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.timestamp("first_received_at", "Først mottatt", "First received at"),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("placed_by", ("ENTRY", "MAPPING", "NOBODY")),),
)

_CELL = (
    "case when service is not null then case "
    f"when account in ({', '.join(map(r.quoted, EARNED))}) then 'income_ore' "
    "when account = 'ALLOCATED_COST' then 'allocated_ore' when account = 'COST' then 'cost_' || "
    "case when category is null or category = 'UTVIKLING' then 'drift' else lower(category) end || '_ore' end end"
)
"""As `cell_column`, in SQL over an entry."""

SUMMED = "samlet/"
"""Key prefix of an entry that sums lines of a person-priced element."""
ROUNDED = "avrundet/"
"""Key prefix of an entry that sums such lines of too few payers, rounded."""
BY_US = "dif"
"""The producer of entries that no single record gives."""
WITHDRAWN_LINE = DatasetContract(
    schema="conformed",
    table="withdrawn_invoice_line",
    title=nb("Fakturalinjer som er trukket tilbake") | en("Invoice lines that were withdrawn"),
    about=nb("Én rad per linje i en tilbaketrukket sending, prises den etter bruk av en følsom tjeneste.")
    | en("One row per line of a withdrawn batch, where it is priced by use of a sensitive service."),
    owner=_OWNER,
    audience=Audience.INTERNAL,
    sources=("invoice_line",),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("invoice_id", "Faktura", "Invoice", key=True),
        INVOICE_LINE["line_number"].but(key=True),
        c.SERVICE,
        c.text("price_element", "Priselement", "Price element"),
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer")),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.price("unit_price", "Enhetspris", "Unit price"),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.timestamp("first_received_at", "Først mottatt", "First received at"),
        c.timestamp("withdrawn_at", "Trukket tilbake", "Withdrawn at"),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("price_element", PERSON_PRICED),),
)
LINE_VERSIONS = ("SENT", "WITHDRAWN", "TAKEN_BACK")
PERSON_PRICED_LINE = DatasetContract(
    schema="conformed",
    table="person_priced_line",
    title=nb("Fakturalinjer for bruk av følsomme tjenester") | en("Invoice lines for use of sensitive services"),
    about=nb("Én rad per fakturalinje som prises etter bruk av en følsom tjeneste, med summen den inngår i.")
    | en("One row per invoice line that is priced by use of a sensitive service, with the sum that it is in."),
    owner=_OWNER,
    audience=Audience.INTERNAL,
    sources=("invoice_line",),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("invoice_id", "Faktura", "Invoice", key=True),
        INVOICE_LINE["line_number"].but(key=True),
        c.text("version", "Utgave", "Version", key=True).explained(
            "SENT: gjelder. WITHDRAWN: trukket tilbake, og teller som den gjorde. TAKEN_BACK: minus den, fra da "
            "den ble trukket tilbake.",
            "SENT: in force. WITHDRAWN: withdrawn, and counts as it did. TAKEN_BACK: minus that, from when it was "
            "withdrawn.",
        ),
        c.SERVICE,
        c.text("price_element", "Priselement", "Price element"),
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer")),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.price("unit_price", "Enhetspris", "Unit price"),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.timestamp("first_received_at", "Først mottatt", "First received at"),
        c.text("sum_key", "Summens nøkkel", "Key of the sum", null=True).explained(
            "Nøkkelen i ledger.entry; tom mens linjen venter.", "The key in ledger.entry; null while the line waits."
        ),
        c.MONTH.but(name="sum_period", title=nb("Summens periode") | en("Period of the sum"), null=True).explained(
            "Siste måned summen omfatter; tom mens linjen venter.",
            "The last month that the sum covers; null while the line waits.",
        ),
        c.timestamp("sum_at", "Summen fullført", "Sum completed at", null=True).explained(
            "Da nok betalere hadde linjer; tom mens linjen venter.",
            "When enough payers had lines; null while the line waits.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("price_element", PERSON_PRICED),
        r.one_of("service", OWN_SERVICES),
        r.one_of("version", LINE_VERSIONS),
    ),
)
_SUMS_OF_PAYERS = nb(
    "Det kundene betaler for bruk av følsomme tjenester (fiks-digisos og fiks-bekymringsmelding), står ikke linje for "
    "linje, men i summer med minst 20 betalere: per priselement og måned; det som blir igjen når et kvartal er slutt, "
    "per kvartal; og når et år er slutt, per år. Linjer som kommer senere, venter til 20 betalere har noen. Det færre "
    "betalere har av et avsluttet kvartal, er avrundet til nærmeste 1 000 kr, eller til prisen for 20 enheter når den "
    "er høyere."
) | en(
    "What customers pay for use of sensitive services (fiks-digisos and fiks-bekymringsmelding) is not listed line by "
    "line, but in sums of at least 20 payers: by price element and month; what is left at the end of a quarter, by "
    "quarter; and at the end of a year, by year. Lines that come later wait until 20 payers have some. What fewer "
    "payers have of a past quarter is rounded to the nearest 1 000 kr, or to the price of 20 units if that is higher."
)
ENTRY = DatasetContract(
    schema="ledger",
    table="entry",
    title=nb("Posteringer") | en("Ledger entries"),
    about=nb(
        "Én rad per beløp med kilde: fakturalinje, kostnadsbilag, lånebilag. Fordelinger er par som "
        "summerer til null. Kilden period er rader som holder en lukket måned uendret: De tar ut senere "
        "endringer og fører dem i første åpne måned, og summerer til null per opprinnelig periode, "
        "tjeneste, prosjekt, art og type. En fakturalinje for et år eller et kvartal har dessuten en rad i sin egen "
        "måned og en i hver senere måned den gjelder, til og med utgavens måned: De flytter inntekten til "
        f"månedene den er for, og summerer til null når den siste er over. {_SUMS_OF_PAYERS.nb}"
    )
    | en(
        "One row per amount with its source: invoice line, cost entry, loan entry. Allocations "
        "are pairs that sum to zero. Rows with source period keep a closed month unchanged: they move "
        "later changes to the first open month and sum to zero per original period, service, project, "
        "account and category. An invoice line for a year or a quarter also has a row in its own month and one in each "
        "later month that it is for, up to the month of the release: they move income to the months that it is for, "
        f"and sum to zero when the last is over. {_SUMS_OF_PAYERS.en}"
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry", "price_rule", "period", "closed_amount"),
    version=3,
    replaces_at_once="The former version had a year's price as income of one month; no result may be told by it.",
    views=(
        View(
            "entry_trace",
            nb("Posteringer med spor: fra en krone til bilaget og til cellen i produktregnskapet")
            | en("Entries with their trace: from a krone to its record, and to its cell of the product ledger"),
            "true",
            more=(
                (
                    c.text("entry", "Postering", "Entry").explained(
                        "Id-en du gir til `dif trace ledger`.", "The id to give to `dif trace ledger`."
                    ),
                    "source_stream || '/' || source_key",
                ),
                (
                    c.text(
                        "cell", "Kolonne i ledger.product_month", "Column in ledger.product_month", null=True
                    ).explained(
                        "Posteringene summerer til cellen; tom når posteringen står utenfor.",
                        "The entries sum to the cell; null if the entry is outside it.",
                    ),
                    _CELL,
                ),
            ),
        ),
    ),
    partitioned=True,
    columns=(
        c.MONTH.explained("Samme måned som perioden.", "The same month as the period."),
        c.text("source_stream", "Kildestrøm", "Source stream", key=True),
        c.PRODUCER.but(key=True),
        c.text("source_key", "Nøkkel i kilden", "Key in the source", key=True).explained(
            "En sum av flere betaleres linjer heter samlet/<priselement>/<2026-05, 2026-Q2 eller 2026>, en avrundet "
            "sum avrundet/<priselement>/<2026-Q2>, med måneden den er ført i bak hvis den er en senere.",
            "A sum of several payers' lines is called samlet/<price element>/<2026-05, 2026-Q2 or 2026>, a rounded one "
            "avrundet/<price element>/<2026-Q2>, followed by the month it is booked in if that is a later one.",
        ),
        c.ORGANISATION_NUMBER.but(null=True).explained(
            "Tom for kostnad, for låneposter uten virksomhet, for beløp fra lukkede perioder og for summer av flere "
            "betaleres linjer.",
            "Null for cost, for loan entries without an organisation, for amounts of closed periods, and for sums of "
            "several payers' lines.",
        ),
        c.SERVICE.but(null=True, key=True).explained(
            "Tom så lenge kostnaden er felles.", "Null while the cost is shared."
        ),
        _PROJECT,
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")).explained(
            "Måneden da beløpet er ført.", "The month in which the amount is booked."
        ),
        c.MONTH.but(
            name="original_period", title=nb("Opprinnelig periode") | en("Original period"), key=True
        ).explained(
            "Måneden beløpet gjelder, for summen av et kvartal eller år den siste; tidligere enn perioden hvis måneden "
            "var lukket da beløpet kom.",
            "The month the amount relates to, for the sum of a quarter or year its last; earlier than the period if "
            "that month was closed when the amount came.",
        ),
        c.text("account", "Art", "Account", key=True).explained(
            "INCOME (fakturert), JOINING_FEE_EXCESS (tilkoblingspris ut over lånet; også inntekt), INVOICED_AHEAD "
            "(minus det månedens fakturaer har for senere måneder), INVOICED_BEFORE (månedens del av det som er "
            "fakturert tidligere; de fire summerer til inntekten), COST, ALLOCATED_COST, LOAN "
            "(trukket minus betalt tilbake og ettergitt; summen er saldoen i ledger.loan_month), "
            "JOINING_FEE_RECEIVABLE (tilkoblingspriser som er fakturert, minus dem som er betalt tilbake på lånet), "
            "LOAN_EXCESS (betalt tilbake ut over lånet: rett bilaget, eller før det som er trukket) eller PROJECT.",
            "INCOME (invoiced), JOINING_FEE_EXCESS (joining fees beyond the loan; income too), INVOICED_AHEAD (minus "
            "what the month's invoices have for later months), INVOICED_BEFORE (the month's part of what was invoiced "
            "earlier; the four sum to income), COST, ALLOCATED_COST, LOAN "
            "(drawn less repaid and written off; the sum is the balance in ledger.loan_month), "
            "JOINING_FEE_RECEIVABLE (joining fees invoiced, less those repaid on the loan), LOAN_EXCESS (repaid beyond "
            "the loan: correct the entry, or book what was drawn) or PROJECT.",
        ),
        c.text("category", "Type", "Category", null=True, key=True).explained(
            "Kostnadstype, priselement eller lånebevegelse. En tilkoblingspris som betaler ned et lån, er en fordring "
            "fra fakturaen kommer; REPAID_BY_FEE gjør den opp når nedbetalingen som nevner fakturaen, er ført. Tom når "
            "en kostnad ikke er plassert.",
            "Cost category, price element or kind of loan entry. A joining fee that repays a loan is a receivable from "
            "its invoice onwards; REPAID_BY_FEE settles it when the repayment that names the invoice is booked. Null "
            "for a cost that is not placed.",
        ),
        c.amount("amount_ore", "Beløp", "Amount").explained(
            "Uten mva. Summer innen én verdi av account: inntekt og kostnad er begge positive.",
            "Excl. VAT. Sum within one value of account: income and cost are both positive.",
        ),
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
    about=nb("Én rad per kvartal som har posteringer, eller som er lukket eller gjenåpnet.")
    | en("One row per quarter that has entries or was closed or reopened."),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry", "period", "closed_amount"),
    columns=(
        c.text("quarter", "Kvartal", "Quarter", key=True),
        c.text("status", "Status", "Status").explained(
            "OPEN, CLOSED eller REOPENED (gjenåpnet).", "OPEN, CLOSED or REOPENED."
        ),
        c.text(
            "closed_by", "Lukket eller gjenåpnet av (funksjon)", "Closed or reopened by (function)", null=True
        ).explained("Tom når kvartalet aldri er lukket.", "Null if the quarter was never closed."),
        c.timestamp("changed_at", "Lukket eller gjenåpnet", "Closed or reopened at", null=True).explained(
            "Tom når kvartalet aldri er lukket.", "Null if the quarter was never closed."
        ),
        c.text("release", "Utgave", "Release", null=True).explained(
            "Utgaven da tallene ble lukket; tom når kvartalet aldri er lukket.",
            "The release in which the figures were closed; null if the quarter was never closed.",
        ),
        c.count("later_entries", "Ført i en senere periode", "Booked in a later period", "posteringer").explained(
            "Posteringer for kvartalet som kom eller ble endret etter lukkingen.",
            "Entries for the quarter that came or changed after it was closed.",
        ),
        c.amount("later_ore", "Senere virkning på resultatet", "Later effect on the result").explained(
            "Uten mva. Inntekt − kostnad − fordelt kostnad som er ført senere; lån og prosjekter er utelatt.",
            "Excl. VAT. Income − cost − allocated of what is booked later; loans and projects are left out.",
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
        "Én rad per felles kostnadsbilag med nøkkel, og tjeneste med vekt etter nøkkelen i bilagets "
        "måned. Øre som blir til overs, går til de største restene, så delene summerer til bilaget. "
        "Produkter fra andre bærer ingen kostnad. Vekten er tallene slik de er publisert: for følsomme tjenester "
        "inntekten i ledger.entry og bruken i usage.measure_total_month."
    )
    | en(
        "One row per shared cost entry with a key, and service with a weight by the key in the entry's "
        "month. Øre left over go to the largest remainders, so that the parts sum to the entry. Products "
        "of others carry no cost. Weights are the figures as published: for sensitive services the income in "
        "ledger.entry and the use in usage.measure_total_month."
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
        c.SERVICE.but(key=True).explained("Tjenesten som bærer delen.", "The service that carries the part."),
        c.text("key", "Fordelingsnøkkel", "Allocation key").explained(
            "Månedens tall for hele landet for et mål (HENVENDELSER, OPPSLAG, …) eller FORSENDELSER; AKTIVE: "
            "aktive kommuner (uptake.status_month); INNTEKT: inntekten som er for måneden, negativ regnes som null; "
            "LIKT: like mye på hver tjeneste med inntekt eller egen kostnad i måneden.",
            "The month's figure for the country of a measure (HENVENDELSER, OPPSLAG, …) or FORSENDELSER "
            "(dispatches); AKTIVE: active municipalities (uptake.status_month); INNTEKT: income for the month, "
            "negative counts as zero; LIKT: an equal part to each service with income or cost of its own in "
            "the month.",
        ),
        c.decimal("weight", "Vekt", "Weight", "etter nøkkelen", 28, 4, additivity=Additivity.NONE).explained(
            "Tjenestens tall etter nøkkelen. INNTEKT er i øre.", "The service's figure by the key. INNTEKT is in øre."
        ),
        c.decimal(
            "total_weight", "Samlet vekt", "Total weight", "etter nøkkelen", 28, 4, additivity=Additivity.NONE
        ).explained("Summen over tjenestene.", "The sum over the services."),
        c.share("share", "Andel", "Share").explained(
            "Vekt delt på samlet vekt, avrundet for lesing; beløpet er regnet ut fra hele tall.",
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
            nb("Vekten må være over null og høyst lik den samlede vekten.")
            | en("The weight must be above zero and at most the total weight."),
        ),
        r.between("share", 0, 1),
    ),
)

UNMAPPED_COST = DatasetContract(
    schema="ledger",
    table="unmapped_cost",
    title=nb("Ufordelt kostnad") | en("Unallocated cost"),
    about=nb(
        "Én rad per kostnadsbilag og grunn: feil som rettes i registeret cost_mapping eller hos "
        "produsenten. Summer per konto og kostnadssted for å se hva én rad i registeret retter. Alle "
        "beløpene står i ledger.entry."
    )
    | en(
        "One row per cost entry and reason: what must be corrected in the register cost_mapping or by "
        "the producer. Sum by account and cost centre to see what one row of the register corrects. All "
        "amounts are in ledger.entry."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("cost_entry", "cost_mapping", "invoice_line", "measurement", "dispatch", "adoption"),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("entry_id", "Bilag", "Entry", key=True),
        c.text("reason", "Grunn", "Reason", key=True).explained(
            "NO_CATEGORY: typen er ukjent og regnes som DRIFT til noen fører en annen. NO_KEY: kostnaden er "
            "felles og mangler fordelingsnøkkel. UNKNOWN_KEY: nøkkelen finnes ikke. NO_WEIGHTS: ingenting å "
            "fordele etter den måneden. EXTERNAL_SERVICE: bilaget nevner et produkt fra andre. De fire siste "
            "forblir felles.",
            "NO_CATEGORY: the category is unknown, counted as DRIFT until somebody enters another. NO_KEY: "
            "the cost is shared and has no allocation key. UNKNOWN_KEY: there is no such key. NO_WEIGHTS: "
            "nothing to allocate by in that month. EXTERNAL_SERVICE: the entry names a product from others. "
            "The last four stay shared.",
        ),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.text("account", "Konto i regnskapet", "Account", null=True),
        c.text("cost_center", "Kostnadssted", "Cost centre", null=True),
        c.SERVICE.but(null=True).explained("Tom når kostnaden er felles.", "Null where the cost is shared."),
        c.text("cost_category", "Kostnadstype", "Category of cost", null=True),
        c.text("allocation_key", "Fordelingsnøkkel", "Allocation key", null=True),
        c.amount("amount_ore", "Beløp", "Amount").explained(
            "Uten mva. Et bilag med to grunner har to rader: summer per grunn.",
            "Excl. VAT. An entry with two reasons has two rows: sum by reason.",
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
        "Én rad per faktura der tilkoblingsprisene avviker fra summen av nedbetalingene som nevner den. "
        "En kreditnota regnes sammen med fakturaen den retter. Tilkoblingsprisen for en tjeneste med lån "
        "er aldri inntekt, heller ikke før nedbetalingen er ført: Det overskytende er verken inntekt "
        "eller betalt tilbake før nedbetalingen føres eller noen retter fakturaen eller lånet."
    )
    | en(
        "One row per invoice whose joining fees differ from the sum of the repayments that name it. A "
        "credit note counts with the invoice it corrects. The joining fee of a service with a loan is "
        "never income, even before the repayment is booked: the excess is neither income nor repaid "
        "until the repayment is booked or somebody corrects the invoice or the loan."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "loan_entry"),
    columns=(
        c.text("invoice_id", "Faktura", "Invoice", key=True),
        c.text("reason", "Grunn", "Reason").explained(
            "FEE_ABOVE_REPAYMENT: tilkoblingsprisen er større enn nedbetalingen. FEE_BELOW_REPAYMENT: den er "
            "mindre. NO_FEE_LINE: fakturaen har ingen tilkoblingspris. NO_INVOICE: fakturaen er ikke "
            "mottatt. NO_REPAYMENT: ingen nedbetaling nevner fakturaen.",
            "FEE_ABOVE_REPAYMENT: the fee is larger than the repayment. FEE_BELOW_REPAYMENT: it is smaller. "
            "NO_FEE_LINE: the invoice has no joining fee. NO_INVOICE: the invoice has not been received. "
            "NO_REPAYMENT: no repayment names the invoice.",
        ),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")).explained(
            "Måneden tilkoblingsprisen gjelder, ellers måneden nedbetalingen er ført.",
            "The month the fee relates to, else the month in which the repayment was booked.",
        ),
        c.ORGANISATION_NUMBER.but(null=True).explained("Tom når det er flere.", "Null where there are several."),
        c.SERVICE.but(null=True).explained("Tom når det er flere.", "Null where there are several."),
        c.text("project", "Prosjekt", "Project", null=True).explained(
            "Prosjektet som nedbetalingen nevner; tom når det er flere, eller ingen nedbetaling.",
            "The one that the repayment names; null where there are several, or no repayment.",
        ),
        c.amount("fee_ore", "Tilkoblingspriser på fakturaen", "Joining fees of the invoice"),
        c.amount("repaid_ore", "Nedbetalinger som nevner fakturaen", "Repayments that name the invoice"),
        c.amount("difference_ore", "Forskjell", "Difference").explained(
            "Uten mva. Tilkoblingspriser − nedbetalinger.", "Excl. VAT. Joining fees − repayments."
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
            nb("Tilkoblingspriser − nedbetalinger må være lik forskjellen.")
            | en("Joining fees − repayments must equal the difference."),
        ),
    ),
)

_KINDS_OF_COST = {
    k: c.amount("", "", "").about
    if k != "DRIFT"
    else nb("Uten mva. Utvikling uten prosjekt og kostnad uten type er med.")
    | en("Excl. VAT. Includes development without a project and cost without a category.")
    for k in COST_CATEGORIES
    if k != "UTVIKLING"
}
"""The kinds of cost in a product's account, each with its column text; development counts as operation there."""

PRODUCT_MONTH = DatasetContract(
    schema="ledger",
    table="product_month",
    title=nb("Produktregnskap per måned") | en("Product ledger per month"),
    about=nb(
        "Én rad per tjeneste og måned med inntekt, kostnad eller budsjett. Inntekten er ført i månedene den er for: "
        "En pris for et år eller et kvartal er fordelt likt på månedene fra den gjelder til året eller kvartalet er "
        "slutt, og det fakturerte står ved siden av. Utvikling i prosjekter og tilkoblingspriser for tjenester med lån "
        "er utelatt; resultat og budsjett omfatter utvikling uten prosjekt."
    )
    | en(
        "One row per service and month with income, cost or budget. Income is in the months that it is for: a price "
        "for a year or a quarter is spread evenly over the months from when it applies to the end of that year or "
        "quarter, and what was invoiced stands beside. Project development and joining fees of services with a loan "
        "are left out; result and budget include development without a project."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=(
        "invoice_line",
        "cost_entry",
        "loan_entry",
        "price_rule",
        "cost_mapping",
        "budget",
        "measurement",
        "dispatch",
        "adoption",
    ),
    version=3,
    replaces_at_once="The former version had a year's price as income of one month; no result may be told by it.",
    columns=(
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.amount("income_ore", "Inntekt", "Income").explained(
            "Uten mva. Inntekten som er for måneden: fakturert − fakturert på forskudd + fakturert tidligere. En pris "
            "for et år eller et kvartal fordeles likt på månedene fra og med linjens egen ut kalenderåret eller "
            "kvartalet, til øret. Det kundene betaler for bruk av en følsom tjeneste, er summer av minst 20 betalere "
            "(ledger.entry): Noe kan stå i den siste måneden i et kvartal eller år, være avrundet eller vente på "
            "flere betalere.",
            "Excl. VAT. The income for the month: invoiced − invoiced ahead + invoiced before. A price for a year or a "
            "quarter is spread equally over the months from the line's own to the end of the calendar year or quarter, "
            "to the øre. What customers pay for use of a sensitive service is in sums of at least 20 payers "
            "(ledger.entry): some may stand in the last month of a quarter or year, be rounded, or wait for more "
            "payers.",
        ),
        c.amount("invoiced_ore", "Fakturert", "Invoiced").explained(
            "Uten mva. Linjene som er fakturert med måneden som periode, uten tilkoblingspriser som betaler ned lån. "
            "Avstemming, lån og det kundene betaler, følger fakturaen.",
            "Excl. VAT. The lines invoiced with the month as their period, without joining fees that repay a loan. "
            "Reconciliation, loans and what customers pay follow the invoice.",
        ),
        c.amount("invoiced_ahead_ore", "Fakturert på forskudd", "Invoiced ahead").explained(
            "Uten mva. Den delen av månedens fakturering som er inntekt i senere måneder; negativ når den krediteres.",
            "Excl. VAT. The part of the month's invoicing that is income of later months; negative when credited.",
        ),
        c.amount("invoiced_before_ore", "Fakturert tidligere", "Invoiced before").explained(
            "Uten mva. Månedens del av det som er fakturert i tidligere måneder.",
            "Excl. VAT. The month's part of what was invoiced in earlier months.",
        ),
        *(c.amount(f"cost_{k.lower()}_ore", *COST_TITLES[k], about=about) for k, about in _KINDS_OF_COST.items()),
        c.amount("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost").explained(
            "Uten mva. Tjenestens deler i ledger.allocation, av alle kostnadstyper.",
            "Excl. VAT. The service's parts in ledger.allocation, of all categories of cost.",
        ),
        c.amount("result_ore", "Resultat", "Result", about=_SHARED_LEFT),
        c.amount("budget_ore", "Budsjettert resultat", "Budgeted result", null=True).explained(
            "Uten mva. Budsjettert inntekt minus budsjettert kostnad av alle typer, også utvikling. Tom uten budsjett.",
            "Excl. VAT. Budgeted income less budgeted cost of all categories, including development. Null without a "
            "budget.",
        ),
        c.amount("budget_income_ore", "Budsjettert inntekt", "Budgeted income", null=True).explained(
            "Uten mva. Tom uten budsjett.", "Excl. VAT. Null without a budget."
        ),
        c.percent("self_cost_percent", "Finansiell dekningsgrad", "Financial coverage", null=True).explained(
            "Månedens inntekt i prosent av månedens kostnad med fordelt felleskostnad. Det er ikke SSBs selvkostgrad: "
            "fond, framført underskudd, kalkulatoriske avskrivninger og renter er ikke med (docs/self-cost.md). "
            "Akkumulert resultat er utelatt; dekning med saldo står i ledger.price_calculation. Tom når "
            "kostnaden ikke er over null.",
            "The month's income in per cent of the month's cost with allocated shared cost. It is not Statistics "
            "Norway's self-cost ratio (selvkostgrad): funds, deficits carried forward, calculated depreciation and "
            "interest are left out (docs/self-cost.md). The balance carried is left out; ledger.price_calculation has "
            "cover with balance. Null unless the cost is above zero.",
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
            nb("Inntekt − kostnad − fordelt kostnad må være lik resultatet.")
            | en("Income − cost − allocated cost must equal the result."),
        ),
        r.Rule(
            "income_ties",
            "invoiced_ore - invoiced_ahead_ore + invoiced_before_ore = income_ore",
            ("income_ore", "invoiced_ore", "invoiced_ahead_ore", "invoiced_before_ore"),
            nb("Fakturert − fakturert på forskudd + fakturert tidligere må være lik inntekten.")
            | en("Invoiced − invoiced ahead + invoiced before must equal the income."),
        ),
    ),
)


def cell_column(account: str, category: str | None) -> str | None:
    """The column of `ledger.product_month` that sums an entry with a service; None when no column does."""
    if account in EARNED:
        return "income_ore"
    if account == "ALLOCATED_COST":
        return "allocated_ore"
    if account != "COST":
        return None
    # as in product_month.sql: development outside a project, and cost without a category, is operation
    return f"cost_{'drift' if category in (None, 'UTVIKLING') else category.lower()}_ore"


DATASETS = (ENTRY, PRODUCT_MONTH, ALLOCATION, UNMAPPED_COST, JOINING_FEE_GAP, PERIOD)
