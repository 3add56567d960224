"""What systems send: the seven streams, and `register`, which carries the tables that people maintain.

Keys are scoped by producer. What does not belong here: how a batch is read or kept (`transport`), and how rows become
tables (`assets`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import PythonCheck, Repeats, StreamContract
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
"""The 13 states of SvarUt v2; rank and outcome are in the bundled table `dispatch_status`."""
CHANNELS = ("SVARINN", "SDP", "ALTINN", "NHN", "PRINT")
STEPS = ("AGREEMENT_SIGNED", "ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "RESUMED", "TERMINATED")
COST_TITLES = {
    "BRUKERSTOTTE": ("Kostnad, brukerstøtte", "Cost, user support"),
    "DRIFT": ("Kostnad, drift", "Cost, operation"),
    "FORVALTNING": ("Kostnad, forvaltning", "Cost, maintenance"),
    "ADMINISTRASJON": ("Kostnad, administrasjon", "Cost, administration"),
    "UTVIKLING": ("Kostnad, utvikling", "Cost, development"),
}
"""The categories of cost, each with the titles of its column, worded as on the pages."""
COST_CATEGORIES = tuple(COST_TITLES)
LOAN_KINDS = ("DRAWDOWN", "REPAYMENT", "WRITE_OFF")
MESSAGE_KINDS = ("FAULT", "MAINTENANCE", "DEPENDENCY", "INFORMATION")

_AMOUNT_ORE = c.amount("amount_ore", "Beløp", "Amount")
_CREATED = date(2012, 1, 1)
"""SvarUt's first year; none of our data is older."""
_BEYOND = calendar.LATEST
LARGEST = 10**13
"""A hundred billion kroner, or ten terabytes: larger numbers are slips, and their sums would not fit 64 bits."""
_LARGEST_QUANTITY = 10**12
_FEW_LETTERS = 60
"""What a chart has room to name."""

DISPATCH = StreamContract(
    name="dispatch",
    title=nb("Statusendringer for forsendelser") | en("Dispatch state changes"),
    about=nb("Én rad per statusendring for en forsendelse. Siste status gjelder.")
    | en("One record per change of state of a dispatch. The latest state applies."),
    owner="team:svarut",
    month_of="created_at",
    repeats=Repeats.TOTAL_ORDER,
    ordered_by="state_at",
    partitioned=True,
    is_personal=True,
    measures_use=True,
    duplicates_table="conformed.dispatch_twice",
    columns=(
        c.uuid("dispatch_id", "Forsendelsens id", "Dispatch id", key=True),
        c.text("state", "Status", "State", key=True),
        c.timestamp("state_at", "Status fra", "State entered at", key=True),
        c.timestamp("created_at", "Opprettet", "Created at").explained(
            "Bestemmer hvilken måned forsendelsen hører til.", "Decides which month the dispatch belongs to."
        ),
        c.SERVICE,
        c.ORGANISATION_NUMBER,
        c.ACCOUNT_ID,
        c.SOURCE_SYSTEM.but(free_text=True),
        c.SUPPLIER_NUMBER,
        c.text("dispatch_type", "Forsendelsestype", "Dispatch type", null=True, free_text=True),
        c.text("accounting_code", "Konteringskode", "Accounting code", null=True),
        c.CHANNEL.but(null=True),
        c.text("recipient_kind", "Mottakertype", "Recipient type"),
        c.flag("digital_only", "Bare digital levering", "Digital delivery only"),
        c.int32("document_count", "Dokumenter", "Documents", "dokumenter", null=True),
        c.int32("page_count", "Sider", "Pages", "sider", null=True),
        c.int32("sheet_count", "Ark", "Sheets", "ark", null=True),
        c.int64("byte_count", "Størrelse", "Size", "byte", null=True),
        c.int32("production_cost_ore", "Produksjonskostnad", "Printing cost", "øre", null=True),
        c.int32("postage_ore", "Porto", "Postage", "øre", null=True),
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
            nb("En forsendelse med bare digital levering kan ikke være PRINTET.")
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
    title=nb("Måling av bruk") | en("Usage measurement"),
    about=nb("Annen bruk enn forsendelser: oppslag, meldinger, søknader. Siste rapport gjelder.")
    | en("Use other than dispatches: look-ups, messages, applications. The latest report applies."),
    owner="team:fiks",
    month_of="day",
    repeats=Repeats.LATEST,
    ordered_by="reported_at",
    conflict_on="quantity",
    partitioned=True,
    measures_use=True,
    columns=(
        c.SERVICE.but(key=True),
        c.text("measure", "Mål", "Measure", key=True),
        c.DAY.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.ACCOUNT_ID.but(key=True, null=True),
        c.text("source", "Kilde", "Source", key=True),
        c.quantity("quantity", "Mengde", "Quantity", "etter målet"),
        c.SUPPLIER_NUMBER,
        c.SOURCE_SYSTEM.but(free_text=True),
        c.timestamp("reported_at", "Rapportert", "Reported at"),
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
    title=nb("Innføringssteg") | en("Adoption step"),
    about=nb("Én rad per steg en virksomhet tar mot å bruke en tjeneste.")
    | en("One record per step an organisation takes towards using a service."),
    owner="team:kundesenter",
    month_of="occurred_at",
    python_check=PythonCheck.MUNICIPALITY_CODES,
    columns=(
        c.text("event_id", "Hendelse", "Event", key=True),
        c.SERVICE.but(null=True).explained("Tom for hovedavtalen.", "Null for the main agreement."),
        c.ORGANISATION_NUMBER.but(null=True),
        c.MUNICIPALITY_CODE.but(null=True).explained(
            "Slik nummeret ble rapportert, uansett årets inndeling.", "As reported, from the division of any year."
        ),
        c.text("step", "Steg", "Step"),
        c.timestamp("occurred_at", "Skjedde", "Occurred at"),
        c.text("occurred_precision", "Tidsangivelse", "Precision of time").explained(
            "EXACT, eller NO_LATER_THAN når bare seneste tidspunkt er kjent.",
            "EXACT, or NO_LATER_THAN if only the latest possible time is known.",
        ),
        c.text("source", "Kilde", "Source"),
        c.text("note", "Merknad", "Note", null=True, free_text=True),
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
            nb("Hovedavtalen gjelder virksomheten og har ingen tjeneste; alle andre steg må ha en tjeneste.")
            | en("A main agreement covers the organisation and has no service; every other step must have one."),
        ),
    ),
)

INVOICE_LINE = StreamContract(
    name="invoice_line",
    title=nb("Fakturalinje") | en("Invoice line"),
    about=nb("Én rad per linje på en faktura. En retting er en ny linje med motsatt fortegn.")
    | en("One record per invoice line. A correction is a new line with the opposite sign."),
    owner="team:okonomi",
    month_of="period",
    bills_use=True,
    columns=(
        c.text("invoice_id", "Fakturanummer", "Invoice", key=True),
        c.int32("line_number", "Linje", "Line", key=True),
        c.ORGANISATION_NUMBER.explained(
            "Virksomheten som brukte tjenesten.", "The organisation that used the service."
        ),
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer"), null=True).explained(
            "Tom når virksomheten selv betaler.", "Null if the organisation itself pays."
        ),
        c.ACCOUNT_ID.but(null=True),
        c.SERVICE,
        c.text("price_element", "Priselement", "Price element"),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.quantity("quantity", "Mengde", "Quantity", "etter unit"),
        c.text("unit", "Enhet", "Unit"),
        c.price("unit_price", "Enhetspris", "Unit price"),
        _AMOUNT_ORE,
        c.amount("vat_ore", "Mva.", "VAT", null=True).explained(
            "Tom når mva. ikke er sendt, 0 når det ikke er mva.", "Null if not sent, 0 if no VAT was charged."
        ),
        c.date("invoiced_on", "Fakturadato", "Invoiced on"),
        c.text("corrects_invoice_id", "Retter faktura", "Corrects invoice", null=True),
        c.text("line_text", "Linjetekst", "Line text", null=True, free_text=True),
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
            # a value out of the decimal's range breaks the row, not the run
            "coalesce(try(round(quantity::decimal(38,10) * unit_price * 100) = amount_ore), false)",
            ("quantity", "unit_price", "amount_ore"),
            nb("Mengde × enhetspris må være lik beløpet.") | en("Quantity × unit price must equal the amount."),
        ),
        r.Rule(
            "vat_ties",
            # a difference of an øre is rounding: some spread an invoice's rounding over its lines
            f"vat_ore = 0 or abs(vat_ore - round(amount_ore * {Decimal(VAT_PERCENT) / 100})) <= 1",
            ("vat_ore", "amount_ore"),
            nb(f"Mva. må være {VAT_PERCENT} % av beløpet, på et øre nær, eller 0, eller tom.")
            | en(f"VAT must be {VAT_PERCENT}% of the amount, to the øre, or 0, or null."),
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
        c.text("entry_id", "Bilag", "Entry", key=True),
        c.date("booked_on", "Bokført", "Booked on"),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.text("account", "Konto i regnskapet", "Account", null=True),
        c.text("cost_center", "Kostnadssted", "Cost centre", null=True),
        c.SERVICE.but(null=True).explained(
            "Tom når kostnaden er felles eller skal plasseres.", "Null if the cost is shared or to be mapped."
        ),
        c.text("project", "Prosjekt", "Project", null=True),
        c.text("cost_category", "Kostnadstype", "Category of cost", null=True),
        c.text("allocation_key", "Fordelingsnøkkel", "Allocation key", null=True),
        c.text("varies_with", "Varierer med", "Varies with", null=True).explained(
            "Et mål; tom når kostnaden er fast.", "A measure; null if the cost is fixed."
        ),
        _AMOUNT_ORE,
        c.SUPPLIER_NUMBER,
        c.text("text", "Tekst", "Text", null=True, free_text=True, internal=True),
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
        c.text("entry_id", "Bilag", "Entry", key=True),
        c.text("project", "Prosjekt", "Project"),
        c.SERVICE.but(null=True).explained("Tom før lansering.", "Null until launch."),
        c.text("kind", "Type", "Kind"),
        c.ORGANISATION_NUMBER.but(null=True),
        c.text("invoice_id", "Faktura", "Invoice", null=True).explained(
            "Fakturaen med tilkoblingsprisen som betaler ned lånet.",
            "The invoice with the joining fee that repays the loan.",
        ),
        _AMOUNT_ORE,
        c.date("booked_on", "Bokført", "Booked on"),
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

OPERATIONAL_MESSAGE = StreamContract(
    name="operational_message",
    title=nb("Driftsmelding") | en("Operational message"),
    about=nb(
        "Én rad per melding om drift som ble vist brukerne. Tidene sier når meldingen sto, ikke når en feil varte. "
        "Siste rapport gjelder."
    )
    | en(
        "One record per message on operation that users were shown. The times tell when the message stood, not when a "
        "fault lasted. The latest report applies."
    ),
    owner="team:fiks",
    month_of="shown_from",
    repeats=Repeats.LATEST,
    ordered_by="reported_at",
    columns=(
        c.text("application", "Applikasjon", "Application", key=True).explained(
            "Der meldingen ble vist, for eksempel minside.", "Where the message was shown, such as minside."
        ),
        c.SERVICE.but(key=True, null=True).explained(
            "Tom når meldingen gjaldt hele applikasjonen eller flere tjenester.",
            "Null if the message was about the whole application or several services.",
        ),
        c.timestamp("shown_from", "Lagt ut", "Put up at", key=True),
        c.timestamp("shown_to", "Tatt ned", "Taken down at", null=True).explained(
            "Tom mens meldingen står. Send den samme meldingen på nytt når den er tatt ned.",
            "Null while the message stands. Send the same message again when it is taken down.",
        ),
        c.text("kind", "Type", "Kind").explained(
            "FAULT (feil hos oss), MAINTENANCE (vedlikehold), DEPENDENCY (feil hos andre) eller INFORMATION.",
            "FAULT (ours), MAINTENANCE, DEPENDENCY (a fault of others) or INFORMATION.",
        ),
        c.text("cause", "Årsak", "Cause", null=True, free_text=True).explained(
            "Et ord eller to, for eksempel id-porten eller lagring; aldri opplysninger om personer.",
            "A word or two, such as id-porten or storage; never anything about persons.",
        ),
        c.timestamp("reported_at", "Rapportert", "Reported at"),
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("kind", MESSAGE_KINDS),
        r.not_after("shown_from", "shown_to"),
        r.not_after("shown_from", "reported_at"),
        r.not_after("shown_to", "reported_at"),
        r.not_before("shown_from", _CREATED, moment=True),
        r.before("reported_at", _BEYOND, moment=True),
        *(
            r.Rule(
                f"{column}_is_short",
                f"length({column}) between 1 and {_FEW_LETTERS}",
                (column,),
                nb(f"{column} må ha 1 til {_FEW_LETTERS} tegn; utelat selve meldingen.")
                | en(f"{column} must have 1 to {_FEW_LETTERS} characters; leave the message itself out."),
            )
            for column in ("application", "cause")
        ),
    ),
)

REGISTER = StreamContract(
    name="register",
    title=nb("Ny utgave av et register") | en("New register version"),
    about=nb("Én rad per rad i et register. En sending er en hel utgave, med hvem, når og hvorfor.")
    | en("One record per row of a register. A batch is a complete version, with who, when and why."),
    owner="team:dif",
    month_of="applied_at",
    pushed=False,
    python_check=PythonCheck.REGISTER_ROWS,
    columns=(
        c.text("register", "Register", "Register", key=True),
        c.timestamp("applied_at", "Tatt i bruk", "Applied at", key=True),
        c.int32("row_number", "Rad", "Row", key=True),
        c.text("applied_by", "Tatt i bruk av", "Applied by").explained(
            "En funksjon, ikke en person.", "A function, not a person."
        ),
        c.text("reason", "Begrunnelse", "Reason", free_text=True),
        c.text("values", "Innhold", "Values", free_text=True, longest=100_000).explained(
            "Raden som JSON, etter registerets kontrakt.", "The row as JSON, according to the register's contract."
        ),
    ),
    rules=(),
)


def by_name(*streams: StreamContract) -> dict[str, StreamContract]:
    """Streams by name.

    Raises:
        ValueError: two have one name.
    """
    stream_by_name = {stream.name: stream for stream in streams}
    if len(stream_by_name) < len(streams):
        message = f"Two of these streams have one name: {', '.join(stream.name for stream in streams)}."
        raise ValueError(message)
    return stream_by_name


STREAMS = by_name(DISPATCH, MEASUREMENT, ADOPTION, INVOICE_LINE, COST_ENTRY, LOAN_ENTRY, OPERATIONAL_MESSAGE, REGISTER)
"""Every stream by name, in the order of ingestion."""
PUSHED = {name: stream for name, stream in STREAMS.items() if stream.pushed}
"""The streams that producers send; the others land by a command, and no wire accepts or names them."""
