"""What systems send: the six streams, and `register`, by which people's tables land.

Keys are scoped by producer. What does not belong here: how a batch is read or kept (`transport`), and how rows are made
into tables (`assets`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Column, Outside, Repeats, StreamContract
from catalog.domain import calendar
from catalog.domain.pricing import VAT_PERCENT
from catalog.domain.products import MEASURES, OWN_SERVICES, PRICE_ELEMENTS, SERVICE_OF_ELEMENT, SERVICES
from catalog.text import en, nb

STATES = (
    "MOTTATT",
    "AKSEPTERT",
    "KLAR_FOR_MOTTAK",
    "VARSLET",
    "SENDT_DIGITALT",
    "SENDT_SDP",
    "LEVERT_SDP",
    "LEST",
    "SENDT_PRINT",
    "PRINTET",
    "AVVIST",
    "IKKE_LEVERT",
    "MANUELT_HANDTERT",
)
"""The 13 states of SvarUt v2; rank and outcome stand in the bundled table `dispatch_status`."""
CHANNELS = ("SVARINN", "SDP", "ALTINN", "NHN", "PRINT")
STEPS = ("AGREEMENT_SIGNED", "ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "RESUMED", "TERMINATED")
COST_CATEGORIES = ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON", "UTVIKLING")
LOAN_KINDS = ("DRAWDOWN", "REPAYMENT", "WRITE_OFF")

_AMOUNT_ORE = c.amount("amount_ore", "Beløp", "Amount")
_CREATED = date(2012, 1, 1)
"""SvarUt's first year; nothing of ours is older."""
_BEYOND = calendar.LATEST
LARGEST = 10**13
"""A hundred billion kroner, or ten terabytes: a larger number is a slip, and sums of such would not fit 64 bits."""
_LARGEST_QUANTITY = 10**12

DISPATCH = StreamContract(
    name="dispatch",
    title=nb("Forsendelse, statusendringer") | en("Dispatch, changes of state"),
    about=nb("Én rad per statusendring for en forsendelse. Siste status vinner hel.")
    | en("One record per change of state of a dispatch. The latest state wins whole."),
    owner="team:svarut",
    month_of="created_at",
    repeats=Repeats.TOTAL_ORDER,
    ordered_by="state_at",
    partitioned=True,
    measures_use=True,
    listed_in="conformed.dispatch_twice",
    columns=(
        Column("dispatch_id", pa.uuid(), nb("Forsendelsens id") | en("Dispatch id"), key=True),
        Column("state", pa.string(), nb("Status") | en("State"), key=True),
        Column("state_at", c.TIMESTAMP, nb("Status siden") | en("Entered the state at"), key=True),
        Column(
            "created_at",
            c.TIMESTAMP,
            nb("Opprettet") | en("Created at"),
            nb("Avgjør måneden.") | en("Decides the month."),
        ),
        c.SERVICE,
        c.ORGANISATION_NUMBER,
        c.ACCOUNT_ID,
        c.SOURCE_SYSTEM.but(free_text=True),
        c.SUPPLIER_NUMBER,
        Column("dispatch_type", pa.string(), nb("Forsendelsestype") | en("Dispatch type"), null=True, free_text=True),
        Column("accounting_code", pa.string(), nb("Konteringskode") | en("Accounting code"), null=True),
        c.CHANNEL.but(null=True),
        Column("recipient_kind", pa.string(), nb("Mottakertype") | en("Kind of recipient")),
        Column("digital_only", pa.bool_(), nb("Kun digital levering") | en("Digital delivery only")),
        Column("document_count", pa.int32(), nb("Dokumenter") | en("Documents"), null=True, unit="dokumenter"),
        Column("page_count", pa.int32(), nb("Sider") | en("Pages"), null=True, unit="sider"),
        Column("sheet_count", pa.int32(), nb("Ark") | en("Sheets"), null=True, unit="ark"),
        Column("byte_count", pa.int64(), nb("Størrelse") | en("Size"), null=True, unit="byte"),
        Column(
            "production_cost_ore", pa.int32(), nb("Produksjonskostnad") | en("Cost of print"), null=True, unit="øre"
        ),
        Column("postage_ore", pa.int32(), nb("Porto") | en("Postage"), null=True, unit="øre"),
    ),
    rules=(
        r.one_of("state", STATES),
        r.one_of("service", SERVICES),
        r.one_of("channel", CHANNELS),
        r.one_of("recipient_kind", ("PERSON", "ORGANISATION", "UNKNOWN")),
        r.modulus_11("organisation_number"),
        r.modulus_11("supplier_number"),
        r.not_after("created_at", "state_at"),
        r.not_before("created_at", _CREATED, moment=True),
        r.before("state_at", _BEYOND, moment=True),
        r.matches("accounting_code", r"[a-zA-Z0-9\-\.øæåØÆÅ]{0,20}"),
        r.Rule(
            "digital_only_never_printed",
            "not (digital_only and state = 'PRINTET')",
            ("digital_only", "state"),
            nb("En forsendelse med kun digital levering kan ikke være PRINTET.")
            | en("A dispatch that is digital only cannot be PRINTET."),
        ),
        r.at_least("document_count", 0),
        r.at_least("page_count", 0),
        r.at_least("sheet_count", 0),
        r.at_least("byte_count", 0),
        r.within("byte_count", LARGEST),
        r.at_least("production_cost_ore", 0),
        r.at_least("postage_ore", 0),
    ),
)

MEASUREMENT = StreamContract(
    name="measurement",
    title=nb("Måling av bruk") | en("Measurement of use"),
    about=nb("Bruk som ikke er forsendelser: oppslag, meldinger, søknader. Sist rapporterte tall vinner.")
    | en("Use that is no dispatch: look-ups, messages, applications. The latest report wins."),
    owner="team:fiks",
    month_of="day",
    repeats=Repeats.LATEST,
    ordered_by="reported_at",
    conflict_on="quantity",
    partitioned=True,
    measures_use=True,
    columns=(
        c.SERVICE.but(key=True),
        Column("measure", pa.string(), nb("Mål") | en("Measure"), key=True),
        c.DAY.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.ACCOUNT_ID.but(key=True, null=True),
        Column("source", pa.string(), nb("Kilde") | en("Source"), key=True),
        Column("quantity", c.QUANTITY, nb("Mengde") | en("Quantity"), unit="etter målet", additivity=Additivity.SUM),
        c.SUPPLIER_NUMBER,
        c.SOURCE_SYSTEM.but(free_text=True),
        Column("reported_at", c.TIMESTAMP, nb("Rapportert") | en("Reported at")),
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("measure", MEASURES),
        r.modulus_11("organisation_number"),
        r.modulus_11("supplier_number"),
        r.not_before("day", _CREATED),
        r.at_least("quantity", 0),
        r.within("quantity", _LARGEST_QUANTITY),
        r.before("reported_at", _BEYOND, moment=True),
    ),
)

ADOPTION = StreamContract(
    name="adoption",
    title=nb("Steg i innføring") | en("Step of adoption"),
    about=nb("Én rad per steg en virksomhet tar mot å bruke en tjeneste.")
    | en("One record per step an organisation takes towards using a service."),
    owner="team:kundesenter",
    month_of="occurred_at",
    judged_outside=Outside.MUNICIPALITY_CODES,
    columns=(
        Column("event_id", pa.string(), nb("Hendelse") | en("Event"), key=True),
        c.SERVICE.but(null=True, about=nb("Tom: hovedavtale.") | en("Null: main agreement.")),
        c.ORGANISATION_NUMBER.but(null=True),
        c.MUNICIPALITY_CODE.but(
            null=True,
            about=nb("Slik den ble rapportert, fra hvilket som helst år.")
            | en("As it was reported, of whatever year."),
        ),
        Column("step", pa.string(), nb("Steg") | en("Step")),
        Column("occurred_at", c.TIMESTAMP, nb("Skjedde") | en("Occurred at")),
        Column(
            "occurred_precision",
            pa.string(),
            nb("Tidsangivelse") | en("Precision of time"),
            nb("EXACT, eller NO_LATER_THAN når bare en øvre grense er kjent.")
            | en("EXACT, or NO_LATER_THAN where only an upper bound is known."),
        ),
        Column("source", pa.string(), nb("Kilde") | en("Source")),
        Column("note", pa.string(), nb("Merknad") | en("Note"), null=True, free_text=True),
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("step", STEPS),
        r.one_of("occurred_precision", ("EXACT", "NO_LATER_THAN")),
        r.modulus_11("organisation_number"),
        r.matches("municipality_code", "[0-9]{4}"),
        r.any_of("organisation_number", "municipality_code"),
        r.not_before("occurred_at", _CREATED, moment=True),
        r.before("occurred_at", _BEYOND, moment=True),
        r.Rule(
            "agreement_has_no_service",
            "(step = 'AGREEMENT_SIGNED') = (service is null)",
            ("step", "service"),
            nb("Hovedavtale gjelder virksomheten og har ingen tjeneste; alle andre steg har en.")
            | en("A main agreement is the organisation's and has no service; every other step has one."),
        ),
    ),
)

INVOICE_LINE = StreamContract(
    name="invoice_line",
    title=nb("Fakturalinje") | en("Invoice line"),
    about=nb("Én rad per linje på en faktura. En retting er en ny linje med motsatt fortegn.")
    | en("One record per line of an invoice. A correction is a new line of opposite sign."),
    owner="team:okonomi",
    month_of="period",
    columns=(
        Column("invoice_id", pa.string(), nb("Fakturanummer") | en("Invoice"), key=True),
        Column("line_number", pa.int32(), nb("Linje") | en("Line"), key=True),
        c.ORGANISATION_NUMBER.but(about=nb("Den som brukte.") | en("Who used.")),
        c.ORGANISATION_NUMBER.but(
            name="payer_number",
            title=nb("Betaler") | en("Payer"),
            about=nb("Tom: den som brukte.") | en("Null: who used."),
            null=True,
        ),
        c.ACCOUNT_ID.but(null=True),
        c.SERVICE,
        Column("price_element", pa.string(), nb("Priselement") | en("Price element")),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        Column("quantity", c.QUANTITY, nb("Mengde") | en("Quantity"), unit="etter unit", additivity=Additivity.SUM),
        Column("unit", pa.string(), nb("Enhet") | en("Unit")),
        Column("unit_price", pa.decimal128(18, 6), nb("Enhetspris") | en("Unit price"), unit="kr"),
        _AMOUNT_ORE,
        c.amount("vat_ore", "Mva.", "VAT").but(
            about=nb("Tom: ikke sendt. 0: uten mva.") | en("Null: not sent. 0: none was charged."), null=True
        ),
        Column("invoiced_on", pa.date32(), nb("Fakturadato") | en("Invoiced on")),
        Column("corrects_invoice_id", pa.string(), nb("Retter faktura") | en("Corrects invoice"), null=True),
        Column("line_text", pa.string(), nb("Linjetekst") | en("Line text"), null=True, free_text=True),
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.belongs("price_element", "service", SERVICE_OF_ELEMENT, SERVICES),
        r.modulus_11("organisation_number"),
        r.modulus_11("payer_number"),
        r.first_of_month("period"),
        r.not_before("period", _CREATED),
        r.within("quantity", _LARGEST_QUANTITY),
        r.within("amount_ore", LARGEST),
        r.within("vat_ore", LARGEST),
        r.Rule(
            "amount_ties",
            # out of the decimal's range is a broken row too, not a broken run
            "coalesce(try(round(quantity::decimal(38,10) * unit_price * 100) = amount_ore), false)",
            ("quantity", "unit_price", "amount_ore"),
            nb("Mengde × enhetspris gir ikke beløpet.") | en("Quantity × unit price is not the amount."),
        ),
        r.Rule(
            "vat_ties",
            # an øre off is rounding: some spread that of a whole invoice over its lines
            f"vat_ore = 0 or abs(vat_ore - round(amount_ore * {Decimal(VAT_PERCENT) / 100})) <= 1",
            ("vat_ore", "amount_ore"),
            nb(f"Mva. er ikke {VAT_PERCENT} % av beløpet, på et øre nær, og heller ikke 0 eller tom.")
            | en(f"VAT is not {VAT_PERCENT}% of the amount, to the øre, and neither 0 nor null."),
        ),
    ),
)

COST_ENTRY = StreamContract(
    name="cost_entry",
    title=nb("Kostnadsbilag") | en("Cost entry"),
    about=nb("Én rad per bilagslinje fra regnskapet.") | en("One record per entry of the accounts."),
    owner="team:okonomi",
    month_of="period",
    columns=(
        Column("entry_id", pa.string(), nb("Bilag") | en("Entry"), key=True),
        Column("booked_on", pa.date32(), nb("Bokført") | en("Booked on")),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        Column("account", pa.string(), nb("Konto i regnskapet") | en("Account"), null=True),
        Column("cost_center", pa.string(), nb("Kostnadssted") | en("Cost centre"), null=True),
        c.SERVICE.but(null=True, about=nb("Tom: felles, eller skal plasseres.") | en("Null: shared, or to be mapped.")),
        Column("project", pa.string(), nb("Prosjekt") | en("Project"), null=True),
        Column("cost_category", pa.string(), nb("Kostnadstype") | en("Category of cost"), null=True),
        Column("allocation_key", pa.string(), nb("Fordelingsnøkkel") | en("Allocation key"), null=True),
        Column(
            "varies_with",
            pa.string(),
            nb("Varierer med") | en("Varies with"),
            nb("Et mål; tom er fast.") | en("A measure; null is fixed."),
            null=True,
        ),
        _AMOUNT_ORE,
        c.SUPPLIER_NUMBER,
        Column("text", pa.string(), nb("Tekst") | en("Text"), null=True, free_text=True, internal=True),
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("cost_category", COST_CATEGORIES),
        r.modulus_11("supplier_number"),
        r.within("amount_ore", LARGEST),
        r.first_of_month("period"),
        r.not_before("period", _CREATED),
    ),
)

LOAN_ENTRY = StreamContract(
    name="loan_entry",
    title=nb("Mellomfinansiering (Digifin)") | en("Loan entry (Digifin)"),
    about=nb("Én rad per opptrekk, nedbetaling eller avskriving.")
    | en("One record per draw-down, repayment or write-off."),
    owner="team:okonomi",
    month_of="booked_on",
    columns=(
        Column("entry_id", pa.string(), nb("Bilag") | en("Entry"), key=True),
        Column("project", pa.string(), nb("Prosjekt") | en("Project")),
        c.SERVICE.but(null=True, about=nb("Tom før lansering.") | en("Null until launch.")),
        Column("kind", pa.string(), nb("Type") | en("Kind")),
        c.ORGANISATION_NUMBER.but(null=True),
        Column(
            "invoice_id",
            pa.string(),
            nb("Faktura") | en("Invoice"),
            nb("Tilkoblingsprisen som betaler ned.") | en("The joining fee that repays."),
            null=True,
        ),
        _AMOUNT_ORE,
        Column("booked_on", pa.date32(), nb("Bokført") | en("Booked on")),
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("kind", LOAN_KINDS),
        r.modulus_11("organisation_number"),
        r.at_least("amount_ore", 0),
        r.within("amount_ore", LARGEST),
        r.not_before("booked_on", _CREATED),
    ),
)

REGISTER = StreamContract(
    name="register",
    title=nb("Register, ny utgave") | en("Register, a new version"),
    about=nb("Én rad per rad i et register. Én sending er én hel utgave, med hvem, når og hvorfor.")
    | en("One record per row of a register. One batch is one whole version, with who, when and why."),
    owner="team:dif",
    month_of="applied_at",
    pushed=False,
    judged_outside=Outside.REGISTER_ROWS,
    columns=(
        Column("register", pa.string(), nb("Register") | en("Register"), key=True),
        Column("applied_at", c.TIMESTAMP, nb("Tatt i bruk") | en("Applied at"), key=True),
        Column("row_number", pa.int32(), nb("Rad") | en("Row"), key=True),
        Column(
            "applied_by",
            pa.string(),
            nb("Tatt i bruk av") | en("Applied by"),
            nb("En funksjon, ikke en person.") | en("A function, not a person."),
        ),
        Column("reason", pa.string(), nb("Begrunnelse") | en("Reason"), free_text=True),
        Column(
            "values",
            pa.string(),
            nb("Innhold") | en("Values"),
            nb("Raden som JSON, etter registerets kontrakt.") | en("The row as JSON, by the register's contract."),
            free_text=True,
        ),
    ),
    rules=(),
)

STREAMS = {s.name: s for s in (DISPATCH, MEASUREMENT, ADOPTION, INVOICE_LINE, COST_ENTRY, LOAN_ENTRY, REGISTER)}
"""Every stream by name, in the order they are taken in."""
