"""Reference: municipalities with their history, counties, people, organisations, networks, products, prices.

Each dataset here is a bundled table of facts or a register, as in the release. Sources and licences of the facts are
named in `catalog/facts/README.md` and in each contract.
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Column, DatasetContract
from catalog.text import Text, en, nb

_MONTHS = 24 * 31
_VALID_FROM = c.date("valid_from", "Gjelder fra", "Valid from", null=True).explained(
    "Tom: fra før 2005.", "Null: from before 2005."
)
_VALID_TO = c.date("valid_to", "Gjelder til", "Valid to", null=True).explained(
    "Første dag raden ikke lenger gjelder; tom når den fortsatt gjelder.",
    "The first day it is no longer valid; null if still valid.",
)
_NOT_KNOWN_FROM = _VALID_FROM.explained("Tom: ikke kjent.", "Null: not known.")
_NAME = c.text("name", "Navn", "Name")
_SOURCE = c.text("source", "Kilde", "Source", null=True)
_CERTAINTY = c.text("certainty", "Sikkerhet", "Certainty", null=True).explained(
    "Hvor sikkert det er at nettverket finnes: CONFIRMED (kilden bekrefter det), CONFIRMED_EARLIER (bekreftet for "
    "2020 eller 2021, ikke senere), MENTIONED (bare nevnt) eller NOT_CONFIRMED (ikke funnet i kildene).",
    "How sure it is that the network exists: CONFIRMED (the source confirms it), CONFIRMED_EARLIER (confirmed for "
    "2020 or 2021, not later), MENTIONED (only mentioned) or NOT_CONFIRMED (not found in the sources).",
)


def _reference(
    table: str,
    title: Text,
    about: Text,
    *columns: Column,
    rules: tuple[r.Rule, ...] = (),
    source: str,
    facts: str | None = None,
    version: int = 1,
    replaces_at_once: str = "",
) -> DatasetContract:
    return DatasetContract(
        schema="reference",
        table=table,
        title=title,
        about=about,
        columns=columns,
        freshness_hours=_MONTHS,
        rules=rules,
        sources=(source,),
        extra={"facts": facts or table},
        version=version,
        replaces_at_once=replaces_at_once,
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
    nb("Endringer i kommuneinndelingen") | en("Municipality changes"),
    nb("Én rad per endring fra én kode til en annen, med vekt ved deling.")
    | en("One row per change from one code to another, with the weight of a split."),
    c.date("change_date", "Dato", "Date", key=True),
    c.MUNICIPALITY_CODE.but(name="from_code", title=nb("Fra") | en("From"), key=True),
    c.MUNICIPALITY_CODE.but(name="to_code", title=nb("Til") | en("To"), key=True),
    c.text("kind", "Type", "Kind").explained(
        "merge (slått sammen), recode (bare nytt nummer) eller split (delt i flere).",
        "merge (merged), recode (only a new code) or split (into several).",
    ),
    c.share("weight", "Vekt", "Weight", scale=12),
    c.text("weight_source", "Kilde for vekten", "Source of the weight", null=True),
    rules=(r.one_of("kind", ("merge", "recode", "split")),),
    source="FHI csdata (MIT) from SSB KLASS 131",
)
MUNICIPALITY_TO_NOW = _reference(
    "municipality_to_now",
    nb("Fra datidens til dagens kommuner") | en("From historical to current municipalities"),
    nb("Én rad per kode, gyldighet og etterfølger i dagens inndeling; vektene summerer til 1.")
    | en("One row per code, validity and successor in the current division; the weights sum to 1."),
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    c.MUNICIPALITY_CODE.but(name="from_code", title=nb("Fra") | en("From"), key=True),
    c.MUNICIPALITY_CODE.but(name="to_code", title=nb("Til (2024)") | en("To (2024)"), key=True),
    c.share("weight", "Vekt", "Weight", scale=12),
    c.flag("estimated", "Anslått", "Estimated"),
    source="made here from the change graph and its bridge",
)
MUNICIPALITY_OF = _reference(
    "municipality_of",
    nb("Virksomhetenes kommunenumre over tid") | en("Municipality codes of organisations over time"),
    nb(
        "Én rad per kommunal virksomhet og periode fra 2012, med kommunenummeret i perioden. "
        "Organisasjonsnumre til kommuner som ble slått sammen før 2024, må stå i registeret "
        "organisation; ellers regnes ikke avsenderen som kommune."
    )
    | en(
        "One row per municipal organisation and period from 2012, with the code of the period. "
        "Organisation numbers of municipalities that merged before 2024 must be in the register "
        "organisation, or the sender does not count as a municipality."
    ),
    c.ORGANISATION_NUMBER.but(key=True),
    c.MUNICIPALITY_CODE.explained("Koden som gjaldt i perioden.", "The code in force in the period."),
    c.date("valid_from", "Gjelder fra", "Valid from", key=True),
    _VALID_TO,
    c.flag("estimated", "Anslått", "Estimated").explained(
        "Sann før en sammenslåing når kilden ikke sier hvilken av kommunene nummeret tilhørte.",
        "True before a merger where the source does not say which municipality had the number.",
    ),
    source="made here from the organisations, the register organisation and the change graph",
)
MUNICIPALITY_PEER = _reference(
    "municipality_peer",
    nb("Lignende kommuner") | en("Similar municipalities"),
    nb("Én rad per kommune i dagens inndeling og lignende kommune, nærmest først.")
    | en("One row per current municipality and similar municipality, the nearest first."),
    c.MUNICIPALITY_CODE.but(key=True),
    c.MUNICIPALITY_CODE.but(name="peer_code", title=nb("Lignende kommune") | en("Similar municipality"), key=True),
    c.int32("rank", "Plass", "Rank", "plass").explained("1 er nærmest.", "1 is the nearest."),
    c.decimal("distance", "Avstand", "Distance", "tallet selv", additivity=Additivity.NONE).explained(
        "Målt i logaritmene av innbyggere og av innbyggere innen 50 km; 0 betyr helt lik.",
        "Measured in the logarithms of inhabitants and of inhabitants within 50 km; 0 means identical.",
    ),
    c.int64(
        "inhabitants_within_50_km",
        "Innbyggere innen 50 km",
        "Inhabitants within 50 km",
        "innbyggere",
        additivity=Additivity.NONE,
    ).explained(
        "Rundt den lignende kommunens midtpunkt, i luftlinje.",
        "Around the similar municipality's centre, as the crow flies.",
    ),
    rules=(r.of_now("municipality_code"), r.of_now("peer_code")),
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
    | en("One row per current municipality and year, on 1 January."),
    c.MUNICIPALITY_CODE.but(key=True),
    c.int32("year", "År", "Year", "år", key=True),
    c.int64("inhabitants", "Innbyggere", "Inhabitants", "innbyggere", additivity=Additivity.LAST),
    c.flag("estimated", "Anslått", "Estimated").explained(
        "Ålesund og Haram før 2024 er fordelt etter andelene i 2024.",
        "Ålesund and Haram before 2024 are split by their 2024 shares.",
    ),
    rules=(r.at_least("inhabitants", 1), r.of_now("municipality_code")),
    source="SSB table 07459 (CC BY 4.0) by way of csdata",
)
ORGANISATION = _reference(
    "organisation",
    nb("Virksomheter") | en("Organisations"),
    nb("Én rad per organisasjonsnummer: kommuner, fylkeskommuner og andre kunder.")
    | en("One row per organisation number: municipalities, counties and other customers."),
    c.ORGANISATION_NUMBER.but(key=True),
    _NAME,
    c.text("kind", "Type", "Kind").explained(
        "MUNICIPALITY (kommune, også Oslo), COUNTY (fylkeskommune), COMPANY (selskap) eller OTHER (annen).",
        "MUNICIPALITY (includes Oslo), COUNTY, COMPANY or OTHER.",
    ),
    c.MUNICIPALITY_CODE.but(null=True).explained("I dagens inndeling.", "In the current division."),
    c.MUNICIPALITY_CODE.but(
        name="municipality_code_2020",
        title=nb("Kommunenummer 2020–2023") | en("Municipality code 2020–2023"),
        null=True,
    ),
    c.COUNTY_CODE.but(null=True),
    _NOT_KNOWN_FROM,
    _VALID_TO,
    c.ORGANISATION_NUMBER.but(name="successor_number", title=nb("Etterfølger") | en("Successor"), null=True),
    c.flag("confirmed", "Bekreftet", "Confirmed").explained(
        "Sann når numrene er bekreftet hos en kilde. Usann for dagens Ålesund og Haram, der numrene er "
        "fra en forhåndsregistrering i juni 2023.",
        "True where a source confirms the number. False for current Ålesund and Haram: their numbers are "
        "from a pre-registration of June 2023.",
    ),
    c.text("note", "Merknad", "Note", null=True),
    c.SYNTHETIC,
    rules=(
        r.modulus_11("organisation_number"),
        r.one_of("kind", ("MUNICIPALITY", "COUNTY", "COMPANY", "OTHER")),
        r.of_now("municipality_code"),
    ),
    source="Brønnøysundregistrene (NLOD), SSB KLASS 1236; register organisation",
)
NETWORK = _reference(
    "network",
    nb("Digitaliseringsnettverk") | en("Digitalisation networks"),
    nb("Én rad per nettverk.") | en("One row per network."),
    c.text("network_id", "Nettverk", "Network", key=True),
    _NAME,
    c.text("part_of", "Del av", "Part of", null=True),
    _CERTAINTY,
    c.text("coverage", "Dekning", "Coverage", null=True).explained(
        "Kildens opplysninger om hvilke kommuner som er med, i vår formulering.",
        "What the source says about which municipalities are members, in our words, in Norwegian.",
    ),
    _NOT_KNOWN_FROM,
    _SOURCE,
    source="public pages of the networks, named in each row",
)
NETWORK_MEMBER = _reference(
    "network_member",
    nb("Nettverksmedlemmer") | en("Network members"),
    nb("Én rad per nettverk, kommune og gyldighet.") | en("One row per network, municipality and validity."),
    c.text("network_id", "Nettverk", "Network", key=True),
    c.MUNICIPALITY_CODE.but(key=True).explained(
        "Nummeret fra 2024, også for tidligere år, med mindre registeret har et eldre.",
        "The code of 2024, also for earlier years, unless the register has an older one.",
    ),
    _NOT_KNOWN_FROM.but(key=True, null=True),
    _VALID_TO,
    _CERTAINTY.explained(
        "Hvor sikkert medlemskapet er. Når kilden sier at alle kommunene er med, gjelder nettverkets "
        "egen sikkerhet: CONFIRMED, CONFIRMED_EARLIER (bekreftet for 2020 eller 2021, ikke senere), "
        "MENTIONED (bare nevnt) eller NOT_CONFIRMED (ikke bekreftet). Ellers DERIVED (sannsynlig, "
        "utledet av fylket), MENTIONED eller NOT_CONFIRMED.",
        "How sure the membership is. Where the source says that all municipalities are in it, the "
        "network's own: CONFIRMED, CONFIRMED_EARLIER (confirmed for 2020 or 2021, not later), MENTIONED "
        "(only mentioned) or NOT_CONFIRMED. Otherwise DERIVED (likely, inferred from the county), "
        "MENTIONED or NOT_CONFIRMED.",
    ),
    source="derived from the counties each network covers; register network_member",
)
PRODUCT = _reference(
    "product",
    nb("Produktkatalogen") | en("Product catalogue"),
    nb("Én rad per tjeneste. Manglende opplysninger står som «ukjent».")
    | en("One row per service. Missing details say 'ukjent' (unknown)."),
    c.SERVICE.but(key=True),
    *(
        c.text(name, nb_title, en_title, null=True)
        for name, nb_title, en_title in (
            ("name_nb", "Navn", "Name"),
            ("group", "Gruppe", "Group"),
            ("kind", "Type (egen inndeling)", "Kind (own classification)"),
            ("status", "Status", "Status"),
            ("earliest_trace", "Tidligste spor", "Earliest trace"),
            ("description_nb", "Beskrivelse", "Description"),
        )
    ),
    c.flag("external", "Produkt fra andre", "Product from others").explained(
        "Vises bare til sammenligning.", "Shown for comparison only."
    ),
    *(
        c.text(name, nb_title, en_title, null=True)
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
    nb("Mål for bruk") | en("Usage measures"),
    nb("Én rad per mål.") | en("One row per measure."),
    c.text("measure", "Mål", "Measure", key=True),
    c.text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
    c.text("title_en", "Tittel, engelsk", "Title, English"),
    c.text("unit", "Enhet", "Unit"),
    c.text("kind", "Type", "Kind").explained(
        "FLOW (strøm: månedene kan summeres) eller STOCK (bestand: et nivå, der den siste måneden gjelder).",
        "FLOW (adds up over months) or STOCK (a level: the last month counts).",
    ),
    c.flag("is_use", "Regnes som bruk", "Counts as use").explained(
        "Sann når målet viser at kunden brukte tjenesten. Henvendelser og timer er ikke bruk; en konto "
        "eller adapter (bestand) viser at tjenesten er satt opp, ikke at den er i bruk.",
        "True if the measure shows that the customer used the service. Support requests and hours do not "
        "count as use; an account or adapter (a stock) shows that the service is set up, not that it is "
        "in use.",
    ),
    source="defined here",
    version=2,
    replaces_at_once="Its column counts_persons told of a rule that is gone.",
)
PRICE_ELEMENT = _reference(
    "price_element",
    nb("Priselementer") | en("Price elements"),
    nb("Én rad per priselement på en faktura.") | en("One row per price element of an invoice."),
    c.text("price_element", "Priselement", "Price element", key=True),
    c.SERVICE,
    c.text("kind", "Prisregel", "Kind of price rule"),
    c.text("measure", "Mål", "Measure", null=True),
    c.text("line_text_nb", "Linjetekst", "Line text", null=True),
    c.text("service_on_invoice", "Tjeneste på faktura", "Service on invoice", null=True),
    source="KS's page on invoicing; kind and measure are our reading",
)
HOW_COUNTED = (
    c.text("outcome", "Utfall", "Outcome", null=True).explained(
        "Bare forsendelser med dette utfallet teller; tom når alle teller.",
        "Only dispatches with this outcome count; null if all count.",
    ),
    c.text("counted_on", "Telles etter", "Counted on", null=True).explained(
        "CREATED (dagen forsendelsen ble opprettet; gjelder også når feltet er tomt) eller DELIVERED "
        "(dagen den ble levert).",
        "CREATED (the day the dispatch was created; also if null) or DELIVERED (the day it was delivered).",
    ),
    c.int64("least", "Minste mengde", "Least quantity", "etter målet", null=True, additivity=Additivity.NONE).explained(
        "For ACTIVE_MONTH: mengden som gjør måneden aktiv; ellers tom.",
        "For ACTIVE_MONTH: the quantity that makes a month active; otherwise null.",
    ),
)
"""Columns of a price rule: which measured use counts, by which day, and the minimum amount."""
PRICE_RULE = _reference(
    "price_rule",
    nb("Prisregler") | en("Price rules"),
    nb(
        "Én rad per regel med gyldighet. Beløp uten kjent kilde er syntetiske og merket. Både priser og "
        "bruk er åpne: Sammen viser de det meste av en kommunes regning, og det er tilsiktet."
    )
    | en(
        "One row per rule with validity. Amounts without a known source are synthetic and marked. Both "
        "prices and use are open: together they show most of a municipality's bill, which is intended."
    ),
    c.text("price_element", "Priselement", "Price element", key=True),
    c.int64("size_low", "Fra innbyggere", "From inhabitants", "innbyggere", key=True, null=True).explained(
        "Fra og med. Tom uten nedre grense.", "Inclusive. Null without a lower limit."
    ),
    c.int64("size_high", "Til innbyggere", "Up to inhabitants", "innbyggere", null=True).explained(
        "Til, ikke med. Tom uten øvre grense.", "Exclusive. Null without an upper limit."
    ),
    c.text("channel", "Kanal", "Channel", key=True, null=True).explained(
        "Eller meldingstype. Tom når prisen gjelder alle.", "Or message type. Null where the price is for all."
    ),
    _VALID_FROM.but(key=True, null=True),
    _VALID_TO,
    c.SERVICE,
    c.text("kind", "Prisregel", "Kind of price rule"),
    c.price("amount", "Beløp", "Amount"),
    c.text("unit", "Enhet", "Unit"),
    c.text("customer_kind", "Kundetype", "Kind of customer", key=True, null=True).explained(
        "MUNICIPALITY, COUNTY, COMPANY eller OTHER. Tom: kommuner når prisen avhenger av innbyggertall, "
        "fylkeskommuner når measure er kundetype, ellers alle.",
        "MUNICIPALITY, COUNTY, COMPANY or OTHER. Null: municipalities where the price depends on inhabitants, counties "
        "where measure is kundetype, otherwise all.",
    ),
    c.text("measure", "Mål", "Measure", null=True),
    *HOW_COUNTED,
    c.text("rounding", "Avrunding", "Rounding", null=True),
    _SOURCE,
    c.SYNTHETIC,
    source="register price_rule; published prices named in each row",
)
SOURCE_SYSTEM = _reference(
    "source_system",
    nb("Fagsystemer") | en("Source systems"),
    nb("Én rad per navn slik det sendes, med systemet det står for.")
    | en("One row per name as sent, with the system it stands for."),
    c.SOURCE_SYSTEM.but(key=True, null=False),
    c.text("system", "System", "System", null=True),
    c.text("supplier", "Leverandør", "Supplier", null=True),
    c.SUPPLIER_NUMBER,
    c.flag("sensitive", "Følsomt", "Sensitive").explained(
        "Systemnavnet alene røper noe om mottakerne.", "The system alone reveals something about the recipients."
    ),
    c.SYNTHETIC,
    source="register source_system",
)
SERVICE_ALIAS = _reference(
    "service_alias",
    nb("Tjenestenavn på faktura") | en("Service names on invoices"),
    nb("Én rad per navn.") | en("One row per alias."),
    c.text("alias", "Navn på faktura", "Alias", key=True),
    c.SERVICE,
    source="compiled here; register service_alias",
)
ADOPTION_EVENT_STEP = _reference(
    "adoption_event_step",
    nb("Tolkning av rå hendelser") | en("Raw events and steps"),
    nb("Én rad per kilde og rå hendelse, med forklaring. Tomt steg betyr at hendelsen ikke er et steg.")
    | en("One row per source and raw event, with an explanation. A null step means that the event is not a step."),
    c.text("source", "Kilde", "Source", key=True),
    c.text("raw_event", "Rå hendelse", "Raw event", key=True),
    c.text("environment", "Bare i miljøet", "Only in the environment", key=True, null=True),
    c.text("office_contains", "Bare der kontoret inneholder", "Only where the office contains", key=True, null=True),
    c.text("step", "Steg", "Step", null=True),
    c.text("precision", "Tidsangivelse", "Precision of time", null=True),
    c.text("explanation_nb", "Forklaring, bokmål", "Explanation, Norwegian", null=True),
    c.text("explanation_en", "Forklaring, engelsk", "Explanation, English", null=True),
    source="decided here",
)
ADOPTION_SOURCE = _reference(
    "adoption_source",
    nb("Kildenes dekning") | en("Source coverage"),
    nb("Én rad per kilde, tjeneste og periode som kilden dekker. Andre måneder har ikke tall.")
    | en("One row per source, service and observed period. Months outside are missing."),
    c.text("source", "Kilde", "Source", key=True),
    c.SERVICE.but(key=True),
    c.date("observed_from", "Dekket fra", "Covered from", key=True),
    c.date("observed_to", "Dekket til", "Covered to", null=True).explained(
        "Siste måned; tom når dekningen fortsetter.", "The last month; null if coverage continues."
    ),
    c.flag("whole_list", "Fullstendig liste", "Complete list").explained(
        "Sann når kilden er en fullstendig liste over kundene som har tjenesten. Status er da ukjent for "
        "kunder som ikke står på listen, og som bare samme produsent har rapportert.",
        "True if the source is a complete list of customers with the service. The status is then unknown "
        "for customers missing from the list that only the same producer has reported.",
    ),
    c.PRODUCER,
    c.text("explanation_nb", "Forklaring, bokmål", "Explanation, Norwegian", null=True),
    c.text("explanation_en", "Forklaring, engelsk", "Explanation, English", null=True),
    source="decided here",
)

DISPATCH_STATUS = _reference(
    "dispatch_status",
    nb("Forsendelsesstatuser") | en("Dispatch states"),
    nb("Én rad per status i SvarUt. Kanalene som gir hver status, står i usage.delivery_time.")
    | en("One row per state in SvarUt. The channels that give each state are in usage.delivery_time."),
    c.text("state", "Status", "State", key=True),
    c.int32("rank", "Plass", "Rank", "plass").explained(
        "Av flere statuser på samme tidspunkt gjelder den høyeste. Vår egen rangering.",
        "Of several states at the same time, the highest applies. Our own ranking.",
    ),
    c.OUTCOME.explained(
        "open (på vei), delivered (levert), failed (feilet) eller closed (avsluttet for hånd). Vår egen "
        "inndeling. Levert betyr ikke alltid lest: SENDT_DIGITALT er ulest, LEVERT_SDP er i postkassen, "
        "PRINTET er skrevet ut.",
        "open, delivered, failed or closed (ended by hand). Our own classification. Delivered does not "
        "always mean read: SENDT_DIGITALT is unread, LEVERT_SDP is in the mailbox, PRINTET is printed.",
    ),
    c.text("meaning", "Betydning, engelsk", "Meaning, English"),
    rules=(r.one_of("outcome", ("open", "delivered", "failed", "closed")),),
    source="KS's open API description of SvarUt; rank and outcome are our own",
)
ANNOTATION_KINDS = ("PRICE_CHANGE", "OUTAGE", "MERGER", "OTHER")
ANNOTATION_AREAS = ("MUNICIPALITY", "COUNTY")
ANNOTATION = _reference(
    "annotation",
    nb("Merknader til diagrammer") | en("Chart annotations"),
    nb(
        "Én rad per hendelse som forklarer et brudd i tallene. Prisendringer fra reference.price_rule og "
        "kommunesammenslåinger fra reference.municipality_change vises i tillegg."
    )
    | en(
        "One row per event that explains a break in the figures. Price changes from reference.price_rule "
        "and municipality mergers from reference.municipality_change are shown as well."
    ),
    c.MONTH.but(key=True),
    c.text("kind", "Type", "Kind", key=True).explained(
        "PRICE_CHANGE (prisendring), OUTAGE (driftsstans), MERGER (sammenslåing) eller OTHER (annet).",
        "PRICE_CHANGE, OUTAGE, MERGER or OTHER.",
    ),
    c.SERVICE.but(key=True, null=True).explained(
        "Tom når alle tjenester er berørt.", "Null if every service is affected."
    ),
    c.text("area_kind", "Områdetype", "Kind of area", key=True, null=True).explained(
        "MUNICIPALITY eller COUNTY. Tom når hendelsen gjelder hele landet.",
        "MUNICIPALITY or COUNTY. Null if the event concerns the whole country.",
    ),
    c.text("area", "Område", "Area", key=True, null=True).explained(
        "Kommune- eller fylkesnummer.", "The code of the municipality or county."
    ),
    c.text("text_nb", "Tekst, bokmål", "Text, Norwegian"),
    c.text("text_en", "Tekst, engelsk", "Text, English"),
    rules=(
        r.first_of_month("month"),
        r.one_of("kind", ANNOTATION_KINDS),
        r.one_of("area_kind", ANNOTATION_AREAS),
        r.Rule(
            "area_has_a_kind",
            "(area is null) = (area_kind is null)",
            ("area", "area_kind"),
            nb("Et område må ha både type og nummer.") | en("An area must have both a kind and a code."),
        ),
    ),
    source="register annotation",
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
    ANNOTATION,
)
