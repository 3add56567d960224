"""Usage: how much each organisation and municipality uses, by service and channel."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import PERTURBED, Additivity, Audience, Column, DatasetContract, View
from catalog.domain.perturbation import LEADING_FLOW
from catalog.domain.products import ABOUT_CUSTOMERS, MEASURES, OWN_SERVICES, SERVICES
from catalog.tables.streams import CHANNELS, MESSAGE_KINDS
from catalog.tables.streams import OPERATIONAL_MESSAGE as SENT_MESSAGE
from catalog.text import Text, en, nb

_CHANNELS = (*CHANNELS, "UNKNOWN")
DISPATCHES = "forsendelser"
"""The name of dispatches among the other measures."""
USED = (*ABOUT_CUSTOMERS, DISPATCHES)
"""Measures shown to municipalities: what they do with a service or have of it, not support requests or hours."""
SENSITIVE_SERVICES = tuple(LEADING_FLOW)
"""Services whose counts are about single persons' cases: perturbed, and by month only.

Source: catalog/facts/protected_service.csv, docs/protection.md.
"""
TOLD_OPENLY = tuple(s for s in SERVICES if s not in SENSITIVE_SERVICES)
"""Services whose rows may be counted anywhere: none of them concerns a person's case."""
_OF_PERSONS = "The former version hid small figures, which gave them away."
_DIGEST = tuple(
    c.decimal(f"digest_{how}", f"Fingeravtrykk ({how})", f"Digest ({how})", None, 20, 0, additivity=Additivity.NONE)
    for how in ("xor", "sum")
)
"""What identifies the set of records counted: XOR, and sum modulo 2⁶⁴, of a 64-bit hash of each."""
_PERTURBED = c.flag("perturbed", "Endret tilfeldig", "Changed at random").explained(
    f"Sann for tall fra følsomme tjenester. {PERTURBED.nb}", f"True for figures of sensitive services. {PERTURBED.en}"
)

_AS_STATED = nb("Summen av det som er oppgitt; en forsendelse uten tall teller som 0.") | en(
    "The sum of what is stated; a dispatch that states none counts as 0."
)
_COST_AS_STATED = nb(f"Uten mva. {_AS_STATED.nb}") | en(f"Excl. VAT. {_AS_STATED.en}")

DISPATCH_DAY = DatasetContract(
    schema="usage",
    table="dispatch_day",
    title=nb("Forsendelser per dag") | en("Dispatches per day"),
    about=nb("Én rad per dag, virksomhet, tjeneste, kanal og utfall. Dager uten forsendelser er utelatt, ikke null.")
    | en("One row per day, organisation, service, channel, outcome. Days without dispatches are left out, not zero."),
    partitioned=True,
    sources=("dispatch",),
    columns=(
        c.MONTH,
        c.DAY.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        c.OUTCOME.but(key=True),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.count("documents", "Dokumenter", "Documents", "dokumenter", about=_AS_STATED),
        c.count("pages", "Sider", "Pages", "sider", about=_AS_STATED),
        c.count("sheets", "Ark", "Sheets", "ark", about=_AS_STATED),
        c.count("bytes", "Størrelse", "Size", "byte", about=_AS_STATED),
        c.amount("production_cost_ore", "Produksjonskostnad for utskrift", "Printing cost", about=_COST_AS_STATED),
        c.amount("postage_ore", "Porto", "Postage", about=_COST_AS_STATED),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("channel", _CHANNELS),
        r.one_of("outcome", ("open", "delivered", "failed", "closed")),
        r.modulus_11("organisation_number"),
        r.at_least("dispatches", 1),
        r.at_least("sheets", 0),
        r.at_least("production_cost_ore", 0),
        r.Rule(
            "day_in_month",
            "date_trunc('month', day) = month",
            ("day", "month"),
            nb("Dagen må være i måneden.") | en("The day must be in the month."),
        ),
    ),
)

MUNICIPALITY_MONTH = DatasetContract(
    schema="usage",
    table="municipality_month",
    title=nb("Forsendelser per kommune og måned") | en("Dispatches per municipality and month"),
    about=nb(
        "Én rad per måned, inndeling, kommune, tjeneste og kanal; bare kommuner. "
        "Delte kommuner fordeles etter oppgitte vekter."
    )
    | en(
        "One row per month, boundaries, municipality, service and channel; municipalities only. Split "
        "municipalities follow declared weights."
    ),
    partitioned=True,
    sources=("dispatch", "municipality", "population"),
    non_additive_across=("borders",),
    columns=(
        c.MONTH.but(key=True),
        c.text("borders", "Inndeling", "Boundaries", key=True).explained(
            "then: inndelingen som gjaldt i måneden. now: inndelingen fra 2024.",
            "then: the division in force in the month. now: the division of 2024.",
        ),
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        c.quantity("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.quantity("sheets", "Ark", "Sheets", "ark", about=_AS_STATED),
        c.quantity(
            "production_cost_ore", "Produksjonskostnad for utskrift", "Printing cost", "øre", about=_COST_AS_STATED
        ),
        c.quantity("postage_ore", "Porto", "Postage", "øre", about=_COST_AS_STATED),
        c.int64(
            "inhabitants", "Innbyggere", "Inhabitants", "innbyggere", null=True, additivity=Additivity.NONE
        ).explained(
            "Innbyggere 1. januar samme år; tom når nummeret ikke svarer til nøyaktig én kommune i dagens inndeling.",
            "Inhabitants on 1 January of the year; null if the code does not map to exactly one current municipality.",
        ),
        c.quantity(
            "per_1000_inhabitants",
            "Forsendelser per 1 000 innbyggere",
            "Dispatches per 1 000 inhabitants",
            "forsendelser per 1 000 innbyggere",
            null=True,
            additivity=Additivity.NONE,
        ).explained(
            "I denne kanalen; tall for hele kommunen står i usage.peer_month. Tom når innbyggertallet er tomt.",
            "In this channel; usage.peer_month has the whole municipality. Null where inhabitants is.",
        ),
        c.share("digital_share", "Digital andel", "Digital share", null=True).explained(
            "Andel av leverte forsendelser i alle kanaler som ikke ble skrevet ut. Tom når ingen er levert.",
            "Share of delivered dispatches in all channels that were not printed. Null where none is delivered.",
        ),
        c.flag("digital_share_provisional", "Foreløpig digital andel", "Provisional digital share").explained(
            "Sann til sju virkedager etter måneden.", "True until seven working days after the month."
        ),
        c.flag("estimated", "Anslått", "Estimated").explained(
            "Sann når tallene for en delt kommune er fordelt etter vekter.",
            "True if a split municipality's figures are divided by weights.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code", only="borders = 'now'"),
        r.one_of("borders", ("then", "now")),
        r.one_of("service", SERVICES),
        r.one_of("channel", _CHANNELS),
        r.matches("municipality_code", "[0-9]{4}"),
        r.first_of_month("month"),
        r.at_least("dispatches", 0),
        r.between("digital_share", 0, 1),
    ),
    views=(
        View(
            "municipality_month_then",
            nb("Per kommune og måned, datidens inndeling") | en("Per municipality and month, historical boundaries"),
            without=("borders",),
            only=(("borders", "then"),),
        ),
        View(
            "municipality_month_now",
            nb("Per kommune og måned, dagens inndeling") | en("Per municipality and month, current boundaries"),
            without=("borders",),
            only=(("borders", "now"),),
        ),
    ),
)

DISPATCH_MONTH = DatasetContract(
    schema="usage",
    table="dispatch_month",
    title=nb("Forsendelser per måned") | en("Dispatches per month"),
    about=nb("Én rad per måned, virksomhet, tjeneste, kanal og utfall: summen av dagene.")
    | en("One row per month, organisation, service, channel, outcome: the sum of the days."),
    partitioned=True,
    sources=("dispatch",),
    columns=(c.MONTH.but(key=True), *(col for col in DISPATCH_DAY.columns if col.name not in ("month", "day"))),
    rules=(*(rule for rule in DISPATCH_DAY.rules if "day" not in rule.columns), r.first_of_month("month")),
)

SENSITIVE_DISPATCH_MONTH = DatasetContract(
    schema="conformed",
    table="sensitive_dispatch_month",
    title=nb("Forsendelser i følsomme tjenester") | en("Dispatches for sensitive services"),
    about=nb("Én rad per måned, virksomhet og tjeneste, nøyaktig. Forlater aldri lageret.")
    | en("One row per month, organisation, service, exact. Never leaves the lake."),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch",),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.count("states", "Mottatte statusendringer", "State changes received", "rader"),
        c.DAY.but(name="first_day", title=nb("Første dag") | en("First day")),
        c.DAY.but(name="last_day", title=nb("Siste dag") | en("Last day")),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SENSITIVE_SERVICES), r.at_least("dispatches", 1)),
)

_ABOUT_CUT_OFF = nb(
    "Nøyaktig, av det som var mottatt ved månedens siste publisering: sju virkedager etter måneden, siden ved hvert "
    "kvartalsskifte. Forlater aldri lageret."
) | en(
    "Exact, of what had been received when the month was last published: seven working days after it, then at each "
    "end of a quarter. Never leaves the lake."
)
PROTECTED_DISPATCH_MONTH = DatasetContract(
    schema="conformed",
    table="protected_dispatch_month",
    title=nb("Beskyttede forsendelser") | en("Protected dispatches"),
    about=nb(
        "Én rad per måned, tjeneste, virksomhet og skjermet fagsystem: følsomme tjenester, og det skjermede "
        f"fagsystemer sendte i andre. {_ABOUT_CUT_OFF.nb}"
    )
    | en(
        "One row per month, service, organisation, shielded system: sensitive services, and what shielded "
        f"systems sent in others. {_ABOUT_CUT_OFF.en}"
    ),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "source_system"),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("system", "Fagsystem", "Source system", key=True, null=True).explained(
            "Skjermet fagsystem i registeret source_system. Tom i følsomme tjenester, og for navn uten fagsystem.",
            "A shielded system of the register source_system. Null at sensitive services, and for names without one.",
        ),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        *_DIGEST,
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SERVICES), r.at_least("dispatches", 1)),
)
PROTECTED_MEASURE_MONTH = DatasetContract(
    schema="conformed",
    table="protected_measure_month",
    title=nb("Beskyttede målinger") | en("Protected measurements"),
    about=nb(f"Én rad per måned, tjeneste, mål og virksomhet i følsomme tjenester. {_ABOUT_CUT_OFF.nb}")
    | en(f"One row per month, service, measure, organisation at sensitive services. {_ABOUT_CUT_OFF.en}"),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("measurement",),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.text("measure", "Mål", "Measure", key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.quantity("quantity", "Mengde", "Quantity", "målets enhet"),
        *_DIGEST,
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SENSITIVE_SERVICES), r.at_least("quantity", 0)),
)

_MEASURE = c.text("measure", "Mål", "Measure", key=True).explained(
    "Som i reference.measure; forsendelser der tjenesten er følsom.",
    "As in reference.measure; forsendelser (dispatches) where the service is sensitive.",
)
_COUNTED = c.quantity("quantity", "Mengde", "Quantity", "målets enhet", perturbed=True).explained(
    "Strøm: summen av månedens dager. Bestand: siste dag i måneden.",
    "Flow: the sum of the month's days. Stock: the last day of the month.",
)

MEASURE_MONTH = DatasetContract(
    schema="usage",
    table="measure_month",
    title=nb("Annen bruk per måned") | en("Other use per month"),
    about=nb(
        "Én rad per måned, virksomhet, tjeneste og mål: oppslag, meldinger, søknader, kontoer. For "
        "følsomme tjenester er det bare rader for bestand og for tjenestens hovedmål, med tall som er "
        "endret tilfeldig, fra sju virkedager etter måneden. De revideres bare ved kvartalsskifte."
    )
    | en(
        "One row per month, organisation, service, measure: look-ups, messages, applications, accounts. "
        "Sensitive services have rows for stocks and for the service's leading flow only, with figures "
        "changed at random, from seven working days after the month. They are revised at quarter ends only."
    ),
    version=2,
    replaces_at_once=_OF_PERSONS,
    sources=("measurement", "dispatch", "measure"),
    non_additive_across=("measure",),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        _MEASURE,
        _COUNTED,
        _PERTURBED,
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("measure", (*MEASURES, DISPATCHES)),
        r.modulus_11("organisation_number"),
        r.first_of_month("month"),
    ),
)

MEASURE_TOTAL_MONTH = DatasetContract(
    schema="usage",
    table="measure_total_month",
    title=nb("Annen bruk per måned, hele landet") | en("Other use per month, national"),
    about=nb(
        "Én rad per måned, tjeneste og mål for alle virksomheter samlet. For følsomme tjenester er hvert "
        "landstall endret tilfeldig for seg, så det kan avvike litt fra summen av virksomhetene. Andre strømmer enn "
        "tjenestens hovedmål vises når minst tjue virksomheter har noe av dem, og er endret med så mye som noen få "
        "saker utgjør."
    )
    | en(
        "One row per month, service, measure, for all organisations together. At sensitive services each "
        "national figure is changed at random by itself, so it may differ slightly from the organisations' sum. "
        "Flows other than the service's leading one are shown if at least twenty organisations have some, and are "
        "changed by as much as a few cases come to."
    ),
    version=2,
    replaces_at_once=_OF_PERSONS,
    sources=("measurement", "dispatch", "measure"),
    non_additive_across=("measure",),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        _MEASURE,
        _COUNTED,
        _PERTURBED,
        c.count(
            "organisations", "Virksomheter", "Organisations", "virksomheter", null=True, additivity=Additivity.NONE
        ).explained(
            "Antall virksomheter med en rapportert mengde, også 0. Tom for andre mål enn hovedmålet i "
            "følsomme tjenester.",
            "The number of organisations with a reported quantity, 0 included. Null for flows of sensitive services "
            "other than the leading one.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("measure", (*MEASURES, DISPATCHES)),
        r.first_of_month("month"),
    ),
)

MUNICIPALITY_MEASURE_MONTH = DatasetContract(
    schema="usage",
    table="municipality_measure_month",
    title=nb("Annen bruk per kommune og måned") | en("Other use per municipality and month"),
    about=nb(
        "Én rad per måned, inndeling, kommune, tjeneste og mål som kommunens virksomhet har en rad for i "
        "usage.measure_month; bare kommuner. Henvendelser og timer regnes ikke som bruk og er utelatt. "
        "Delte kommuner fordeles etter oppgitte vekter. Regnet av tallene som er publisert der."
    )
    | en(
        "One row per month, boundaries, municipality, service and measure for which the municipality's "
        "organisation has a row in usage.measure_month; municipalities only. Support requests and hours "
        "do not count as use and are left out. Split municipalities follow declared weights. Calculated "
        "from the figures published there."
    ),
    version=2,
    replaces_at_once=_OF_PERSONS,
    partitioned=True,
    sources=("measurement", "dispatch", "measure", "municipality", "population"),
    non_additive_across=("borders", "measure"),
    columns=(
        c.MONTH.but(key=True),
        MUNICIPALITY_MONTH["borders"],
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        _MEASURE,
        _COUNTED,
        _PERTURBED,
        MUNICIPALITY_MONTH["inhabitants"],
        c.quantity(
            "per_1000_inhabitants",
            "Per 1 000 innbyggere",
            "Per 1 000 inhabitants",
            "målets enhet per 1 000 innbyggere",
            null=True,
            additivity=Additivity.NONE,
            perturbed=True,
        ).explained(
            "Mengden delt på innbyggertallet. Tom når innbyggertallet mangler.",
            "The quantity divided by inhabitants. Null if inhabitants are missing.",
        ),
        MUNICIPALITY_MONTH["estimated"],
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code", only="borders = 'now'"),
        r.one_of("borders", ("then", "now")),
        r.one_of("service", SERVICES),
        r.one_of("measure", USED),
        r.matches("municipality_code", "[0-9]{4}"),
        r.first_of_month("month"),
        r.at_least("quantity", 0),
        r.Rule(
            "figure_is_of_what_is_shown",
            "(per_1000_inhabitants is null) = (inhabitants is null)",
            ("per_1000_inhabitants", "inhabitants"),
            nb("Et tall per innbygger må finnes når innbyggertallet finnes.")
            | en("There must be a figure per inhabitant if there are inhabitants."),
        ),
    ),
    views=(
        View(
            "municipality_measure_month_then",
            nb("Annen bruk per kommune og måned, datidens inndeling")
            | en("Other use per municipality and month, historical boundaries"),
            without=("borders",),
            only=(("borders", "then"),),
        ),
        View(
            "municipality_measure_month_now",
            nb("Annen bruk per kommune og måned, dagens inndeling")
            | en("Other use per municipality and month, current boundaries"),
            without=("borders",),
            only=(("borders", "now"),),
        ),
    ),
)

_ABOUT_CONNECTIONS = nb(
    "Én rad per måned, virksomhet, konto, fagsystem, leverandør og tjeneste. Fagsystemer som røper "
    "noe om mottakerne, er slått sammen med uoppgitte fagsystemer: én rad per virksomhet og "
    "tjeneste, uten konto. Følsomme tjenester er utelatt."
) | en(
    "One row per month, organisation, account, source system, supplier, service. Source systems that "
    "reveal something about recipients are merged with unstated ones: one row per organisation and "
    "service, without account. Sensitive services are left out."
)
_CONNECTION = (
    c.MONTH.but(key=True),
    c.ORGANISATION_NUMBER.but(key=True),
    c.ACCOUNT_ID.but(key=True, null=True).explained(
        "Konto på Fiks-plattformen; tilknytning er virksomhet × konto × fagsystem. Tom når mapping er NOT_STATED.",
        "Account on the Fiks platform; a connection is organisation × account × source system. Null where mapping "
        "is NOT_STATED.",
    ),
    c.SOURCE_SYSTEM.but(key=True, null=True),
    c.SUPPLIER_NUMBER.but(key=True, null=True).explained(
        "Leverandøren som kaller tjenesten på vegne av kunden. Tom når den ikke er oppgitt, og når mapping er "
        "NOT_STATED.",
        "The supplier that calls the service on behalf of the customer. Null if not stated, and where mapping is "
        "NOT_STATED.",
    ),
    c.SERVICE.but(key=True),
    c.text("system", "Fagsystem", "Source system", null=True).explained(
        "Fra registeret source_system; tom når navnet ikke er knyttet til et system.",
        "From the register source_system; null where the name is not mapped.",
    ),
    c.text("supplier", "Leverandør", "Supplier", null=True).explained(
        "Leverandøren av fagsystemet, fra registeret source_system. Når navnet ikke er knyttet til et "
        "system (UNMAPPED): leverandøren som registeret eventuelt har for supplier_number.",
        "From the register source_system: the supplier of the system. Where the name is not mapped "
        "(UNMAPPED), the one that the register has for supplier_number, if any.",
    ),
    c.text("mapping", "Kobling til fagsystem", "Mapping to a system").explained(
        "MAPPED, UNMAPPED (navnet står ikke i registeret) eller NOT_STATED (ikke oppgitt, eller et kjent "
        "fagsystem som røper noe om mottakerne: forsendelsene er talt med, men uten navnet).",
        "MAPPED, UNMAPPED (the register lacks the name) or NOT_STATED (not stated, or a known system that reveals "
        "something about recipients: its dispatches are counted, without its name).",
    ),
)
MAPPINGS = ("MAPPED", "UNMAPPED", "NOT_STATED")
_BAND = "(0|0-9|1-9|10(0*)-9(9*)9)"
"""A band of counts: 0, 0-9, 1-9, 10-99, 100-999 and so on. `band_of` in assets/perturbation.py makes them."""
_CONNECTION_RULES = (
    r.one_of("service", SERVICES),
    r.one_of("mapping", MAPPINGS),
    r.modulus_11("organisation_number"),
    r.first_of_month("month"),
    r.Rule(
        "not_stated_has_no_account",
        "mapping <> 'NOT_STATED' or coalesce(account_id, source_system, supplier_number, system, supplier) is null",
        ("mapping", "account_id", "source_system", "supplier_number", "system", "supplier"),
        nb("Rader uten oppgitt fagsystem skal ikke vise hvem de kommer fra.")
        | en("Rows with no system stated must not show whose they are."),
    ),
)

CONNECTION_EXACT_MONTH = DatasetContract(
    schema="usage",
    table="connection_exact_month",
    title=nb("Tilknytninger per måned, nøyaktige tall") | en("Connections per month, exact numbers"),
    about=nb(
        f"{_ABOUT_CONNECTIONS.nb} For virksomheten selv og for dem som har fått rettigheten "
        "CONNECTION_COUNTS; andre leser usage.connection_month."
    )
    | en(
        f"{_ABOUT_CONNECTIONS.en} For the organisation itself and for those who were given the right "
        "CONNECTION_COUNTS; others read usage.connection_month."
    ),
    exact_counts=True,
    partitioned=True,
    sources=("dispatch", "source_system"),
    columns=(
        *_CONNECTION,
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.count("failed", "Feilet", "Failed", "forsendelser").explained("Utfall failed.", "Outcome failed."),
        c.date("last_seen", "Sist sett", "Last seen").explained(
            "Siste dag med en forsendelse.", "The last day with a dispatch."
        ),
        c.SYNTHETIC,
    ),
    rules=(*_CONNECTION_RULES, r.at_least("dispatches", 1), r.at_least("failed", 0)),
)

CONNECTION_MONTH = DatasetContract(
    schema="usage",
    table="connection_month",
    title=nb("Tilknytninger per måned") | en("Connections per month"),
    about=nb(
        f"{_ABOUT_CONNECTIONS.nb} Antall er oppgitt i intervaller, fra sju virkedager etter måneden. Raden NOT_STATED "
        "står ved siden av virksomhetens andre også når den er tom, som 0-9."
    )
    | en(
        f"{_ABOUT_CONNECTIONS.en} Counts are given in bands, from seven working days after the month. The row "
        "NOT_STATED stands beside the organisation's others even if it is empty, as 0-9."
    ),
    version=2,
    replaces_at_once=_OF_PERSONS,
    partitioned=True,
    sources=("dispatch", "source_system"),
    columns=(
        *_CONNECTION,
        c.text("dispatches", "Forsendelser", "Dispatches").explained(
            "Intervall: 1-9, 10-99, 100-999 og så videre; 0-9 i raden NOT_STATED. Nøyaktige tall vises bare for "
            "virksomheten selv og for fellestjenestene, i usage.connection_exact_month.",
            "A band: 1-9, 10-99, 100-999 and so on; 0-9 in the row NOT_STATED. Exact numbers are for the "
            "organisation itself and the shared services only, in usage.connection_exact_month.",
        ),
        c.text("failed", "Feilet", "Failed").explained(
            "Utfall failed, i intervall: 0 når ingen av virksomhetens i tjenesten feilet, ellers 0-9, 10-99 og så "
            "videre.",
            "Outcome failed, as a band: 0 if none of the organisation's in the service failed, else 0-9, 10-99 and so "
            "on.",
        ),
        c.date("last_seen", "Sist sett", "Last seen").explained(
            "Første dag i måneden med siste forsendelse.", "The first day of the month of the last dispatch."
        ),
        c.SYNTHETIC,
    ),
    rules=(
        *_CONNECTION_RULES,
        r.matches("dispatches", _BAND),
        r.matches("failed", _BAND),
        r.first_of_month("last_seen"),
    ),
)

SYSTEM_MONTH = DatasetContract(
    schema="usage",
    table="system_month",
    title=nb("Forsendelser per fagsystem, hele landet") | en("Dispatches by source system, national"),
    about=nb(
        "Én rad per måned, tjeneste og fagsystem for alle virksomheter samlet, rundet opp til hele femti. "
        "Fagsystemer som røper noe om mottakerne, vises fra sju virkedager etter måneden, med tall som er endret "
        "tilfeldig i stedet. Færre enn tre virksomheter: bare intervall."
    )
    | en(
        "One row per month, service, source system, for all organisations together, rounded up to whole fifties. "
        "Systems that reveal something about recipients are shown from seven working days after the month, with "
        "numbers changed at random instead. Fewer than three organisations: a band only."
    ),
    partitioned=True,
    sources=("dispatch", "source_system"),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.text("system", "Fagsystem", "Source system", key=True, null=True).explained(
            "Fra registeret source_system. Tom for navn som ikke er knyttet til et system, samlet, og for "
            "forsendelser uten oppgitt fagsystem.",
            "From the register source_system. Null for names that are not mapped, together, and for "
            "dispatches with no system stated.",
        ),
        c.text("mapping", "Kobling til fagsystem", "Mapping to a system", key=True).explained(
            "MAPPED, UNMAPPED (navn som ikke står i registeret) eller NOT_STATED (ikke oppgitt, sammen med "
            "skjermede fagsystemer).",
            "MAPPED, UNMAPPED (names that the register lacks) or NOT_STATED (not stated, together with "
            "shielded systems).",
        ),
        c.text("supplier", "Leverandør", "Supplier", null=True).explained(
            "Leverandøren av fagsystemet, fra registeret source_system.",
            "The supplier of the system, from the register source_system.",
        ),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser", null=True, perturbed=True)
        .explained(
            "Rundet opp til hele femti. Tom når færre enn tre virksomheter bruker fagsystemet, og i raden NOT_STATED. "
            "Et skjermet fagsystem teller også der, så radene med perturbed skal ikke legges til summen.",
            "Rounded up to whole fifties. Null if fewer than three organisations use the system, and in the row "
            "NOT_STATED. A shielded system also counts there, so rows with perturbed must not be added to the sum.",
        )
        .but(additivity=Additivity.NONE),
        c.text("dispatches_band", "Forsendelser, intervall", "Dispatches, band").explained(
            "1-9, 10-99, 100-999 og så videre.", "1-9, 10-99, 100-999 and so on."
        ),
        c.count(
            "organisations", "Virksomheter", "Organisations", "virksomheter", null=True, additivity=Additivity.NONE
        ).explained("Tom i raden NOT_STATED og for skjermede.", "Null in the row NOT_STATED and for shielded ones."),
        _PERTURBED,
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("mapping", MAPPINGS),
        r.matches("dispatches_band", _BAND),
        r.at_least("dispatches", 0),
        r.first_of_month("month"),
    ),
)


def _hours(name: str, percentile: int) -> Column:
    return c.quantity(
        name,
        f"Timer til levert, {percentile}. prosentil",
        f"Hours to delivery, {percentile}th percentile",
        "timer",
        additivity=Additivity.NONE,
    ).explained(
        "Fra opprettet til første gang levert, slik kanalen melder det, ikke nødvendigvis til noen har lest.",
        "From created to first delivered, as the channel reports it, not necessarily until somebody has read it.",
    )


_TOOK = tuple(
    c.int64(
        f"p{percentile}_us",
        f"Mikrosekunder til levert, {percentile}. prosentil",
        f"Microseconds to delivery, {percentile}th percentile",
        "mikrosekunder",
        additivity=Additivity.NONE,
    )
    for percentile in (50, 90, 95, 99)
)
DELIVERY_TAKEN = DatasetContract(
    schema="conformed",
    table="delivery_taken",
    title=nb("Leveringstid") | en("Delivery duration"),
    about=nb(
        "Samme innhold som usage.delivery_time for én måned alene, uten opplysninger som avhenger av andre måneder."
    )
    | en("The same as usage.delivery_time for a single month, without anything that depends on other months."),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch",),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        c.count("dispatches", "Leverte forsendelser", "Delivered dispatches", "forsendelser"),
        *_TOOK,
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SERVICES), r.at_least("dispatches", 1)),
)

DELIVERY_TIME = DatasetContract(
    schema="usage",
    table="delivery_time",
    title=nb("Leveringstid") | en("Delivery time"),
    about=nb(
        "Én rad per måned, tjeneste og kanal for forsendelser som er levert minst én gang. "
        f"Prosentilene er nøyaktige, regnet av hver forsendelse. {c.NEAREST_RANK.nb} "
        "Levert betyr ikke det samme i alle kanaler, så sammenlign en kanal bare med seg selv: se channel og "
        "reference.dispatch_status."
    )
    | en(
        "One row per month, service and channel for dispatches delivered at least once. "
        f"Percentiles are exact, calculated from every dispatch. {c.NEAREST_RANK.en} "
        "Delivered does not mean the same in every channel, so compare a channel only with itself: see channel and "
        "reference.dispatch_status."
    ),
    partitioned=True,
    sources=("dispatch",),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True).explained(
            "Kanalen forsendelsen endte i, og hva levert er der. SDP: den digitale postkassen har mottatt "
            "(LEVERT_SDP), lest eller ikke. ALTINN, SVARINN, NHN og UNKNOWN (kanalen er ikke kjent): mottakeren "
            "har lastet ned (LEST); for det som bare sendes digitalt, alt når det er sendt ulest (SENDT_DIGITALT). "
            "PRINT: skrevet ut (PRINTET), før posten er framme; ventetiden på at noen leser digitalt, er med.",
            "The channel in which the dispatch ended, and what delivered is there. SDP: the digital mailbox "
            "received it (LEVERT_SDP), read or not. ALTINN, SVARINN, NHN and UNKNOWN (the channel is not known): "
            "the receiver downloaded it (LEST); what is digital only, already when sent unread (SENDT_DIGITALT). "
            "PRINT: printed (PRINTET), before it is in the letter box; the wait for a digital reader is in it.",
        ),
        c.count("dispatches", "Leverte forsendelser", "Delivered dispatches", "forsendelser"),
        _hours("p50_hours", 50),
        _hours("p90_hours", 90),
        _hours("p99_hours", 99),
        c.flag("provisional", "Foreløpig", "Provisional").explained(
            "Bare leverte forsendelser teller, så en fersk måned ser raskere ut enn den er. Foreløpig til "
            "måneden er eldre enn tiden 95 av 100 forsendelser tok i den tregeste av de tolv foregående "
            "månedene, og minst til sju virkedager etter måneden.",
            "Only delivered dispatches count, so a recent month looks faster than it is. Provisional until "
            "the month is older than the time 95 of 100 dispatches took in the slowest of the twelve "
            "previous months, and at least until seven working days after the month.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("channel", _CHANNELS),
        r.at_least("dispatches", 1),
        r.at_least("p50_hours", 0),
        r.Rule(
            "percentiles_rise",
            "p50_hours <= p90_hours and p90_hours <= p99_hours",
            ("p50_hours", "p90_hours", "p99_hours"),
            nb("Prosentilene må være stigende.") | en("The percentiles must be ascending."),
        ),
        r.first_of_month("month"),
    ),
)


_USED = nb("brukte tjenesten i måneden") | en("used the service in the month")
_DELIVERED = nb("fikk levert noe i måneden") | en("had something delivered in the month")


def _quartile(of: Column, counted: Text, name: str, nb_title: str, en_title: str) -> Column:
    return of.but(name=name, title=nb(nb_title) | en(en_title), null=True, additivity=Additivity.NONE).explained(
        f"Regnet av kommunene i gruppen som {counted.nb}; andre er utelatt, ikke regnet som null. {c.NEAREST_RANK.nb} "
        "Tom når gruppen er for liten. I COUNTRY varierer tallet litt mellom kommuner, for ingen er i sin egen gruppe.",
        f"Calculated from the municipalities in the group that {counted.en}; others are left out, not counted as zero. "
        f"{c.NEAREST_RANK.en} "
        "Null if the group is too small. In COUNTRY it differs a little by municipality: none is in its own group.",
    )


_PER_1000 = MUNICIPALITY_MONTH["per_1000_inhabitants"]
_SHARE = MUNICIPALITY_MONTH["digital_share"]
PEER_KINDS = ("SIMILAR", "COUNTY", "NETWORK", "COUNTRY")

PEER_MONTH = DatasetContract(
    schema="usage",
    table="peer_month",
    title=nb("Sammenligning med andre kommuner") | en("Comparison with other municipalities"),
    about=nb(
        "Én rad per måned, kommune i dagens inndeling, tjeneste og gruppe: kommunens eget tall, gruppens "
        "median og kvartiler, og hvor mange som teller med. Kommunen selv er ikke med i gruppen. "
        "Kommuner uten forsendelser i tjenesten den måneden er utelatt, ikke regnet som null. Median "
        "krever tre tall, kvartiler fem."
    )
    | en(
        "One row per month, current municipality, service, group: its own figure, the group's median and "
        "quartiles, and how many count. The municipality itself is not in the group. Municipalities "
        "without dispatches of the service in the month are left out, not counted as zero. A median "
        "takes three figures, quartiles five."
    ),
    partitioned=True,
    sources=("dispatch", "municipality_peer"),
    non_additive_across=("peer_kind",),
    columns=(
        c.MONTH.but(key=True),
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        c.text("peer_kind", "Gruppe", "Group", key=True).explained(
            "SIMILAR (de ti nærmeste i størrelse og i innbyggere innen 50 km), COUNTY (eget fylke), NETWORK "
            "(eget nettverk), COUNTRY (hele landet uten Oslo).",
            "SIMILAR (the ten nearest in size and in inhabitants within 50 km), COUNTY (own county), NETWORK "
            "(own network), COUNTRY (the country excluding Oslo).",
        ),
        c.text("peer_group", "Gruppens id", "Group id", key=True).explained(
            "COUNTY: fylkesnummer. NETWORK: nettverkets id. COUNTRY: NO. SIMILAR: kommunens eget nummer, "
            "siden hver kommune har sin egen gruppe; medlemmene står i reference.municipality_peer.",
            "COUNTY: county code. NETWORK: network id. COUNTRY: NO. SIMILAR: the municipality's own code, "
            "since each has a group of its own; its members are in reference.municipality_peer.",
        ),
        _PER_1000.explained(
            "Kommunens eget tall, alle kanaler; tom når kommunen ikke brukte tjenesten i måneden.",
            "The municipality's own figure, all channels; null if it did not use the service in the month.",
        ),
        _SHARE,
        c.count(
            "members",
            "Andre kommuner i gruppen",
            "Other municipalities in the group",
            "kommuner",
            additivity=Additivity.NONE,
        ),
        c.count("n", "Brukte tjenesten", "Used the service", "kommuner", additivity=Additivity.NONE).explained(
            "Andre kommuner i gruppen med minst én forsendelse i tjenesten den måneden.",
            "Other municipalities in the group with at least one dispatch of the service in the month.",
        ),
        _quartile(_PER_1000, _USED, "per_1000_q1", "Per 1 000, nedre kvartil", "Per 1 000, lower quartile"),
        _quartile(_PER_1000, _USED, "per_1000_median", "Per 1 000, median", "Per 1 000, median"),
        _quartile(_PER_1000, _USED, "per_1000_q3", "Per 1 000, øvre kvartil", "Per 1 000, upper quartile"),
        c.count(
            "n_share", "Har digital andel", "Have a digital share", "kommuner", additivity=Additivity.NONE
        ).explained("Kommunene i n som fikk noe levert.", "The municipalities in n that had something delivered."),
        _quartile(
            _SHARE, _DELIVERED, "digital_share_q1", "Digital andel, nedre kvartil", "Digital share, lower quartile"
        ),
        _quartile(_SHARE, _DELIVERED, "digital_share_median", "Digital andel, median", "Digital share, median"),
        _quartile(
            _SHARE, _DELIVERED, "digital_share_q3", "Digital andel, øvre kvartil", "Digital share, upper quartile"
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("peer_kind", PEER_KINDS),
        r.matches("municipality_code", "[0-9]{4}"),
        r.first_of_month("month"),
        r.Rule(
            "group_holds_its_figures",
            "n <= members and n_share <= n and n >= 0",
            ("n", "members", "n_share"),
            nb("Det kan ikke være flere tall enn kommuner.") | en("There cannot be more figures than municipalities."),
        ),
        r.Rule(
            "small_groups_have_no_quartiles",
            "(n >= 3 or per_1000_median is null) and (n >= 5 or per_1000_q1 is null)"
            " and (n_share >= 3 or digital_share_median is null) and (n_share >= 5 or digital_share_q1 is null)",
            ("n", "n_share", "per_1000_median", "per_1000_q1"),
            nb("Median krever tre tall, kvartiler fem.") | en("A median takes three figures, quartiles five."),
        ),
    ),
)


_PEER_1000 = MUNICIPALITY_MEASURE_MONTH["per_1000_inhabitants"]
_REPORTED = nb("har et tall") | en("have a figure")
MEDIAN_MISSING = ("FEW_MEMBERS", "NOT_MEASURED", "FEW_FIGURES", "NO_INHABITANTS")
"""Why a group has no median."""

PEER_MEASURE_MONTH = DatasetContract(
    schema="usage",
    table="peer_measure_month",
    title=nb("Sammenligning av annen bruk med andre kommuner")
    | en("Comparison of other use with other municipalities"),
    about=nb(
        "Én rad per måned, kommune i dagens inndeling, tjeneste, mål og gruppe: kommunens eget tall, "
        "gruppens median og kvartiler, og hvor mange som teller med. Kommunen selv er ikke med i "
        "gruppen. Tall som ingen har rapportert, er utelatt, ikke regnet som null. Median krever tre tall, "
        "kvartiler fem. Regnet av usage.municipality_measure_month. Forsendelser i andre tjenester enn de "
        "følsomme: usage.peer_month."
    )
    | en(
        "One row per month, current municipality, service, measure, group: its own figure, the group's "
        "median and quartiles, and how many count. The municipality itself is not in the group. Unreported "
        "figures are left out, not counted as zero. A median takes three figures, quartiles five. Calculated "
        "from usage.municipality_measure_month. Dispatches of services that are not sensitive: usage.peer_month."
    ),
    version=2,
    replaces_at_once=_OF_PERSONS,
    partitioned=True,
    sources=("measurement", "dispatch", "municipality_peer"),
    non_additive_across=("measure", "peer_kind"),
    columns=(
        c.MONTH.but(key=True),
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        _MEASURE,
        PEER_MONTH["peer_kind"],
        PEER_MONTH["peer_group"],
        _PEER_1000.explained(
            "Kommunens eget tall. Tom når det ikke er rapportert.",
            "The municipality's own figure. Null if not reported.",
        ),
        PEER_MONTH["members"],
        c.count("n", "Har tall", "Have figures", "kommuner", additivity=Additivity.NONE).explained(
            "Andre kommuner i gruppen med et tall.", "Other municipalities in the group with a figure."
        ),
        _quartile(_PEER_1000, _REPORTED, "per_1000_q1", "Per 1 000, nedre kvartil", "Per 1 000, lower quartile"),
        _quartile(_PEER_1000, _REPORTED, "per_1000_median", "Per 1 000, median", "Per 1 000, median"),
        _quartile(_PEER_1000, _REPORTED, "per_1000_q3", "Per 1 000, øvre kvartil", "Per 1 000, upper quartile"),
        c.text("median_missing", "Uten median fordi", "No median because", null=True).explained(
            "FEW_MEMBERS: færre enn tre andre i gruppen. NOT_MEASURED: ingen av dem har en rad. FEW_FIGURES: "
            "færre enn tre har det. NO_INHABITANTS: innbyggertall mangler. Tom når medianen finnes.",
            "FEW_MEMBERS: fewer than three others in the group. NOT_MEASURED: none of them has a row. "
            "FEW_FIGURES: fewer than three have. NO_INHABITANTS: inhabitants are missing. Null if there is a median.",
        ),
        _PERTURBED,
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("measure", USED),
        r.one_of("peer_kind", PEER_KINDS),
        r.one_of("median_missing", MEDIAN_MISSING),
        r.matches("municipality_code", "[0-9]{4}"),
        r.first_of_month("month"),
        r.Rule(
            "group_holds_its_figures",
            "n <= members and n >= 0",
            ("n", "members"),
            nb("Det kan ikke være flere tall enn kommuner.") | en("There cannot be more figures than municipalities."),
        ),
        r.Rule(
            "small_groups_have_no_quartiles",
            "(n >= 3 or per_1000_median is null) and (n >= 5 or per_1000_q1 is null)",
            ("n", "per_1000_q1", "per_1000_median"),
            nb("Median krever tre tall, kvartiler fem.") | en("A median takes three figures, quartiles five."),
        ),
        r.Rule(
            "quartiles_rise",
            "per_1000_q1 <= per_1000_median and per_1000_median <= per_1000_q3",
            ("per_1000_q1", "per_1000_median", "per_1000_q3"),
            nb("Kvartilene må være stigende.") | en("The quartiles must be ascending."),
        ),
        r.Rule(
            "missing_median_says_why",
            "(per_1000_median is null) = (median_missing is not null)",
            ("per_1000_median", "median_missing"),
            nb("Når medianen mangler, må grunnen være oppgitt.")
            | en("If the median is missing, the reason must be given."),
        ),
    ),
)


FORECAST_METHODS = ("LAST_VALUE", "MEAN", "DRIFT", "SEASONAL_NAIVE", "SEASONAL_GROWTH", "THETA", "SEASONAL_THETA")
"""From the simplest: docs/decisions/0010-forecasts.md."""
FORECAST_RULES = (
    r.first_of_month("month"),
    r.at_least("low", 0),
    r.at_least("backtest_error", 0),
    r.at_least("last_value_error", 0),
    r.at_least("mean_error", 0),
    r.Rule(
        "forecast_beats_a_simple_one",
        "backtest_error = 0 or backtest_error < last_value_error or backtest_error < mean_error",
        ("backtest_error", "last_value_error", "mean_error"),
        nb("Feilen må være null, eller mindre enn for siste måned eller snittet like langt fram.")
        | en("The error must be zero, or below that of the last value or the mean as far ahead."),
    ),
    r.at_least("past_inside", 0),
    r.Rule(
        "expected_lies_between",
        "low <= expected and expected <= high and month > last_known_month",
        ("low", "expected", "high", "month", "last_known_month"),
        nb("Rekkefølgen må være lavt ≤ forventet ≤ høyt, og måneden må være etter siste kjente.")
        | en("The order must be low ≤ expected ≤ high, and the month must be after the last known."),
    ),
)
"""What holds of every forecast, of use and of uptake."""


def _foreseen(name: str, nb_title: str, en_title: str) -> Column:
    about = nb("I hele enheter.") | en("In whole units.")
    if name != "expected":
        about = nb(
            "I hele enheter. 80 av 100 måneder skal ligge mellom lavt og høyt. Bredden er tilpasset, for hver "
            "avstand fram, etter hva tidligere framskrivinger av alle seriene bommet med der; se "
            "past_forecasts og past_inside."
        ) | en(
            "In whole units. 80 of 100 months should lie between low and high. The width is calibrated, for "
            "each distance ahead, on what earlier forecasts of all series missed there; see past_forecasts "
            "and past_inside."
        )
    return c.quantity(
        name,
        nb_title,
        en_title,
        "målets enhet",
        about=about,
        additivity=Additivity.SUM if name == "expected" else Additivity.NONE,
    )


FORECAST = DatasetContract(
    schema="usage",
    table="forecast",
    title=nb("Framskriving av bruk") | en("Forecast of use"),
    about=nb(
        "Én rad per tjeneste, mål og kommende måned, for hele landet. Metoden er den som traff best på "
        "kjente måneder. Raden viser også feilen i måneder som ikke ble brukt til å velge metode, og "
        "feilen for siste måned og for snittet der. Rader mangler for serier under åtte måneder, og fra "
        "den første avstanden fram der metoden verken slo siste måned eller snittet, eller ikke er prøvd."
    )
    | en(
        "One row per service, measure, coming month, for the whole country. The method is the one that "
        "did best on known months. The row also has the error in months not used to choose the method, "
        "and the errors of the last value and the mean there. There are no rows for series under eight "
        "months, nor from the first distance ahead at which the method beat neither the last value nor "
        "the mean, or was not tried."
    ),
    sources=("dispatch", "measurement"),
    non_additive_across=("measure",),
    columns=(
        c.SERVICE.but(key=True),
        _MEASURE.explained(
            "forsendelser, eller et mål fra reference.measure.",
            "forsendelser (dispatches), or a measure of reference.measure.",
        ),
        c.MONTH.but(key=True),
        _foreseen("low", "Lavt", "Low"),
        _foreseen("expected", "Forventet", "Expected"),
        _foreseen("high", "Høyt", "High"),
        c.text("method", "Metode", "Method").explained(
            "LAST_VALUE: siste måned. MEAN: snittet av siste år. DRIFT: siste måned og snittet av endringene siste "
            "år. SEASONAL_NAIVE: samme måned året før. SEASONAL_GROWTH: den, ganger veksten fra år til år. THETA: "
            "trend og glattet nivå. SEASONAL_THETA: det samme, med sesong.",
            "LAST_VALUE: the last month. MEAN: that of the last year. DRIFT: the last month and the mean change of "
            "the last year. SEASONAL_NAIVE: the same month a year before. SEASONAL_GROWTH: that, times the growth "
            "from year to year. THETA: trend and smoothed level. SEASONAL_THETA: the same, with season.",
        ),
        *c.FORECAST_TRIED,
        c.date("last_known_month", "Siste kjente måned", "Last known month"),
        c.int32("months_known", "Kjente måneder", "Known months", "måneder"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("measure", (*MEASURES, DISPATCHES)),
        r.one_of("method", FORECAST_METHODS),
        *FORECAST_RULES,
    ),
)

SHOWN_IS_NOT_DOWN = nb(
    "En meldings tid er ikke en feils tid: den sier når meldingen sto, ikke når noe var nede. Få meldinger er heller "
    "ikke få feil, for mye ble meldt på andre måter."
) | en(
    "A message's time is not a fault's: it tells when the message stood, not when anything was down. Nor are few "
    "messages few faults, since much was told in other ways."
)
"""The one sentence beside every figure of messages. Source: catalog/facts/README.md, operational_message."""

OPERATIONAL_MESSAGE = DatasetContract(
    schema="usage",
    table="operational_message",
    title=nb("Driftsmeldinger") | en("Operational messages"),
    about=nb(f"Én rad per melding om drift som ble vist brukerne. {SHOWN_IS_NOT_DOWN.nb}")
    | en(f"One row per message on operation that users were shown. {SHOWN_IS_NOT_DOWN.en}"),
    sources=(SENT_MESSAGE.name,),
    columns=(
        c.PRODUCER.but(key=True),
        *SENT_MESSAGE.columns,
        c.MONTH.explained("Måneden da meldingen ble lagt ut, norsk tid.", "The month it was put up, Europe/Oslo."),
        c.decimal("hours_shown", "Timer meldingen sto", "Hours the message stood", "timer", 18, 4)
        .but(additivity=Additivity.NONE)
        .explained(
            f"En melding som ikke er tatt ned, regnes fram til den sist ble rapportert. {SHOWN_IS_NOT_DOWN.nb}",
            f"A message still up counts to when it was last reported. {SHOWN_IS_NOT_DOWN.en}",
        ),
        c.flag("overlapping", "Overlapper", "Overlaps").explained(
            "Sann når en tidligere melding om samme tjeneste, av samme type og årsak, ennå sto: trolig samme hendelse "
            "vist to steder eller ført to ganger. usage.stability_month teller slike én gang.",
            "True if an earlier message about the same service, of the same kind and cause, still stood: probably one "
            "event shown in two places or entered twice. usage.stability_month counts such once.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("kind", MESSAGE_KINDS),
        r.not_after("shown_from", "shown_to"),
        r.at_least("hours_shown", 0),
        r.first_of_month("month"),
    ),
)

STABILITY_MONTH = DatasetContract(
    schema="usage",
    table="stability_month",
    title=nb("Driftsmeldinger per måned") | en("Operational messages per month"),
    about=nb(
        "Én rad per måned, tjeneste, type og årsak med en melding; måneder uten er utelatt, ikke null. Meldinger om "
        "hele applikasjoner står bare i usage.operational_message. "
        f"{SHOWN_IS_NOT_DOWN.nb}"
    )
    | en(
        "One row per month, service, kind and cause with a message; months without are left out, not zero. Messages "
        "about whole applications are in usage.operational_message alone. "
        f"{SHOWN_IS_NOT_DOWN.en}"
    ),
    sources=(SENT_MESSAGE.name,),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        SENT_MESSAGE["kind"].but(key=True),
        SENT_MESSAGE["cause"].but(key=True, null=True, free_text=False),
        c.count("episodes", "Meldinger lagt ut", "Messages put up", "meldinger").explained(
            "Meldinger som overlapper eller følger rett på hverandre, er én. 0 når en tidligere måneds melding sto.",
            "Messages that overlap or follow without a break are one. 0 where one of an earlier month stood.",
        ),
        c.decimal("hours_shown", "Timer med melding", "Hours with a message", "timer", 18, 4)
        .but(additivity=Additivity.NONE)
        .explained(
            "Timer av måneden da minst én melding sto. Kan summeres over måneder, men ikke over tjenester, typer og "
            f"årsaker, for meldinger kan stå samtidig. {SHOWN_IS_NOT_DOWN.nb}",
            "Hours of the month in which at least one message stood. May be summed over months, not over services, "
            f"kinds and causes, since messages may stand at once. {SHOWN_IS_NOT_DOWN.en}",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.one_of("kind", MESSAGE_KINDS),
        r.first_of_month("month"),
        r.at_least("episodes", 0),
        r.between("hours_shown", 0, 745),
    ),
)

DATASETS = (
    DISPATCH_DAY,
    DISPATCH_MONTH,
    MEASURE_MONTH,
    MEASURE_TOTAL_MONTH,
    MUNICIPALITY_MONTH,
    MUNICIPALITY_MEASURE_MONTH,
    PEER_MONTH,
    PEER_MEASURE_MONTH,
    CONNECTION_EXACT_MONTH,
    CONNECTION_MONTH,
    SYSTEM_MONTH,
    DELIVERY_TIME,
    FORECAST,
    OPERATIONAL_MESSAGE,
    STABILITY_MONTH,
)
