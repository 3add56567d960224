"""Registers: tables that people maintain. Each lands whole, as a new version, with who, when and why.

A register's rows are typed by its contract here, whatever file they came in. Unknown values are left empty, never
guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, RegisterContract
from catalog.domain import self_cost_rules
from catalog.domain.allocation import KEYS
from catalog.domain.calendar import QUARTER
from catalog.domain.pricing import BY_CUSTOMER, MONTHS_OF_UNIT, CountedOn, PriceKind, price_rule_faults
from catalog.domain.products import FLOWS, OWN_SERVICES, PRICE_ELEMENTS, SERVICE_OF_ELEMENT, SERVICES
from catalog.facts import read
from catalog.tables import billing, reference, usage
from catalog.tables.streams import COST_CATEGORIES
from catalog.tables.uptake import CUSTOMER_KINDS
from catalog.tables.uptake_calls import FOLLOW_UP_WORDS, FOLLOW_UPS
from catalog.text import en, nb

PERIOD_STATES = ("CLOSED", "REOPENED")
_CODES = tuple(row["code"] for row in read("municipality"))
DECIDABLE = ("measurement", "adoption", "invoice_line", "cost_entry", "loan_entry", "operational_message")
_PRODUCT_OWNER = "team:produkt"
_ECONOMY = "team:okonomi"
_NETWORKS = "team:nettverk"
_SYNTHETIC = c.SYNTHETIC.but(null=True)


_FROM = c.date("valid_from", "Gjelder fra", "Valid from", null=True)
_TO = c.date("valid_to", "Gjelder til", "Valid to", null=True).explained(
    "Første dag raden ikke lenger gjelder.", "The first day it is no longer valid."
)
_FROM_BEFORE_TO = r.Rule(
    "valid_from_before_valid_to",
    "valid_from < valid_to",
    ("valid_from", "valid_to"),
    nb("valid_to må være etter valid_from.") | en("valid_to must be after valid_from."),
)


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(map(r.quoted, values))


def _mapping_faults(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Faults of the register `cost_mapping` as a whole: months in which two rows place the same cost.

    Two rows without dates are no fault: an empty cost centre and a missing one have always been one row.
    """
    spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for row in rows:
        place = (str(row["account"]).strip(), str(row["cost_center"] or "").strip())
        first, end = row["valid_from"], row["valid_to"]
        spans.setdefault(place, []).append(
            (first if isinstance(first, date) else date.min, end if isinstance(end, date) else date.max)
        )
    faults = []
    for (account, center), periods in sorted(spans.items()):
        for (first, end), (later, later_end) in pairwise(sorted(periods)):
            if later < end and (first, end, later, later_end) != (date.min, date.max, date.min, date.max):
                of_center = f", cost centre {center}" if center else ""
                since = later if later > date.min else "the first"
                faults.append(f"account {account}{of_center}: two rows hold from {since}; end the one before")
    return faults


def _organisation_faults(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Faults of the register `organisation` as a whole: successors that have themselves ended."""
    ended = {str(row["organisation_number"]): row["successor_number"] for row in rows if row["successor_number"]}
    ended |= {
        row["organisation_number"]: row["successor_number"] for row in read("organisation") if row["successor_number"]
    }
    return [
        f"{row['organisation_number']}: its successor {successor} became part of {ended[successor]}; name the "
        "organisation that both are part of today"
        for row in rows
        if (successor := str(row["successor_number"] or "")) in ended
    ]


PRODUCT = RegisterContract(
    "product",
    nb("Produktkatalogen") | en("Product catalogue"),
    nb("Én rad per tjeneste.") | en("One row per service."),
    reference.PRODUCT.columns,
    _PRODUCT_OWNER,
    seed="product",
    rules=(r.one_of("service", SERVICES),),
)
PRICE_RULE = RegisterContract(
    "price_rule",
    nb("Prisregler") | en("Price rules"),
    nb("Én rad per priselement, størrelse, kanal og gyldighet.")
    | en("One row per price element, size, channel and validity."),
    (
        c.text("price_element", "Priselement", "Price element", key=True),
        c.SERVICE,
        c.text("kind", "Prisregel", "Kind of price rule"),
        _FROM.but(key=True),
        _TO,
        c.price("amount", "Beløp", "Amount"),
        c.text("unit", "Enhet", "Unit").explained(
            "Hvis enheten slutter på «måned» eller «kvartal», gjelder prisen per måned eller kvartal; ellers gjelder "
            "en pris per kunde per år.",
            "If the unit ends in 'måned' (month) or 'kvartal' (quarter), the price is monthly or quarterly; otherwise "
            "a price per customer is yearly.",
        ),
        c.text("channel", "Kanal", "Channel", key=True, null=True).explained(
            "Eller meldingstype, som er målingens kilde.", "Or message type, which is the measurement's source."
        ),
        c.int64("size_low", "Fra innbyggere", "From inhabitants", "innbyggere", key=True, null=True),
        c.int64("size_high", "Til innbyggere", "Up to inhabitants", "innbyggere", null=True),
        c.text("customer_kind", "Kundetype", "Kind of customer", key=True, null=True).explained(
            "MUNICIPALITY, COUNTY, COMPANY eller OTHER. Hvis tom: kommuner når regelen avhenger av "
            "innbyggertall, fylkeskommuner når measure er kundetype, ellers alle.",
            "MUNICIPALITY, COUNTY, COMPANY or OTHER. If null: municipalities when the rule depends on "
            "inhabitants, counties when measure is kundetype, otherwise all.",
        ),
        c.text("measure", "Mål", "Measure", null=True).explained(
            "Det som telles; for faste priser: det kunden må ha for å betale prisen.",
            "What is counted; for a fixed price, what the customer must have in order to pay it.",
        ),
        *reference.HOW_COUNTED,
        c.text("rounding", "Avrunding", "Rounding", null=True),
        c.text("source", "Kilde", "Source", null=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.belongs("price_element", "service", SERVICE_OF_ELEMENT, SERVICES),
        r.one_of("kind", tuple(PriceKind)),
        r.one_of("counted_on", tuple(CountedOn)),
        r.one_of("customer_kind", CUSTOMER_KINDS),
        r.at_least("amount", 0),
        r.at_least("least", 1),
        _FROM_BEFORE_TO,
        r.Rule(
            "size_low_under_size_high",
            "coalesce(size_low, 0) < size_high",
            ("size_low", "size_high"),
            nb("size_high må være over size_low.") | en("size_high must be above size_low."),
        ),
        r.Rule(
            "channel_of_channel_price",
            "kind <> 'PER_CHANNEL' or channel is not null",
            ("kind", "channel"),
            nb("En pris per kanal må oppgi kanal.") | en("A price per channel must state the channel."),
        ),
        # use is counted whoever has it: two such rules would both price all of it
        r.Rule(
            "one_price_of_use",
            "size_low is null and size_high is null and customer_kind is null "
            f"or kind in ({_quoted(sorted(BY_CUSTOMER))}) and (kind <> 'FIXED_MONTHLY' or measure is null)",
            ("kind", "size_low", "size_high", "customer_kind"),
            nb(
                "En pris etter bruk kan ikke avhenge av innbyggertall eller kundetype: samme bruk ville bli fakturert "
                "etter hver pris. Gi alle samme pris, eller bruk en pris per kunde."
            )
            | en(
                "A price for use must not depend on inhabitants or kind of customer: the same use would be billed at "
                "each price. Give all the same price, or use a price per customer."
            ),
        ),
        # accounts and adapters are counted each month, and each count has the price
        r.Rule(
            "counted_by_month",
            "kind not in ('PER_ACCOUNT', 'PER_ADAPTER', 'FIXED_MONTHLY') "
            f"or split_part(unit, ' ', -1) not in ({_quoted([unit for unit, n in MONTHS_OF_UNIT.items() if n > 1])})",
            ("kind", "unit"),
            nb("En pris per konto eller adapter, og en fast månedspris, gjelder for en måned. Oppgi prisen per måned.")
            | en("A price per account or adapter, and a fixed monthly price, is for a month. State the monthly price."),
        ),
        # the ledger tells income of use at these services by its element
        r.Rule(
            "use_of_person_priced",
            f"price_element in ({_quoted(billing.PERSON_PRICED)}) "
            f"or service not in ({_quoted(usage.SENSITIVE_SERVICES)}) "
            f"or measure not in ({_quoted((*FLOWS, usage.DISPATCHES))})",
            ("price_element", "measure"),
            nb("Ved en følsom tjeneste må et element som ikke teller bruk, heller ikke prises etter bruk.")
            | en("At a sensitive service, an element that does not count use must not be priced by use."),
        ),
    ),
    together=price_rule_faults,
)
SERVICE_ALIAS = RegisterContract(
    "service_alias",
    nb("Tjenestenavn på faktura") | en("Service names on invoices"),
    nb("Én rad per navn.") | en("One row per alias."),
    reference.SERVICE_ALIAS.columns,
    _ECONOMY,
    seed="service_alias",
    rules=(r.one_of("service", SERVICES),),
)
INVOICE_ITEM = RegisterContract(
    "invoice_item",
    nb("Varer på faktura") | en("Items on invoices"),
    nb("Én rad per vare: tjenesten og priselementet som faktureringssystemets varenummer står for.")
    | en("One row per item: the service and price element that the invoicing system's item id stands for."),
    (
        c.text("item", "Varenummer", "Item", key=True).explained(
            "Selgerens varenummer; varens navn der den ikke har noe nummer.",
            "The seller's item id, or the item's name where it has no id.",
        ),
        c.SERVICE,
        c.text("price_element", "Priselement", "Price element"),
        c.text("name", "Navn på faktura", "Name on invoices", null=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.belongs("price_element", "service", SERVICE_OF_ELEMENT, SERVICES),
    ),
)
PARTY_ROLES = ("SELLER", "BUYER")
INVOICE_PARTY = RegisterContract(
    "invoice_party",
    nb("Parter på faktura") | en("Parties on invoices"),
    nb("Selgeren, som utkast til EHF må ha, og referanse og adresse for de betalerne som har oppgitt det.")
    | en("The seller, whom EHF drafts need, and the reference and address of payers who have given one."),
    (
        c.text("role", "Rolle", "Role", key=True).explained("SELLER eller BUYER.", "SELLER or BUYER."),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("name", "Navn", "Name", null=True),
        c.text("street", "Gateadresse", "Street", null=True),
        c.text("postal_code", "Postnummer", "Postal code", null=True),
        c.text("city", "Poststed", "City", null=True),
        c.text("reference", "Kundens referanse", "Buyer's reference", null=True).explained(
            "«Deres ref.» som betaleren krever på faktura; ikke en persons navn.",
            "The reference that the payer requires on invoices; not a person's name.",
        ),
        c.text("iban", "Bankkonto (IBAN)", "Bank account (IBAN)", null=True),
        c.int32("payment_days", "Dager til forfall", "Days until due", null=True),
        c.flag("company_register", "I Foretaksregisteret", "In the company register", null=True).explained(
            "Om selgeren må ha ordet Foretaksregisteret på faktura.",
            "Whether the seller's invoices must have the word Foretaksregisteret.",
        ),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("role", PARTY_ROLES),
        r.modulus_11("organisation_number"),
        r.matches("iban", "^NO[0-9]{13}$"),
        r.at_least("payment_days", 0),
        r.Rule(
            "seller_is_whole",
            "role <> 'SELLER' or (name is not null and postal_code is not null and city is not null "
            "and payment_days is not null)",
            ("role", "name", "postal_code", "city", "payment_days"),
            nb("Selgeren må ha navn, postnummer, poststed og dager til forfall.")
            | en("The seller must have a name, postal code, city and days until due."),
        ),
    ),
)
SOURCE_SYSTEM = RegisterContract(
    "source_system",
    nb("Fagsystemer") | en("Source systems"),
    nb("Én rad per navn slik det sendes.") | en("One row per name as sent."),
    (
        c.SOURCE_SYSTEM.but(key=True, null=False),
        c.text("system", "System", "System", null=True),
        c.text("supplier", "Leverandør", "Supplier", null=True),
        c.SUPPLIER_NUMBER,
        c.flag("sensitive", "Følsomt", "Sensitive", null=True),
        _SYNTHETIC,
    ),
    _PRODUCT_OWNER,
    rules=(r.modulus_11("supplier_number"),),
)
SUPPLIER_SUPPORT = RegisterContract(
    "supplier_support",
    nb("Systemstøtte for tjenester") | en("System support for services"),
    nb("Én rad per system og tjeneste.") | en("One row per system and service."),
    (
        c.text("system", "System", "System", key=True),
        c.text("supplier", "Leverandør", "Supplier", null=True),
        c.SERVICE.but(key=True),
        c.date("since", "Siden", "Since", null=True),
        c.text("source", "Kilde", "Source", null=True),
        _SYNTHETIC,
    ),
    _PRODUCT_OWNER,
    rules=(r.one_of("service", SERVICES),),
)
PAYER = RegisterContract(
    "payer",
    nb("Betalere") | en("Payers"),
    nb("Én rad per virksomhet, tjeneste og gyldighet.") | en("One row per organisation, service and validity."),
    (
        c.ORGANISATION_NUMBER.but(key=True),
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer")),
        c.SERVICE.but(key=True, null=True),
        _FROM.but(key=True),
        _TO,
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.modulus_11("organisation_number"), r.modulus_11("payer_number"), r.one_of("service", SERVICES)),
)
COST_MAPPING = RegisterContract(
    "cost_mapping",
    nb("Kostnadsplassering") | en("Cost mapping"),
    nb(
        "Én rad per konto, kostnadssted og gyldighet; en rad uten kostnadssted gjelder resten av "
        "kontoen. Kostnaden plasseres etter raden som gjelder i bilagets periode."
    )
    | en(
        "One row per account, cost centre and validity; a row without a cost centre applies to the rest "
        "of the account. A cost is mapped by the row valid in the entry's period."
    ),
    (
        c.text("account", "Konto", "Account", key=True),
        c.text("cost_center", "Kostnadssted", "Cost centre", key=True, null=True),
        c.SERVICE.but(null=True),
        c.text("cost_category", "Kostnadstype", "Category of cost", null=True),
        c.text("allocation_key", "Fordelingsnøkkel", "Allocation key", null=True).explained(
            f"Hva felleskostnad fordeles etter: {', '.join(KEYS)}.",
            f"What shared cost is allocated by: {', '.join(KEYS)}.",
        ),
        _FROM.but(key=True).explained(
            "Den første i en måned. Hvis tom: gjelder all tid før, også det som allerede er bokført.",
            "The first of a month. If null: applies to all earlier time, including what is already booked.",
        ),
        _TO,
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("cost_category", COST_CATEGORIES),
        r.first_of_month("valid_from"),
        r.first_of_month("valid_to"),
        _FROM_BEFORE_TO,
    ),
    together=_mapping_faults,
)
DIMENSION_USES = ("COST_CENTER", "PROJECT", "SERVICE", "NONE")
SAFT_ACCOUNT = RegisterContract(
    "saft_account",
    nb("Kontoer i SAF-T") | en("Accounts in SAF-T"),
    nb(
        "Én rad per konto i regnskapet: om linjene på den tas inn som kostnadsbilag fra SAF-T-filer. Linjer på kontoer "
        "som ikke er her, tas ikke inn, og kvitteringen nevner dem."
    )
    | en(
        "One row per account: whether its lines are taken from SAF-T files as cost entries. Lines of accounts that are "
        "not here are left out, and the receipt names them."
    ),
    (
        c.text("account", "Konto", "Account", key=True),
        c.flag("taken", "Tas inn", "Taken in"),
        c.text("kind", "Art eller standardkonto", "Kind or standard account", null=True),
        c.text("title", "Kontonavn", "Account name", null=True, free_text=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
)
SAFT_DIMENSION = RegisterContract(
    "saft_dimension",
    nb("Dimensjoner i SAF-T") | en("Dimensions in SAF-T"),
    nb("Én rad per dimensjon (AnalysisType) i regnskapet: hva den er i kostnadsbilagene.")
    | en("One row per dimension (AnalysisType) of the accounts: what it is in cost entries."),
    (
        c.text("analysis_type", "Dimensjon", "Dimension", key=True),
        c.text("use", "Er", "Is").explained(
            "COST_CENTER, PROJECT, SERVICE, eller NONE når den ikke skal følge med.",
            "COST_CENTER, PROJECT, SERVICE, or NONE where it is not to be carried.",
        ),
        c.text("title", "Navn", "Name", null=True, free_text=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.one_of("use", DIMENSION_USES),),
)
BUDGET = RegisterContract(
    "budget",
    nb("Budsjett") | en("Budget"),
    nb("Én rad per tjeneste, måned og type; både inntekt og kostnad er positive.")
    | en("One row per service, month and category; both income and cost are positive."),
    (
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.text("category", "Type", "Category", key=True),
        c.amount("amount_ore", "Beløp", "Amount"),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("category", ("INCOME", *COST_CATEGORIES)),
        r.first_of_month("month"),
    ),
)
PROJECT = RegisterContract(
    "project",
    nb("Prosjekter") | en("Projects"),
    nb("Én rad per prosjekt.") | en("One row per project."),
    (
        c.text("project", "Prosjekt", "Project", key=True),
        c.text("title", "Tittel", "Title", null=True),
        c.SERVICE.but(null=True).explained("Tom før lansering.", "Null until launch."),
        c.text("financing", "Finansiering", "Financing"),
        c.text("phase", "Fase", "Phase", null=True),
        c.amount("granted_ore", "Bevilget", "Granted", null=True),
        c.date("decided_on", "Vedtatt", "Decided on", null=True),
        c.MONTH.but(name="launch_month", title=nb("Lansert") | en("Launched"), null=True),
        c.int64("expected_adopters", "Forventede brukere", "Expected adopters", "virksomheter", null=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.one_of("service", OWN_SERVICES), r.one_of("financing", ("DIGIFIN", "INTERN", "EKSTERN"))),
)
NETWORK_MEMBER = RegisterContract(
    "network_member",
    nb("Nettverksmedlemmer") | en("Network members"),
    nb("Én rad per nettverk, kommune og gyldighet.") | en("One row per network, municipality and validity."),
    reference.NETWORK_MEMBER.columns,
    _NETWORKS,
    seed="network_member",
    rules=(r.one_of("municipality_code", _CODES),),
)
CONTACT = RegisterContract(
    "contact",
    nb("Kontaktadresser") | en("Contacts"),
    nb("Én rad per kommune, tjeneste og funksjon, bare med funksjonsadresser.")
    | en("One row per municipality, service and function, with shared function addresses only."),
    (
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True, null=True),
        c.text("function", "Funksjon", "Function", key=True),
        c.text("address", "Funksjonsadresse", "Function address"),
        _SYNTHETIC,
    ),
    _NETWORKS,
    rules=(r.one_of("municipality_code", _CODES), r.one_of("service", SERVICES)),
)
FOLLOW_UP = RegisterContract(
    "follow_up",
    nb("Oppfølging") | en("Follow-up"),
    nb("Én rad per kommune og tjeneste.") | en("One row per municipality and service."),
    (
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        c.text("status", "Status", "Status"),
        c.date("followed_up_on", "Fulgt opp", "Followed up on", null=True),
        c.text("note", "Merknad", "Note", null=True),
    ),
    _NETWORKS,
    rules=(r.one_of("municipality_code", _CODES), r.one_of("service", SERVICES), r.one_of("status", FOLLOW_UPS)),
)
CHOICES = {FOLLOW_UP.name: {"status": FOLLOW_UP_WORDS}}
"""By register and column: the codes that people choose between, and their labels."""
GUIDE = nb("Slik fyller du ut") | en("How to fill it in")
"""The name of the sheet beside a form that explains how to fill it in; it is not read."""
DONE_ON = {FOLLOW_UP.name: ("followed_up_on",)}
"""By register: the columns for the day something was done, which is never in the future."""
PERIOD = RegisterContract(
    "period",
    nb("Lukkede perioder") | en("Closed periods"),
    nb("Én rad per kvartal.") | en("One row per quarter."),
    (
        c.text("quarter", "Kvartal", "Quarter", key=True),
        c.text("closed_by", "Lukket av (funksjon)", "Closed by (function)"),
        c.text("release", "Utgave", "Release", null=True),
        c.text("status", "Status", "Status"),
        c.timestamp("changed_at", "Lukket eller gjenåpnet", "Closed or reopened at", null=True),
        c.timestamp("counted_until", "Regnet med til", "Counted until", null=True).explained(
            "Mottakstidspunkt for den siste sendingen i utgaven. Senere poster føres i neste åpne periode.",
            "When the last batch in the release was received. Later entries go to the next open period.",
        ),
        c.text("reason", "Begrunnelse", "Reason", null=True),
    ),
    _ECONOMY,
    rules=(r.matches("quarter", QUARTER), r.one_of("status", PERIOD_STATES)),
)
CLOSED_AMOUNT = RegisterContract(
    "closed_amount",
    nb("Beløp i lukkede perioder") | en("Amounts in closed periods"),
    nb(
        "Én rad per kvartal, måned, opprinnelig måned, tjeneste, prosjekt, art og type: summen ved "
        "lukkingen. Plattformen fører registeret selv, ett kvartal om gangen, og holder perioden uendret "
        "så lenge kvartalet er lukket."
    )
    | en(
        "One row per quarter, month, original month, service, project, account, category: the sum at "
        "closing. The platform maintains the register itself, one quarter at a time, and keeps the "
        "period unchanged while the quarter is closed."
    ),
    (
        c.text("quarter", "Kvartal", "Quarter", key=True),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period"), key=True),
        c.MONTH.but(name="original_period", title=nb("Opprinnelig periode") | en("Original period"), key=True),
        c.SERVICE.but(key=True, null=True),
        c.text("project", "Prosjekt", "Project", key=True, null=True).explained(
            "Tom utenfor prosjektene, og i kvartaler som ble lukket før prosjekt ble ført.",
            "Null outside projects, and in quarters closed before projects were recorded.",
        ),
        c.text("account", "Art", "Account", key=True),
        c.text("category", "Type", "Category", key=True, null=True),
        c.amount("amount_ore", "Beløp", "Amount"),
        _SYNTHETIC,
        c.flag("signed", "Med fortegn", "Signed", null=True).explained(
            "Beløp som reduserer et lån, er negative. Tom for kvartaler som ble lukket før fortegn ble ført.",
            "Amounts that reduce a loan are negative. Null for quarters closed before signs were recorded.",
        ),
    ),
    _ECONOMY,
    rules=(
        r.matches("quarter", QUARTER),
        r.one_of("service", SERVICES),
        r.first_of_month("period"),
        r.first_of_month("original_period"),
        r.Rule(
            "period_in_quarter",
            "year(period) || '-Q' || quarter(period) = quarter and original_period <= period",
            ("quarter", "period", "original_period"),
            nb("Måneden må ligge i kvartalet, og kan ikke være før den opprinnelige måneden.")
            | en("The month must be in the quarter, and not before the original month."),
        ),
    ),
    part="quarter",
)
INVOICE_RUN = RegisterContract(
    "invoice_run",
    nb("Uttak av fakturagrunnlag") | en("Invoice bases exported"),
    nb("Én rad per kvartal og utgave. `dif invoice basis` fører registeret; `dif invoice diff` sammenligner med det.")
    | en(
        "One row per quarter and release. `dif invoice basis` maintains the register; `dif invoice diff` "
        "compares with it."
    ),
    (
        c.text("quarter", "Kvartal", "Quarter", key=True),
        c.text("release", "Utgave", "Release", key=True),
        c.text("content_hash", "Innholdssum", "Content hash").explained(
            "Av kvartalets linjer.", "Of the lines for the quarter."
        ),
        c.count("lines", "Linjer", "Lines", "linjer"),
        c.amount("amount_ore", "Beløp som er klart", "Amount that is ready"),
        c.amount("waiting_ore", "Beløp som ikke er klart", "Amount that is not ready"),
        c.flag("provisional", "Foreløpig", "Provisional").explained(
            "Kvartalet var ikke over da grunnlaget ble tatt ut.",
            "The quarter was not over when the basis was exported.",
        ),
        c.text("made_by", "Tatt ut av (funksjon)", "Taken out by (function)"),
        c.timestamp("made_at", "Tatt ut", "Taken out at"),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.matches("quarter", QUARTER), r.at_least("lines", 1)),
)
PRICE_DECISION = RegisterContract(
    "price_decision",
    nb("Foreslåtte og vedtatte priser") | en("Proposed and decided prices"),
    nb("Én rad per pris, år og beregning, med grunnlaget for beregningen.")
    | en("One row per price, year and calculation, with its inputs."),
    (
        c.SERVICE.but(key=True),
        c.text("price_element", "Priselement", "Price element", key=True),
        c.text("channel", "Kanal eller meldingstype", "Channel or message type", key=True, null=True),
        c.int64("size_low", "Fra innbyggere", "From inhabitants", "innbyggere", key=True, null=True),
        c.int32("year", "År", "Year", "år", key=True),
        c.text("scenario", "Beregning", "Calculation", key=True),
        c.text("status", "Status", "Status"),
        c.price("price", "Pris", "Price"),
        c.text("unit", "Enhet", "Unit"),
        c.text("assumptions", "Forutsetninger", "Assumptions", null=True).explained("Som JSON.", "As JSON."),
        c.text("release", "Utgave", "Release", null=True),
        c.text("decided_by", "Foreslått eller vedtatt av (funksjon)", "Proposed or decided by (function)"),
        c.date("decided_on", "Foreslått eller vedtatt", "Proposed or decided on"),
        c.text("proposed_by", "Foreslått av (funksjon)", "Proposed by (function)", null=True).explained(
            "Funksjonen beregningen går tilbake til hvis vedtaket omgjøres. Tom hvis prisen ble foreslått "
            "før dette ble ført.",
            "The function the calculation returns to if the decision is undone. Null if proposed before this "
            "was recorded.",
        ),
        c.date("proposed_on", "Foreslått", "Proposed on", null=True),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.one_of("status", ("PROPOSED", "DECIDED")),
        r.at_least("price", 0),
        r.between("year", 2012, 2099),
    ),
)
SELF_COST_RULE = RegisterContract(
    "self_cost_rule",
    nb("Regler for selvkost") | en("Rules of self-cost"),
    nb(
        "Én rad per regel, tjeneste og gyldighet: hvilke selvkostregler som følges, og med hvilken verdi. En regel "
        "uten rad følges ikke. Reglene og kildene til dem står i docs/self-cost.md."
    )
    | en(
        "One row per rule, service and validity: which rules of self-cost are followed, and with what value. A rule "
        "without a row is not followed. The rules and their sources are in docs/self-cost.md."
    ),
    (
        c.text("rule", "Regel", "Rule", key=True).explained(
            f"{', '.join(self_cost_rules.RULES)}.", f"{', '.join(self_cost_rules.RULES)}."
        ),
        c.SERVICE.but(key=True, null=True).explained(
            "For calculated_depreciation og fixed_assets; ellers tom.",
            "For calculated_depreciation and fixed_assets; otherwise null.",
        ),
        _FROM.but(key=True, null=False).explained("En 1. januar.", "A 1 January."),
        _TO.explained(
            "Den 1. januar regelen ikke lenger gjelder. Verdier som er kjent for ett år om gangen, må ha den.",
            "The 1 January on which it is no longer valid. Values that are known a year at a time must have it.",
        ),
        c.text("choice", "Valg", "Choice", null=True).explained(
            "FOLLOWED eller NOT_FOLLOWED for balance_interest, CARRIED eller COVERED for deficit; navnet på renten "
            "eller deflatoren for calculated_interest og price_deflator.",
            "FOLLOWED or NOT_FOLLOWED for balance_interest, CARRIED or COVERED for deficit; the name of the rate or "
            "the deflator for calculated_interest and price_deflator.",
        ),
        c.quantity("value", "Verdi", "Value", "etter regel", null=True, additivity=Additivity.NONE).explained(
            "År for settle_deficit_years, prosent for renten og deflatoren, kroner i året for avskrivning, kroner for "
            "anleggsmidlenes gjennomsnittlige restverdi. Tom når valget ikke har noen verdi.",
            "Years for settle_deficit_years, per cent for the rate and the deflator, kroner a year for depreciation, "
            "kroner for the mean residual value of fixed assets. Null where the choice has no value.",
        ),
        c.text("source", "Kilde", "Source").explained(
            "Hvem som har vedtatt valget, eller hvor verdien er hentet.",
            "Who has decided the choice, or where the value is from.",
        ),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.one_of("rule", tuple(self_cost_rules.RULES)), r.one_of("service", OWN_SERVICES), _FROM_BEFORE_TO),
    together=self_cost_rules.register_faults,
)
DECISION = RegisterContract(
    "decision",
    nb("Avgjørelser") | en("Decisions"),
    nb("Én rad per nøkkel i konflikt, med sendingen som gjelder.")
    | en("One row per key in conflict, with the batch that applies."),
    (
        c.text("stream", "Strøm", "Stream", key=True),
        c.text("producer", "Produsent", "Producer", key=True),
        c.text("record_key", "Nøkkel", "Key", key=True).explained(
            "Nøkkelens kolonner i rekkefølge, skilt med /.", "The key's columns in order, separated by /."
        ),
        c.text("batch_id", "Sending som har rett", "Batch that is right"),
        c.text("reason", "Begrunnelse", "Reason"),
    ),
    "team:dif",
    rules=(r.one_of("stream", DECIDABLE),),
)
CODE_DECISION = RegisterContract(
    "code_decision",
    nb("Avgjorte kommunenumre") | en("Decided municipality codes"),
    nb("Én rad per produsent og rapportert kode som reglene ikke kan tolke, med betydningen.")
    | en("One row per producer and reported code that the rules cannot resolve, with its meaning."),
    (
        c.text("producer", "Produsent", "Producer", key=True),
        c.MUNICIPALITY_CODE.but(name="reported_code", title=nb("Rapportert kode") | en("Reported code"), key=True),
        c.MUNICIPALITY_CODE.but(title=nb("Betyr (dagens inndeling)") | en("Means (division of now)")),
        c.text("reason", "Begrunnelse", "Reason"),
    ),
    "team:dif",
    seed="code_decision",
    rules=(r.of_now("municipality_code"),),
)
ORGANISATION = RegisterContract(
    "organisation",
    nb("Andre virksomheter") | en("Other organisations"),
    nb(
        "Én rad per virksomhet som mangler i de medfølgende grunndataene: selskaper og andre, og "
        "sammenslåtte kommuner med tidligere kommunenummer og etterfølger."
    )
    | en(
        "One row per organisation missing from the bundled facts: companies and others, and merged "
        "municipalities with their former code and successor."
    ),
    (
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("name", "Navn", "Name"),
        c.text("kind", "Type", "Kind"),
        c.MUNICIPALITY_CODE.but(null=True).explained(
            "Kommunenummeret virksomheten hadde; det kan være fra før en reform.",
            "The code that the organisation had; it may be from before a reform.",
        ),
        c.COUNTY_CODE.but(null=True),
        _FROM,
        _TO,
        c.ORGANISATION_NUMBER.but(
            name="successor_number", title=nb("Etterfølger") | en("Successor"), null=True
        ).explained("Virksomheten den er en del av i dag.", "The organisation that it is part of today."),
        _SYNTHETIC,
    ),
    _PRODUCT_OWNER,
    rules=(
        r.modulus_11("organisation_number"),
        r.modulus_11("successor_number"),
        r.one_of("kind", ("MUNICIPALITY", "COMPANY", "OTHER")),
        r.one_of("municipality_code", _CODES),
        r.Rule(
            "merged_municipality_is_whole",
            "kind <> 'MUNICIPALITY' or (municipality_code is not null and valid_to is not null "
            "and successor_number is not null)",
            ("kind", "municipality_code", "valid_to", "successor_number"),
            nb("En kommune i registeret er slått sammen og må ha kommunenummer, sluttdato og etterfølger.")
            | en("A municipality in the register has merged and must have a code, an end date and a successor."),
        ),
    ),
    together=_organisation_faults,
)
ANNOTATION = RegisterContract(
    "annotation",
    nb("Merknader til diagrammer") | en("Chart annotations"),
    nb("Én rad per hendelse som forklarer et brudd i tallene, med teksten som står under diagrammet.")
    | en("One row per event that explains a break in the figures, with the text that stands below the chart."),
    reference.ANNOTATION.columns,
    _PRODUCT_OWNER,
    rules=(*reference.ANNOTATION.rules, r.one_of("service", SERVICES)),
)

REGISTERS = {
    x.name: x
    for x in (
        PRODUCT,
        PRICE_RULE,
        SERVICE_ALIAS,
        INVOICE_ITEM,
        INVOICE_PARTY,
        SOURCE_SYSTEM,
        SUPPLIER_SUPPORT,
        PAYER,
        COST_MAPPING,
        SAFT_ACCOUNT,
        SAFT_DIMENSION,
        BUDGET,
        PROJECT,
        NETWORK_MEMBER,
        CONTACT,
        FOLLOW_UP,
        PERIOD,
        CLOSED_AMOUNT,
        INVOICE_RUN,
        PRICE_DECISION,
        SELF_COST_RULE,
        DECISION,
        CODE_DECISION,
        ORGANISATION,
        ANNOTATION,
    )
}
"""Every register by name."""
RETIRED = frozenset({"hidden_cell"})
"""Registers of earlier versions of the program. What landed of them stays, and nothing reads it."""
