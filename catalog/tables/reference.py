"""Reference: municipalities with their history, counties, people, organisations, networks, products, prices.

Each dataset here is a bundled table of facts or a register, as it stands in the release. Sources and licences of the
facts are named in `catalog/facts/README.md` and in each contract.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Column, DatasetContract
from catalog.text import Text, en, nb

_OWNER = "team:dif"
_MONTHS = 24 * 31
_VALID_FROM = Column(
    "valid_from",
    pa.date32(),
    nb("Gjelder fra") | en("Valid from"),
    nb("Tom: fra før 2005.") | en("Null: from before 2005."),
    null=True,
)
_VALID_TO = Column(
    "valid_to",
    pa.date32(),
    nb("Gjelder til") | en("Valid to"),
    nb("Første dag den ikke gjelder; tom: gjelder fortsatt.") | en("The first day it is not valid; null: still valid."),
    null=True,
)
_NOT_KNOWN_FROM = _VALID_FROM.but(about=nb("Tom: ikke kjent.") | en("Null: not known."))
_NAME = Column("name", pa.string(), nb("Navn") | en("Name"))
_SOURCE = Column("source", pa.string(), nb("Kilde") | en("Source"), null=True)
_CERTAINTY = Column(
    "certainty",
    pa.string(),
    nb("Sikkerhet") | en("Certainty"),
    nb(
        "Hvor sikkert det er at nettverket finnes: CONFIRMED (kilden bekrefter det), CONFIRMED_EARLIER (bekreftet for "
        "2020 eller 2021, ikke senere), MENTIONED (bare nevnt) eller NOT_CONFIRMED (ikke funnet i kildene)."
    )
    | en(
        "How sure it is that the network exists: CONFIRMED (the source confirms it), CONFIRMED_EARLIER (confirmed for "
        "2020 or 2021, not later), MENTIONED (only mentioned) or NOT_CONFIRMED (not found in the sources)."
    ),
    null=True,
)


def _text(name: str, nb_title: str, en_title: str, *, null: bool = True, key: bool = False) -> Column:
    return Column(name, pa.string(), nb(nb_title) | en(en_title), null=null and not key, key=key)


def _reference(
    table: str,
    title: Text,
    about: Text,
    *columns: Column,
    rules: tuple[r.Rule, ...] = (),
    source: str,
    facts: str | None = None,
) -> DatasetContract:
    return DatasetContract(
        schema="reference",
        table=table,
        title=title,
        about=about,
        columns=columns,
        owner=_OWNER,
        freshness_hours=_MONTHS,
        rules=rules,
        sources=(source,),
        extra={"facts": facts or table},
    )


MUNICIPALITY = _reference(
    "municipality",
    nb("Kommuner") | en("Municipalities"),
    nb("Én rad per kommunenummer og gyldighet. 426 gjaldt i 2017, 422 i 2018 og 2019, 356 i 2020–2023, 357 fra 2024.")
    | en(
        "One row per municipality code and validity. "
        "426 in 2017, 422 in 2018 and 2019, 356 in 2020–2023, 357 from 2024."
    ),
    c.MUNICIPALITY_CODE.but(name="code", key=True),
    _NAME,
    c.COUNTY_CODE,
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    rules=(r.matches("code", "[0-9]{4}"),),
    source="FHI csdata (MIT) from SSB KLASS 131; names Kartverket (CC BY 4.0)",
)
MUNICIPALITY_CHANGE = _reference(
    "municipality_change",
    nb("Endringer i kommuneinndelingen") | en("Changes of municipalities"),
    nb("Én rad per endring fra én kode til en annen, med vekt ved deling.")
    | en("One row per change from a code to another, with the weight of a split."),
    Column("change_date", pa.date32(), nb("Dato") | en("Date"), key=True),
    c.MUNICIPALITY_CODE.but(name="from_code", title=nb("Fra") | en("From"), key=True),
    c.MUNICIPALITY_CODE.but(name="to_code", title=nb("Til") | en("To"), key=True),
    _text("kind", "Type", "Kind", null=False).but(
        about=nb("merge (slått sammen), recode (bare nytt nummer) eller split (delt i flere).")
        | en("merge (merged), recode (only a new code) or split (into several).")
    ),
    Column("weight", pa.decimal128(18, 12), nb("Vekt") | en("Weight"), unit="andel", additivity=Additivity.NONE),
    _text("weight_source", "Kilde for vekten", "Source of the weight"),
    rules=(r.one_of("kind", ("merge", "recode", "split")),),
    source="FHI csdata (MIT) from SSB KLASS 131",
)
MUNICIPALITY_TO_NOW = _reference(
    "municipality_to_now",
    nb("Fra datidens til dagens kommuner") | en("From municipalities of then to those of now"),
    nb("Én rad per kode, gyldighet og etterfølger i dagens inndeling; vektene summerer til 1.")
    | en("One row per code, validity and successor in the division of now; the weights sum to 1."),
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    c.MUNICIPALITY_CODE.but(name="from_code", title=nb("Fra") | en("From"), key=True),
    c.MUNICIPALITY_CODE.but(name="to_code", title=nb("Til (2024)") | en("To (2024)"), key=True),
    Column("weight", pa.decimal128(18, 12), nb("Vekt") | en("Weight"), unit="andel", additivity=Additivity.NONE),
    Column("estimated", pa.bool_(), nb("Anslått") | en("Estimated")),
    source="made here from the change graph and its bridge",
)
MUNICIPALITY_OF = _reference(
    "municipality_of",
    nb("Hvilken kommune en virksomhet var") | en("Which municipality an organisation was"),
    nb(
        "Én rad per kommunal virksomhet og periode fra 2012, med kommunenummeret i perioden. Numre til kommuner som "
        "ble slått sammen før 2024, må stå i registeret organisation; ellers teller avsenderen ikke som kommune."
    )
    | en(
        "One row per municipal organisation and period from 2012, with the code of the period. Numbers of "
        "municipalities that merged before 2024 must stand in the register organisation, or the sender counts as none."
    ),
    c.ORGANISATION_NUMBER.but(key=True),
    c.MUNICIPALITY_CODE.but(about=nb("Koden som gjaldt i perioden.") | en("The code in force in the period.")),
    Column("valid_from", pa.date32(), nb("Gjelder fra") | en("Valid from"), key=True),
    _VALID_TO,
    Column(
        "estimated",
        pa.bool_(),
        nb("Anslått") | en("Estimated"),
        nb("Sann før en sammenslåing når kilden ikke sier hvilken av kommunene nummeret tilhørte.")
        | en("True before a merger where the source does not say which municipality had the number."),
    ),
    source="made here from the organisations, the register organisation and the change graph",
)
MUNICIPALITY_PEER = _reference(
    "municipality_peer",
    nb("Liknende kommuner") | en("Similar municipalities"),
    nb("Én rad per kommune i dagens inndeling og liknende kommune, nærmest først.")
    | en("One row per municipality of now and similar municipality, the nearest first."),
    c.MUNICIPALITY_CODE.but(key=True),
    c.MUNICIPALITY_CODE.but(name="peer_code", title=nb("Liknende kommune") | en("Similar municipality"), key=True),
    Column("rank", pa.int32(), nb("Plass") | en("Rank"), nb("1 er nærmest.") | en("1 is the nearest."), unit="plass"),
    Column(
        "distance",
        pa.decimal128(18, 6),
        nb("Avstand") | en("Distance"),
        nb("I logaritmen av innbyggere og av innbyggere innen 50 km; 0 er helt lik.")
        | en("In the logarithms of inhabitants and of inhabitants within 50 km; 0 is the same."),
        unit="tallet selv",
        additivity=Additivity.NONE,
    ),
    Column(
        "inhabitants_within_50_km",
        pa.int64(),
        nb("Innbyggere innen 50 km") | en("Inhabitants within 50 km"),
        nb("Rundt den liknende kommunens midtpunkt, i luftlinje.")
        | en("Around the similar municipality's centre, as the crow flies."),
        unit="innbyggere",
        additivity=Additivity.NONE,
    ),
    source="computed from municipality_centre and population",
)
COUNTY = _reference(
    "county",
    nb("Fylker") | en("Counties"),
    nb("Én rad per fylkesnummer og gyldighet.") | en("One row per county code and validity."),
    c.COUNTY_CODE.but(name="code", key=True),
    _NAME,
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    source="FHI csdata (MIT) from SSB; names Kartverket (CC BY 4.0)",
)
POPULATION = _reference(
    "population",
    nb("Innbyggere") | en("Population"),
    nb("Én rad per kommune i dagens inndeling og år, per 1. januar.")
    | en("One row per municipality of now and year, on 1 January."),
    c.MUNICIPALITY_CODE.but(key=True),
    Column("year", pa.int32(), nb("År") | en("Year"), key=True),
    Column(
        "inhabitants", pa.int64(), nb("Innbyggere") | en("Inhabitants"), unit="innbyggere", additivity=Additivity.LAST
    ),
    Column(
        "estimated",
        pa.bool_(),
        nb("Anslått") | en("Estimated"),
        nb("Ålesund og Haram før 2024 er delt etter 2024-andel.")
        | en("Ålesund and Haram before 2024 are split by the share of 2024."),
    ),
    rules=(r.at_least("inhabitants", 1),),
    source="SSB table 07459 (CC BY 4.0) by way of csdata",
)
ORGANISATION = _reference(
    "organisation",
    nb("Virksomheter") | en("Organisations"),
    nb("Én rad per organisasjonsnummer: kommuner, fylkeskommuner og andre kunder.")
    | en("One row per organisation number: municipalities, counties and other customers."),
    c.ORGANISATION_NUMBER.but(key=True),
    _NAME,
    _text("kind", "Type", "Kind", null=False).but(
        about=nb(
            "MUNICIPALITY (kommune; Oslo er det her), COUNTY (fylkeskommune), COMPANY (selskap) eller OTHER (annen)."
        )
        | en("MUNICIPALITY (Oslo is one here), COUNTY, COMPANY or OTHER.")
    ),
    c.MUNICIPALITY_CODE.but(null=True, about=nb("I dagens inndeling.") | en("In the division of now.")),
    c.MUNICIPALITY_CODE.but(
        name="municipality_code_2020",
        title=nb("Kommunenummer 2020–2023") | en("Municipality code 2020–2023"),
        null=True,
    ),
    c.COUNTY_CODE.but(null=True),
    _NOT_KNOWN_FROM,
    _VALID_TO,
    c.ORGANISATION_NUMBER.but(name="successor_number", title=nb("Etterfølger") | en("Successor"), null=True),
    Column(
        "confirmed",
        pa.bool_(),
        nb("Bekreftet") | en("Confirmed"),
        nb(
            "Sann når numrene er bekreftet hos en kilde. Usann for dagens Ålesund og Haram: numrene er fra en "
            "forhåndsregistrering i juni 2023."
        )
        | en(
            "True where a source confirms the number. False for Ålesund and Haram of now: their numbers are from a "
            "pre-registration of June 2023."
        ),
    ),
    _text("note", "Merknad", "Note"),
    c.SYNTHETIC,
    rules=(r.modulus_11("organisation_number"), r.one_of("kind", ("MUNICIPALITY", "COUNTY", "COMPANY", "OTHER"))),
    source="Brønnøysundregistrene (NLOD), SSB KLASS 1236; register organisation",
)
NETWORK = _reference(
    "network",
    nb("Digitaliseringsnettverk") | en("Digitalisation networks"),
    nb("Én rad per nettverk.") | en("One row per network."),
    _text("network_id", "Nettverk", "Network", key=True),
    _NAME,
    _text("part_of", "Del av", "Part of"),
    _CERTAINTY,
    _text("coverage", "Dekning", "Coverage").but(
        about=nb("Hva kilden sier om hvilke kommuner som er med, med våre ord.")
        | en("What the source says of which municipalities are in it, in our words, in Norwegian.")
    ),
    _NOT_KNOWN_FROM,
    _SOURCE,
    source="public pages of the networks, named in each row",
)
NETWORK_MEMBER = _reference(
    "network_member",
    nb("Medlemmer i nettverk") | en("Members of networks"),
    nb("Én rad per nettverk, kommune og gyldighet.") | en("One row per network, municipality and validity."),
    _text("network_id", "Nettverk", "Network", key=True),
    c.MUNICIPALITY_CODE.but(
        key=True,
        about=nb("Nummeret fra 2024, også for tidligere år, med mindre registeret har ført et eldre.")
        | en("The code of 2024, of earlier years too, unless the register was given an older one."),
    ),
    _NOT_KNOWN_FROM.but(key=True, null=True),
    _VALID_TO,
    _CERTAINTY.but(
        about=nb(
            "Hvor sikkert medlemskapet er. Der kilden sier at alle kommunene er med, nettverkets egen sikkerhet: "
            "CONFIRMED, CONFIRMED_EARLIER (bekreftet for 2020 eller 2021, ikke senere), MENTIONED (bare nevnt) eller "
            "NOT_CONFIRMED (ikke bekreftet). Ellers DERIVED (sannsynlig, sluttet av fylket), MENTIONED eller "
            "NOT_CONFIRMED."
        )
        | en(
            "How sure the membership is. Where the source says that all municipalities are in it, the network's own: "
            "CONFIRMED, CONFIRMED_EARLIER (confirmed for 2020 or 2021, not later), MENTIONED (only mentioned) or "
            "NOT_CONFIRMED. Otherwise DERIVED (likely, from the county), MENTIONED or NOT_CONFIRMED."
        )
    ),
    source="derived from the counties each network covers; register network_member",
)
PRODUCT = _reference(
    "product",
    nb("Produktkatalogen") | en("Product catalogue"),
    nb("Én rad per tjeneste. Det som ikke er kjent, står som «ukjent».")
    | en("One row per service. What is not known says 'ukjent' (unknown)."),
    c.SERVICE.but(key=True),
    *(
        _text(name, nb_title, en_title)
        for name, nb_title, en_title in (
            ("name_nb", "Navn", "Name"),
            ("group", "Gruppe", "Group"),
            ("kind", "Type (egen inndeling)", "Kind (own classification)"),
            ("status", "Status", "Status"),
            ("earliest_trace", "Tidligste spor", "Earliest trace"),
            ("description_nb", "Beskrivelse", "Description"),
        )
    ),
    Column(
        "external",
        pa.bool_(),
        nb("Andres produkt") | en("Product of others"),
        nb("Vises bare til sammenligning.") | en("Shown for comparison only."),
    ),
    *(
        _text(name, nb_title, en_title)
        for name, nb_title, en_title in (
            ("purpose", "Formål", "Purpose"),
            ("background", "Bakgrunn", "Background"),
            ("expected_use", "Forventet bruk", "Expected use"),
            ("dependencies", "Avhengigheter", "Dependencies"),
            ("conditions", "Vilkår", "Conditions"),
            ("roles", "Roller", "Roles"),
            ("documentation", "Dokumentasjon", "Documentation"),
            ("agreement_template", "Avtalemal", "Agreement template"),
            ("agreement_version", "Avtalemal, utgave", "Agreement template, version"),
            ("risk_template", "Mal for risikovurdering", "Risk-assessment template"),
            ("risk_version", "Mal for risikovurdering, utgave", "Risk-assessment template, version"),
            ("user_council", "Brukerråd", "User council"),
            ("launch_month", "Lansert", "Launched"),
            ("adoptable_by", "Kan tas i bruk av", "Adoptable by"),
        )
    ),
    _SOURCE,
    source="developers' pages of KS, August 2026; register product",
)
MEASURE = _reference(
    "measure",
    nb("Mål for bruk") | en("Measures of use"),
    nb("Én rad per mål.") | en("One row per measure."),
    _text("measure", "Mål", "Measure", key=True),
    _text("title_nb", "Tittel, bokmål", "Title, Norwegian", null=False),
    _text("title_en", "Tittel, engelsk", "Title, English", null=False),
    _text("unit", "Enhet", "Unit", null=False),
    _text("kind", "Type", "Kind", null=False).but(
        about=nb("FLOW (strøm: månedene kan summeres) eller STOCK (bestand: et nivå, der den siste måneden gjelder).")
        | en("FLOW (adds up over months) or STOCK (a level: the last month counts).")
    ),
    Column(
        "counts_persons",
        pa.bool_(),
        nb("Teller personer") | en("Counts persons"),
        nb("Sann når tallet kan røpe noe om en person i en følsom tjeneste; da kan det være skjult.")
        | en("True where the figure can tell of a person at a sensitive service; it may then be hidden."),
    ),
    Column(
        "is_use",
        pa.bool_(),
        nb("Er bruk") | en("Is use"),
        nb(
            "Sann når kunden da brukte tjenesten. Henvendelser og timer er ikke bruk; en konto eller adapter (bestand) "
            "sier at tjenesten er satt opp, ikke at den er i bruk."
        )
        | en(
            "True where the customer then used the service. Requests for support and hours are not use; an account or "
            "adapter (a stock) tells that the service is set up, not that it is in use."
        ),
    ),
    source="defined here",
)
PRICE_ELEMENT = _reference(
    "price_element",
    nb("Priselementer") | en("Price elements"),
    nb("Én rad per priselement på en faktura.") | en("One row per price element of an invoice."),
    _text("price_element", "Priselement", "Price element", key=True),
    c.SERVICE,
    _text("kind", "Prisregel", "Kind of price rule", null=False),
    _text("measure", "Mål", "Measure"),
    _text("line_text_nb", "Linjetekst", "Line text"),
    _text("service_on_invoice", "Tjeneste på faktura", "Service on invoice"),
    source="KS's page on invoicing; kind and measure are our reading",
)
HOW_COUNTED = (
    _text("outcome", "Utfall", "Outcome").but(
        about=nb("Bare forsendelser med dette utfallet teller; tom: alle.")
        | en("Only dispatches of this outcome count; null: all.")
    ),
    _text("counted_on", "Telles etter", "Counted on").but(
        about=nb("CREATED (dagen den ble laget; også når tom) eller DELIVERED (dagen den ble levert).")
        | en("CREATED (the day it was made; null too) or DELIVERED (the day it was delivered).")
    ),
    Column(
        "least",
        pa.int64(),
        nb("Minste mengde") | en("Least quantity"),
        nb("For ACTIVE_MONTH: så mye gjør måneden aktiv.") | en("For ACTIVE_MONTH: so much makes a month active."),
        null=True,
        unit="etter målet",
        additivity=Additivity.NONE,
    ),
)
"""Of a price rule: which of what is measured counts, by which day, and how much at least."""
PRICE_RULE = _reference(
    "price_rule",
    nb("Prisregler") | en("Price rules"),
    nb(
        "Én rad per regel med gyldighet. Beløp uten kjent kilde er syntetiske og merket. Prisene er åpne, og det er "
        "bruken også: sammen forteller de det meste av en kommunes regning, og det er meningen."
    )
    | en(
        "One row per rule with validity. Amounts without a known source are synthetic and say so. Prices are open, and "
        "so is use: together they tell most of a municipality's bill, and that is meant."
    ),
    _text("price_element", "Priselement", "Price element", key=True),
    Column(
        "size_low", pa.int64(), nb("Fra innbyggere") | en("From inhabitants"), key=True, null=True, unit="innbyggere"
    ),
    Column("size_high", pa.int64(), nb("Til innbyggere") | en("Up to inhabitants"), null=True, unit="innbyggere"),
    _text("channel", "Kanal", "Channel", key=True).but(null=True),
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    c.SERVICE,
    _text("kind", "Prisregel", "Kind of price rule", null=False),
    Column("amount", pa.decimal128(18, 6), nb("Beløp") | en("Amount"), unit="kr", additivity=Additivity.NONE),
    _text("unit", "Enhet", "Unit", null=False),
    _text("customer_kind", "Kundetype", "Kind of customer", key=True).but(null=True),
    _text("measure", "Mål", "Measure"),
    *HOW_COUNTED,
    _text("rounding", "Avrunding", "Rounding"),
    _SOURCE,
    c.SYNTHETIC,
    source="register price_rule; published prices named in each row",
)
SOURCE_SYSTEM = _reference(
    "source_system",
    nb("Fagsystemer") | en("Source systems"),
    nb("Én rad per navn slik det sendes, og systemet det står for.")
    | en("One row per name as it is sent, and the system it stands for."),
    c.SOURCE_SYSTEM.but(key=True, null=False),
    _text("system", "System", "System"),
    _text("supplier", "Leverandør", "Supplier"),
    c.SUPPLIER_NUMBER,
    Column(
        "sensitive",
        pa.bool_(),
        nb("Følsomt") | en("Sensitive"),
        nb("Systemet røper i seg selv noe om mottakerne.") | en("The system itself tells something of the receivers."),
    ),
    c.SYNTHETIC,
    source="register source_system",
)
SERVICE_ALIAS = _reference(
    "service_alias",
    nb("Tjenestenavn på faktura") | en("Service names on invoices"),
    nb("Én rad per navn.") | en("One row per alias."),
    _text("alias", "Navn på faktura", "Alias", key=True),
    c.SERVICE,
    source="compiled here; register service_alias",
)
ADOPTION_EVENT_STEP = _reference(
    "adoption_event_step",
    nb("Fra rå hendelse til steg") | en("From raw event to step"),
    nb("Én rad per kilde og rå hendelse; tomt steg: hendelsen er ikke et steg, og hvorfor.")
    | en("One row per source and raw event; null step: it is no step, and why."),
    _text("source", "Kilde", "Source", key=True),
    _text("raw_event", "Rå hendelse", "Raw event", key=True),
    _text("environment", "Bare i miljøet", "Only in the environment", key=True).but(null=True),
    _text("office_contains", "Bare der kontoret inneholder", "Only where the office contains", key=True).but(null=True),
    _text("step", "Steg", "Step"),
    _text("precision", "Tidsangivelse", "Precision of time"),
    _text("explanation_nb", "Forklaring, bokmål", "Explanation, Norwegian"),
    _text("explanation_en", "Forklaring, engelsk", "Explanation, English"),
    source="decided here",
)
ADOPTION_SOURCE = _reference(
    "adoption_source",
    nb("Hva kildene observerte") | en("What the sources observed"),
    nb("Én rad per kilde, tjeneste og periode som ble observert. Måneder utenfor mangler.")
    | en("One row per source, service and observed period. Months outside are missing."),
    _text("source", "Kilde", "Source", key=True),
    c.SERVICE.but(key=True),
    Column("observed_from", pa.date32(), nb("Observert fra") | en("Observed from"), key=True),
    Column(
        "observed_to",
        pa.date32(),
        nb("Observert til") | en("Observed to"),
        nb("Siste måned; tom: fortsatt.") | en("The last month; null: still."),
        null=True,
    ),
    Column(
        "whole_list",
        pa.bool_(),
        nb("Hel liste") | en("Whole list"),
        nb(
            "Sann når kilden er en hel liste over dem som har tjenesten. Fra den er det ikke observert hva som gjelder "
            "for den som ikke står på den, og som bare samme produsent har meldt."
        )
        | en(
            "True where the source is a whole list of those that have the service. From it on nothing is observed of "
            "who is not on it and whom the same producer alone told of."
        ),
    ),
    c.PRODUCER,
    _text("explanation_nb", "Forklaring, bokmål", "Explanation, Norwegian"),
    _text("explanation_en", "Forklaring, engelsk", "Explanation, English"),
    source="decided here",
)

DISPATCH_STATUS = _reference(
    "dispatch_status",
    nb("Statuser for forsendelser") | en("States of dispatches"),
    nb("Én rad per status i SvarUt. Hvilken kanal som gir hvilken, står i usage.delivery_time.")
    | en("One row per state of SvarUt. Which channel gives which stands in usage.delivery_time."),
    _text("state", "Status", "State", key=True),
    Column(
        "rank",
        pa.int32(),
        nb("Plass") | en("Rank"),
        nb("Av flere statuser på samme tidspunkt gjelder den høyeste. Vår egen.")
        | en("Of several states at the same time the highest holds. Our own."),
        unit="plass",
    ),
    c.OUTCOME.but(
        about=nb(
            "open (på vei), delivered (levert), failed (feilet) eller closed (avsluttet for hånd). Vår egen inndeling. "
            "Levert er ikke alltid lest: SENDT_DIGITALT er ulest, LEVERT_SDP er i postkassen, PRINTET er skrevet ut."
        )
        | en(
            "open, delivered, failed or closed (ended by hand). Our own classification. Delivered is not always read: "
            "SENDT_DIGITALT is unread, LEVERT_SDP is in the mailbox, PRINTET is printed."
        )
    ),
    _text("meaning", "Betydning, engelsk", "Meaning, English", null=False),
    rules=(r.one_of("outcome", ("open", "delivered", "failed", "closed")),),
    source="KS's open API description of SvarUt; rank and outcome are our own",
)

DATASETS = (
    MUNICIPALITY,
    MUNICIPALITY_CHANGE,
    MUNICIPALITY_TO_NOW,
    MUNICIPALITY_OF,
    MUNICIPALITY_PEER,
    COUNTY,
    POPULATION,
    ORGANISATION,
    NETWORK,
    NETWORK_MEMBER,
    PRODUCT,
    MEASURE,
    PRICE_ELEMENT,
    PRICE_RULE,
    SOURCE_SYSTEM,
    SERVICE_ALIAS,
    ADOPTION_EVENT_STEP,
    ADOPTION_SOURCE,
    DISPATCH_STATUS,
)
