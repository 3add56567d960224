"""Registers: tables that people keep. Each lands whole, as a new version, with who, when and why.

A register's rows are typed by its contract here, whatever file they came in. What is not known is left empty,
never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Column, RegisterContract
from catalog.domain.allocation import KEYS
from catalog.domain.pricing import CountedOn, PriceKind, said_of_rules
from catalog.domain.products import OWN_SERVICES, PRICE_ELEMENTS, SERVICE_OF_ELEMENT, SERVICES
from catalog.facts import read
from catalog.tables import reference
from catalog.tables.streams import COST_CATEGORIES
from catalog.tables.uptake import CUSTOMER_KINDS
from catalog.tables.uptake_calls import FOLLOW_UP_WORDS, FOLLOW_UPS
from catalog.text import en, nb

QUARTER = "[0-9]{4}-Q[1-4]"
PERIOD_STATES = ("CLOSED", "REOPENED")
_CODES = tuple(row["code"] for row in read("municipality"))
DECIDABLE = ("measurement", "adoption", "invoice_line", "cost_entry", "loan_entry")
_PRODUCT_OWNER = "team:produkt"
_ECONOMY = "team:okonomi"
_NETWORKS = "team:nettverk"
_SYNTHETIC = c.SYNTHETIC.but(null=True)


def _text(name: str, nb_title: str, en_title: str, *, key: bool = False, null: bool = True) -> Column:
    return Column(name, pa.string(), nb(nb_title) | en(en_title), key=key, null=null and not key)


def _date(name: str, nb_title: str, en_title: str, *, key: bool = False, null: bool = True) -> Column:
    return Column(name, pa.date32(), nb(nb_title) | en(en_title), key=key, null=null)


_FROM = _date("valid_from", "Gjelder fra", "Valid from")
_TO = _date("valid_to", "Gjelder til", "Valid to").but(
    about=nb("Første dag den ikke gjelder.") | en("The first day it is not valid.")
)
_FROM_BEFORE_TO = r.Rule(
    "valid_from_before_valid_to",
    "valid_from < valid_to",
    ("valid_from", "valid_to"),
    nb("valid_to må være etter valid_from.") | en("valid_to must be after valid_from."),
)


def _said_of_mapping(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """What is wrong with the register `cost_mapping` as a whole: a month in which two rows place the same cost.

    Two rows without dates are none: an empty cost centre and a missing one have always been one row.
    """
    spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for row in rows:
        place = (str(row["account"]).strip(), str(row["cost_center"] or "").strip())
        first, end = row["valid_from"], row["valid_to"]
        spans.setdefault(place, []).append(
            (first if isinstance(first, date) else date.min, end if isinstance(end, date) else date.max)
        )
    faults = []
    for (account, center), held in sorted(spans.items()):
        for (first, end), (later, later_end) in pairwise(sorted(held)):
            if later < end and (first, end, later, later_end) != (date.min, date.max, date.min, date.max):
                of_center = f", cost centre {center}" if center else ""
                since = later if later > date.min else "the first"
                faults.append(f"account {account}{of_center}: two rows hold from {since}; end the one before")
    return faults


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
        _text("price_element", "Priselement", "Price element", key=True),
        c.SERVICE,
        _text("kind", "Prisregel", "Kind of price rule", null=False),
        _FROM.but(key=True),
        _TO,
        Column("amount", pa.decimal128(18, 6), nb("Beløp") | en("Amount"), unit="kr"),
        _text("unit", "Enhet", "Unit", null=False).but(
            about=nb("Slutter den på «måned», gjelder prisen hver måned; pris per kunde ellers hvert år.")
            | en("Ending in 'måned', it is a price a month; what is priced by the customer else a price a year.")
        ),
        _text("channel", "Kanal", "Channel", key=True).but(
            null=True,
            about=nb("Eller meldingstype: målingens kilde.") | en("Or type of message: the measurement's source."),
        ),
        Column(
            "size_low",
            pa.int64(),
            nb("Fra innbyggere") | en("From inhabitants"),
            key=True,
            null=True,
            unit="innbyggere",
        ),
        Column("size_high", pa.int64(), nb("Til innbyggere") | en("Up to inhabitants"), null=True, unit="innbyggere"),
        _text("customer_kind", "Kundetype", "Kind of customer", key=True).but(
            null=True,
            about=nb(
                "MUNICIPALITY, COUNTY, COMPANY eller OTHER. Tom: kommuner der regelen spør etter innbyggere, "
                "fylkeskommuner der measure er kundetype, ellers alle."
            )
            | en(
                "MUNICIPALITY, COUNTY, COMPANY or OTHER. Null: municipalities where the rule asks for inhabitants, "
                "counties where measure is kundetype, else all."
            ),
        ),
        _text("measure", "Mål", "Measure").but(
            about=nb("Det som telles; for faste priser det kunden må ha for å betale den.")
            | en("What is counted; of a fixed price, what the customer must have to pay it.")
        ),
        *reference.HOW_COUNTED,
        _text("rounding", "Avrunding", "Rounding"),
        _text("source", "Kilde", "Source"),
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
            nb("En pris per kanal må si hvilken kanal.") | en("A price per channel must say which channel."),
        ),
    ),
    together=said_of_rules,
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
SOURCE_SYSTEM = RegisterContract(
    "source_system",
    nb("Fagsystemer") | en("Source systems"),
    nb("Én rad per navn slik det sendes.") | en("One row per name as it is sent."),
    (
        c.SOURCE_SYSTEM.but(key=True, null=False),
        _text("system", "System", "System"),
        _text("supplier", "Leverandør", "Supplier"),
        c.SUPPLIER_NUMBER,
        Column("sensitive", pa.bool_(), nb("Følsomt") | en("Sensitive"), null=True),
        _SYNTHETIC,
    ),
    _PRODUCT_OWNER,
    rules=(r.modulus_11("supplier_number"),),
)
SUPPLIER_SUPPORT = RegisterContract(
    "supplier_support",
    nb("Hvem som støtter hva") | en("Who supports what"),
    nb("Én rad per system og tjeneste.") | en("One row per system and service."),
    (
        _text("system", "System", "System", key=True),
        _text("supplier", "Leverandør", "Supplier"),
        c.SERVICE.but(key=True),
        _date("since", "Siden", "Since"),
        _text("source", "Kilde", "Source"),
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
    nb("Plassering av kostnad") | en("Mapping of cost"),
    nb(
        "Én rad per konto, kostnadssted og gyldighet; uten kostnadssted gjelder den kontoen ellers. En kostnad "
        "plasseres av raden som gjelder i bilagets periode."
    )
    | en(
        "One row per account, cost centre and validity; without a cost centre it is for the rest of the account. A "
        "cost is placed by the row that is valid in the entry's period."
    ),
    (
        _text("account", "Konto", "Account", key=True),
        _text("cost_center", "Kostnadssted", "Cost centre", key=True).but(null=True),
        c.SERVICE.but(null=True),
        _text("cost_category", "Kostnadstype", "Category of cost"),
        _text("allocation_key", "Fordelingsnøkkel", "Allocation key").but(
            about=nb(f"Hva felleskostnad fordeles etter: {', '.join(KEYS)}.")
            | en(f"What shared cost is allocated by: {', '.join(KEYS)}.")
        ),
        _FROM.but(
            key=True,
            about=nb("Den første i en måned. Tom: for all tid før, også det som alt er bokført.")
            | en("The first of a month. Null: for all time before, what is booked already too."),
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
    together=_said_of_mapping,
)
BUDGET = RegisterContract(
    "budget",
    nb("Budsjett") | en("Budget"),
    nb("Én rad per tjeneste, måned og type; inntekt og kostnad er begge positive.")
    | en("One row per service, month, category; income and cost are both positive."),
    (
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        _text("category", "Type", "Category", key=True),
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
        _text("project", "Prosjekt", "Project", key=True),
        _text("title", "Tittel", "Title"),
        c.SERVICE.but(null=True, about=nb("Tom før lansering.") | en("Null until launch.")),
        _text("financing", "Finansiering", "Financing", null=False),
        _text("phase", "Fase", "Phase"),
        c.amount("granted_ore", "Bevilget", "Granted", null=True),
        _date("decided_on", "Vedtatt", "Decided on"),
        c.MONTH.but(name="launch_month", title=nb("Lansert") | en("Launched"), null=True),
        Column(
            "expected_adopters",
            pa.int64(),
            nb("Forventede brukere") | en("Expected adopters"),
            null=True,
            unit="virksomheter",
        ),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.one_of("service", OWN_SERVICES), r.one_of("financing", ("DIGIFIN", "INTERN", "EKSTERN"))),
)
NETWORK_MEMBER = RegisterContract(
    "network_member",
    nb("Medlemmer i nettverk") | en("Members of networks"),
    nb("Én rad per nettverk, kommune og gyldighet.") | en("One row per network, municipality and validity."),
    reference.NETWORK_MEMBER.columns,
    _NETWORKS,
    seed="network_member",
    rules=(r.one_of("municipality_code", _CODES),),
)
CONTACT = RegisterContract(
    "contact",
    nb("Kontaktpunkt") | en("Contacts"),
    nb("Én rad per kommune, tjeneste og funksjon; bare funksjonsadresser.")
    | en("One row per municipality, service and function; function addresses only."),
    (
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True, null=True),
        _text("function", "Funksjon", "Function", key=True),
        _text("address", "Funksjonsadresse", "Function address", null=False),
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
        _text("status", "Status", "Status", null=False),
        _date("followed_up_on", "Fulgt opp", "Followed up on"),
        _text("note", "Merknad", "Note"),
    ),
    _NETWORKS,
    rules=(
        r.one_of("municipality_code", _CODES),
        r.one_of("service", SERVICES),
        r.one_of("status", FOLLOW_UPS),
    ),
)
CHOICES = {FOLLOW_UP.name: {"status": FOLLOW_UP_WORDS}}
"""By register and column: the codes that people choose between, and what they are called where they choose."""
GUIDE = nb("Slik fyller du ut") | en("How to fill it in")
"""What the sheet beside a form is called, which says how to fill it in and is not read."""
DONE_ON = {FOLLOW_UP.name: ("followed_up_on",)}
"""By register: the days on which something was done. None is still to come."""
PERIOD = RegisterContract(
    "period",
    nb("Lukkede perioder") | en("Closed periods"),
    nb("Én rad per kvartal.") | en("One row per quarter."),
    (
        _text("quarter", "Kvartal", "Quarter", key=True),
        _text("closed_by", "Lukket av (funksjon)", "Closed by (function)", null=False),
        _text("release", "Utgave", "Release"),
        _text("status", "Status", "Status", null=False),
        Column(
            "changed_at",
            c.TIMESTAMP,
            nb("Lukket eller gjenåpnet") | en("Closed or reopened at"),
            null=True,
        ),
        Column(
            "counted_until",
            c.TIMESTAMP,
            nb("Regnet med til") | en("Counted until"),
            nb("Da den siste sendingen som utgaven regnet med, ble mottatt. Senere poster føres i neste åpne periode.")
            | en(
                "When the last batch that the release counted was received. Later entries go to the next open period."
            ),
            null=True,
        ),
        _text("reason", "Begrunnelse", "Reason"),
    ),
    _ECONOMY,
    rules=(r.matches("quarter", QUARTER), r.one_of("status", PERIOD_STATES)),
)
CLOSED_AMOUNT = RegisterContract(
    "closed_amount",
    nb("Beløp i lukkede perioder") | en("Amounts of closed periods"),
    nb(
        "Én rad per kvartal, måned, opprinnelig måned, tjeneste, prosjekt, art og type: summen ved lukkingen. "
        "Plattformen fører det selv, et kvartal om gangen; det holder perioden i ro så lenge kvartalet er lukket."
    )
    | en(
        "One row per quarter, month, original month, service, project, account, category: the sum at the closing. "
        "The platform keeps it itself, a quarter at a time; it holds the period still as long as the quarter is closed."
    ),
    (
        _text("quarter", "Kvartal", "Quarter", key=True),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period"), key=True),
        c.MONTH.but(name="original_period", title=nb("Opprinnelig periode") | en("Original period"), key=True),
        c.SERVICE.but(key=True, null=True),
        _text("project", "Prosjekt", "Project", key=True).but(
            null=True,
            about=nb("Tom utenfor prosjektene, og i kvartaler som ble lukket før beløpene navnga prosjekt.")
            | en("Null outside projects, and in quarters that were closed before amounts named projects."),
        ),
        _text("account", "Art", "Account", key=True),
        _text("category", "Type", "Category", key=True).but(null=True),
        c.amount("amount_ore", "Beløp", "Amount"),
        _SYNTHETIC,
        Column(
            "signed",
            pa.bool_(),
            nb("Med fortegn") | en("Signed"),
            nb("Det som minsker et lån, har minus. Tom: lukket før det hadde det.")
            | en("What lessens a loan has a minus. Null: closed before it had."),
            null=True,
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
            nb("Måneden ligger ikke i kvartalet, eller før den opprinnelige.")
            | en("The month does not lie in the quarter, or lies before the original one."),
        ),
    ),
    part="quarter",
)
INVOICE_RUN = RegisterContract(
    "invoice_run",
    nb("Fakturagrunnlag som er tatt ut") | en("Invoice bases that were taken out"),
    nb("Én rad per kvartal og utgave. `dif invoice basis` fører det selv; `dif invoice diff` sammenligner mot det.")
    | en("One row per quarter and release. `dif invoice basis` keeps it itself; `dif invoice diff` compares with it."),
    (
        _text("quarter", "Kvartal", "Quarter", key=True),
        _text("release", "Utgave", "Release", key=True),
        _text("content_hash", "Innholdssum", "Content hash", null=False).but(
            about=nb("Av kvartalets linjer.") | en("Of the quarter's lines.")
        ),
        c.count("lines", "Linjer", "Lines", "linjer"),
        c.amount("amount_ore", "Beløp som er klart", "Amount that is ready"),
        c.amount("waiting_ore", "Beløp som ikke er klart", "Amount that is not ready"),
        Column(
            "provisional",
            pa.bool_(),
            nb("Foreløpig") | en("Provisional"),
            nb("Kvartalet var ikke over da det ble tatt ut.") | en("The quarter was not over when it was taken out."),
        ),
        _text("made_by", "Tatt ut av (funksjon)", "Taken out by (function)", null=False),
        Column("made_at", c.TIMESTAMP, nb("Tatt ut") | en("Taken out at")),
        _SYNTHETIC,
    ),
    _ECONOMY,
    rules=(r.matches("quarter", QUARTER), r.at_least("lines", 1)),
)
PRICE_DECISION = RegisterContract(
    "price_decision",
    nb("Foreslåtte og vedtatte priser") | en("Proposed and decided prices"),
    nb("Én rad per pris, år og navn på beregningen, med hva som gikk inn i den.")
    | en("One row per price, year and name of the calculation, with what went into it."),
    (
        c.SERVICE.but(key=True),
        _text("price_element", "Priselement", "Price element", key=True),
        _text("channel", "Kanal eller meldingstype", "Channel or message type", key=True).but(null=True),
        Column(
            "size_low",
            pa.int64(),
            nb("Fra innbyggere") | en("From inhabitants"),
            key=True,
            null=True,
            unit="innbyggere",
        ),
        Column("year", pa.int32(), nb("År") | en("Year"), key=True),
        _text("scenario", "Beregning", "Calculation", key=True),
        _text("status", "Status", "Status", null=False),
        Column("price", pa.decimal128(18, 6), nb("Pris") | en("Price"), unit="kr"),
        _text("unit", "Enhet", "Unit", null=False),
        _text("assumptions", "Forutsetninger", "Assumptions").but(about=nb("Som JSON.") | en("As JSON.")),
        _text("release", "Utgave", "Release"),
        _text("decided_by", "Foreslått eller vedtatt av (funksjon)", "Proposed or decided by (function)", null=False),
        _date("decided_on", "Foreslått eller vedtatt", "Proposed or decided on", null=False),
        _text("proposed_by", "Foreslått av (funksjon)", "Proposed by (function)").but(
            about=nb("Den beregningen igjen er fra, om et vedtak gjøres om. Tom: foreslått før dette ble ført.")
            | en("Whose the calculation is again where a decision is undone. Null: proposed before this was kept.")
        ),
        _date("proposed_on", "Foreslått", "Proposed on"),
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
DECISION = RegisterContract(
    "decision",
    nb("Avgjørelser") | en("Decisions"),
    nb("Én rad per nøkkel i konflikt: hvilken sending som har rett.")
    | en("One row per key in conflict: which batch is right."),
    (
        _text("stream", "Strøm", "Stream", key=True),
        _text("producer", "Produsent", "Producer", key=True),
        _text("record_key", "Nøkkel", "Key", key=True).but(
            about=nb("Nøkkelens kolonner i rekkefølge, med / mellom.")
            | en("The key's columns in order, with / between.")
        ),
        _text("batch_id", "Sending som har rett", "Batch that is right", null=False),
        _text("reason", "Begrunnelse", "Reason", null=False),
    ),
    "team:dif",
    rules=(r.one_of("stream", DECIDABLE),),
)
CODE_DECISION = RegisterContract(
    "code_decision",
    nb("Avgjorte kommunenummer") | en("Decided municipality codes"),
    nb("Én rad per produsent og rapportert kode som reglene ikke tolker, og hva den betyr.")
    | en("One row per producer and reported code that the rules do not resolve, and what it means."),
    (
        _text("producer", "Produsent", "Producer", key=True),
        c.MUNICIPALITY_CODE.but(name="reported_code", title=nb("Rapportert kode") | en("Reported code"), key=True),
        c.MUNICIPALITY_CODE.but(title=nb("Betyr (dagens inndeling)") | en("Means (division of now)")),
        _text("reason", "Begrunnelse", "Reason", null=False),
    ),
    "team:dif",
    seed="code_decision",
    rules=(r.one_of("municipality_code", _CODES),),
)
ORGANISATION = RegisterContract(
    "organisation",
    nb("Andre virksomheter") | en("Other organisations"),
    nb(
        "Én rad per virksomhet som ikke står i faktaene som følger med: selskaper og andre, og kommuner som er slått "
        "sammen, med koden de hadde da og etterfølgeren."
    )
    | en(
        "One row per organisation that the bundled facts lack: companies and others, and municipalities that merged, "
        "with the code they had then and their successor."
    ),
    (
        c.ORGANISATION_NUMBER.but(key=True),
        _text("name", "Navn", "Name", null=False),
        _text("kind", "Type", "Kind", null=False),
        c.MUNICIPALITY_CODE.but(
            null=True,
            about=nb("Koden virksomheten hadde; den kan være fra før en reform.")
            | en("The code that the organisation had; it may be from before a reform."),
        ),
        c.COUNTY_CODE.but(null=True),
        _FROM,
        _TO,
        c.ORGANISATION_NUMBER.but(
            name="successor_number",
            title=nb("Etterfølger") | en("Successor"),
            about=nb("Virksomheten den gikk inn i.") | en("The organisation that it became part of."),
            null=True,
        ),
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
            nb("En kommune her er slått sammen: den har kode, sluttdato og etterfølger.")
            | en("A municipality here has merged: it has a code, an end and a successor."),
        ),
    ),
)
CELL_STATES = ("HIDDEN", "SHOWN")
HIDDEN_CELL = RegisterContract(
    "hidden_cell",
    nb("Skjulte celler") | en("Hidden cells"),
    nb(
        "Én rad per celle som er skjult for godt, og per landstall som er vist. Plattformen fører det selv; det som er "
        "landet, gjelder, også når senere versjoner ikke nevner det."
    )
    | en(
        "One row per cell that is hidden for good, and per national total that was shown. The platform keeps it "
        "itself; what has landed holds, also where later versions do not name it."
    ),
    (
        _text("dataset", "Datasett", "Dataset", key=True),
        c.MONTH.but(key=True),
        _text("cell", "Celle", "Cell", key=True).but(
            about=nb("Det av nøkkelen som ikke er måneden, med / mellom.")
            | en("The key without the month, with / between.")
        ),
        _text("state", "Tilstand", "State", key=True).but(
            about=nb("HIDDEN, eller SHOWN for et landstall i en følsom tjeneste som er vist.")
            | en("HIDDEN, or SHOWN for a national total of a sensitive service that was shown.")
        ),
    ),
    "team:dif",
    rules=(r.one_of("state", CELL_STATES), r.first_of_month("month")),
)

REGISTERS = {
    x.name: x
    for x in (
        PRODUCT,
        PRICE_RULE,
        SERVICE_ALIAS,
        SOURCE_SYSTEM,
        SUPPLIER_SUPPORT,
        PAYER,
        COST_MAPPING,
        BUDGET,
        PROJECT,
        NETWORK_MEMBER,
        CONTACT,
        FOLLOW_UP,
        PERIOD,
        CLOSED_AMOUNT,
        INVOICE_RUN,
        PRICE_DECISION,
        DECISION,
        CODE_DECISION,
        ORGANISATION,
        HIDDEN_CELL,
    )
}
"""Every register by name."""
