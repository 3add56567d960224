"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, DatasetContract
from catalog.domain.products import SERVICES
from catalog.tables.streams import STEPS
from catalog.tables.usage import FORECAST_RULES
from catalog.text import en, nb

CUSTOMER_KINDS = ("MUNICIPALITY", "COUNTY", "COMPANY", "OTHER")
NOT_LISTED = "NOT_LISTED"
"""Missing from the latest complete list of a source that listed it before: not observed, neither active nor ended."""
STATUS_STEPS = ("ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "TERMINATED", NOT_LISTED)
"""The step of a customer in a month; RESUMED returns it to ACTIVATED."""
AREA_KINDS = ("NO", "COUNTY", "NETWORK")

_CODE_NOW = c.MUNICIPALITY_CODE.but(null=True).explained(
    "I dagens inndeling; tom når kunden ikke er en kommune.",
    "In the current division; null where the customer is not a municipality.",
)
_CUSTOMER_KIND = c.text("customer_kind", "Kundetype", "Kind of customer").explained(
    "MUNICIPALITY, COUNTY, COMPANY (interkommunalt) eller OTHER.", "MUNICIPALITY, COUNTY, COMPANY or OTHER."
)

STEP_EVENT = DatasetContract(
    schema="uptake",
    table="step_event",
    title=nb("Innføringssteg") | en("Adoption steps"),
    about=nb("Én rad per tolket hendelse og kommune i dagens inndeling.")
    | en("One row per resolved event and current municipality."),
    sources=("adoption", "municipality"),
    columns=(
        c.PRODUCER.but(key=True),
        c.text("event_id", "Hendelse", "Event", key=True),
        c.SERVICE.but(null=True).explained("Tom for hovedavtalen.", "Null for the main agreement."),
        c.ORGANISATION_NUMBER.but(null=True),
        _CODE_NOW.but(key=True),
        c.flag("estimated", "Delt kommune", "Split municipality").explained(
            "Hendelsen gjelder en kommune som senere er delt; hver del har sin rad.",
            "The event concerns a municipality that has since been split; each part has its own row.",
        ),
        c.text("reported_code", "Rapportert kommunenummer", "Reported municipality code", null=True),
        c.text("resolution", "Tolkning av kommunenummeret", "Municipality code resolution", null=True),
        _CUSTOMER_KIND,
        c.text("step", "Steg", "Step"),
        c.timestamp("occurred_at", "Skjedde", "Occurred at"),
        c.text("occurred_precision", "Tidsangivelse", "Precision of time").explained(
            "EXACT eller NO_LATER_THAN.", "EXACT or NO_LATER_THAN."
        ),
        c.MONTH,
        c.text("source", "Kilde", "Source"),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("step", STEPS),
        r.one_of("customer_kind", CUSTOMER_KINDS),
        r.modulus_11("organisation_number"),
        r.any_of("organisation_number", "municipality_code"),
    ),
)

USE_MONTH = DatasetContract(
    schema="conformed",
    table="use_month",
    title=nb("Bruk per måned") | en("Use per month"),
    about=nb("Én rad per måned, virksomhet og tjeneste med bruk. Forlater aldri lageret.")
    | en("One row per month, organisation, service with use. Never leaves the lake."),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement"),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True).explained(
            "Etterfølgerens nummer når virksomheten er avsluttet.",
            "The successor's number if the organisation has ended.",
        ),
        c.SERVICE.but(key=True),
        c.DAY.but(name="first_day", title=nb("Første dag") | en("First day")),
        c.DAY.but(name="last_day", title=nb("Siste dag") | en("Last day")),
        c.SYNTHETIC,
    ),
)

MEASURED_MONTH = DatasetContract(
    schema="conformed",
    table="measured_month",
    title=nb("Målte dager per måned") | en("Measured days per month"),
    about=nb("Én rad per måned og tjeneste med målt bruk. Et rapportert nulltall regnes som målt.")
    | en("One row per month and service with measured use. A reported zero counts as measured."),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement"),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.DAY.but(name="first_day", title=nb("Første dag") | en("First day")),
        c.DAY.but(name="last_day", title=nb("Siste dag") | en("Last day")),
        c.SYNTHETIC,
    ),
)

STATUS_MONTH = DatasetContract(
    schema="uptake",
    table="status_month",
    title=nb("Innføringsstatus per måned") | en("Uptake status per month"),
    about=nb("Én rad per måned, kunde og tjeneste fra første steg. Måneder uten tall er utelatt, ikke null.")
    | en("One row per month, customer and service from the first step. Months without figures are left out, not zero."),
    sources=("adoption", "dispatch", "measurement"),
    columns=(
        c.MONTH.but(key=True),
        _CODE_NOW.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True, null=True),
        _CUSTOMER_KIND,
        c.SERVICE.but(key=True),
        c.text("step", "Steg", "Step").explained(
            "Siste steg til og med måneden. Av steg på samme tidspunkt gjelder TERMINATED, deretter SUSPENDED.",
            "The last step through the month. Of steps at the same moment TERMINATED holds, then SUSPENDED.",
        ),
        c.flag("active", "I bruk", "Active").explained(
            "Se active_basis. Aldri sann når tjenesten er stanset eller sagt opp. Den som bruker tjenesten uten å ha "
            "tatt noe steg, har ingen rad her, men står i uptake.exception.",
            "See active_basis. Never true of a suspended or terminated customer. One that uses the service without any "
            "step has no row here, and is in uptake.exception.",
        ),
        c.text("active_basis", "Grunnlag for i bruk", "Basis for active").explained(
            "USE: bruk siste 90 dager. EVENT: bare kjent fra en hendelse; skal omtales som «aktivert», aldri «i bruk».",
            "USE: use within 90 days. EVENT: known only from an event; write 'activated', never 'in use'.",
        ),
        c.int32(
            "days_annex_to_use",
            "Dager fra vedlegg til bruk",
            "Days from annex to use",
            "dager",
            null=True,
            additivity=Additivity.NONE,
        ).explained(
            "Fra den måneden tjenesten tas i bruk. Tom i følsomme tjenester, når vedlegget er eldre enn målingene, og "
            "når bruken kom først.",
            "From the month of the first use. Null at sensitive services, where the annex is older than the "
            "measurements, and where use came first.",
        ),
        c.flag("estimated", "Delt kommune", "Split municipality").explained(
            "Steget bygger på hendelser i en kommune som senere er delt; hver del har fått dem.",
            "The step rests on events of a municipality that has since been split; each part was given them.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("step", STATUS_STEPS),
        r.one_of("active_basis", ("USE", "EVENT")),
        r.one_of("customer_kind", CUSTOMER_KINDS),
        r.first_of_month("month"),
        r.any_of("organisation_number", "municipality_code"),
        r.at_least("days_annex_to_use", 0),
    ),
)

FUNNEL = DatasetContract(
    schema="uptake",
    table="funnel",
    title=nb("Fra avtale til bruk") | en("From agreement to use"),
    about=nb(
        "Én rad per måned, tjeneste og område, regnet i kommuner i dagens inndeling. Hvert steg teller "
        "også kommuner som er kommet lenger."
    )
    | en("One row per month, service and area, in current municipalities. A step counts those further along as well."),
    sources=("adoption", "population", "network_member"),
    non_additive_across=("service", "area_kind"),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        c.text("area_kind", "Områdetype", "Kind of area", key=True).explained(
            "NO, COUNTY eller NETWORK.", "NO, COUNTY or NETWORK."
        ),
        c.text("area", "Område", "Area", key=True).explained(
            "NO, fylkesnummer eller nettverkets id.", "NO, county code or the network's id."
        ),
        c.count("annexed", "Kommuner med vedlegg", "Municipalities with annex", "kommuner", additivity=Additivity.LAST),
        c.count(
            "configured", "Kommuner med oppsett", "Municipalities configured", "kommuner", additivity=Additivity.LAST
        ),
        c.count(
            "activated", "Kommuner som er aktivert", "Municipalities activated", "kommuner", additivity=Additivity.LAST
        ),
        c.count("active", "Kommuner i bruk", "Municipalities active", "kommuner", additivity=Additivity.LAST).explained(
            "Teller bruk siste 90 dager der tjenesten måles, ellers hendelser; se active_basis.",
            "Counts 90 days of use where the service is measured, else events; see active_basis.",
        ),
        c.count(
            "dormant",
            "Kommuner som har sluttet å bruke tjenesten",
            "Municipalities no longer using it",
            "kommuner",
            additivity=Additivity.LAST,
            null=True,
        ).explained(
            "Har brukt tjenesten før, men ikke siste 90 dager. Tom der bruk ikke måles.",
            "Used the service before, but not within 90 days. Null where use is not measured.",
        ),
        c.text("active_basis", "Grunnlag for i bruk", "Basis for active").explained(
            "USE eller EVENT.", "USE or EVENT."
        ),
        c.int32(
            "median_days_annex_to_use",
            "Dager fra vedlegg til bruk, median",
            "Days from annex to use, median",
            "dager",
            null=True,
            additivity=Additivity.NONE,
        ).explained(
            f"Av kommunene i days_known; tom under tre. {c.NEAREST_RANK.nb}",
            f"Of the municipalities in days_known; null under three. {c.NEAREST_RANK.en}",
        ),
        c.count(
            "days_known",
            "Kommuner med kjent tid til bruk",
            "Municipalities with known days to use",
            "kommuner",
            additivity=Additivity.LAST,
        ),
        c.count(
            "municipalities", "Kommuner i området", "Municipalities in the area", "kommuner", additivity=Additivity.LAST
        ),
        c.share("share_of_population", "Andel av innbyggerne", "Share of population").explained(
            "Andel av områdets innbyggere som bor i aktive kommuner.",
            "The share of the area's inhabitants who live in active municipalities.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("area_kind", AREA_KINDS),
        r.one_of("active_basis", ("USE", "EVENT")),
        r.first_of_month("month"),
        r.Rule(
            "steps_nest",
            "annexed >= configured and configured >= activated and activated >= active and municipalities >= annexed",
            ("annexed", "configured", "activated", "active", "municipalities"),
            nb("Hvert steg må inngå i det forrige.") | en("Each step must be part of the one before."),
        ),
        r.between("share_of_population", 0, 1),
        r.at_least("median_days_annex_to_use", 0),
    ),
)

STANDINGS = ("NONE", "TERMINATED", NOT_LISTED, "SUSPENDED", "ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "IN_USE")
"""The possible standings of a municipality with a service, from none upwards."""
STANDING = DatasetContract(
    schema="uptake",
    table="standing",
    title=nb("Kommunenes innføring av tjenester") | en("Municipalities' progress with services"),
    about=nb(
        "Én rad per tjeneste, kommune og periode uten endring. Periodene følger hverandre uten opphold, "
        "fra den første måneden noen sto på et steg. Inneværende måned er med; bruken er ofte ikke målt "
        "ennå."
    )
    | en(
        "One row per service, municipality and period without change. Periods follow each other without "
        "a gap, from the first month in which anybody had taken a step. The current month is included; "
        "its use is often not measured yet."
    ),
    sources=("adoption", "dispatch", "measurement"),
    columns=(
        c.SERVICE.but(key=True),
        c.MUNICIPALITY_CODE.but(key=True).explained("I dagens inndeling.", "In the current division."),
        c.MONTH.but(key=True, name="first_month", title=nb("Første måned") | en("First month")),
        c.MONTH.but(name="last_month", title=nb("Siste måned") | en("Last month")),
        c.text("standing", "Nådd steg", "Step reached", null=True).explained(
            "NONE, siste steg, eller IN_USE når bruk er målt. Med flere kunder gjelder den som er kommet "
            "lengst. Tom når det er ukjent.",
            "NONE, the last step, or IN_USE by measured use. With several customers, the furthest applies. "
            "Null if unknown.",
        ),
        c.flag("active", "I bruk", "Active").explained("Se active_basis.", "See active_basis."),
        c.text("active_basis", "Grunnlag for i bruk", "Basis for active", null=True).explained(
            "USE eller EVENT. Tom i måneder uten tall.", "USE or EVENT. Null in months without numbers."
        ),
        c.MONTH.but(name="since", title=nb("Siden") | en("Since"), null=True).explained(
            "Måneden kommunen nådde steget. Tom når ingen hendelse viser det, og ved NONE.",
            "The month the municipality reached the step. Null if no event shows it, and at NONE.",
        ),
        c.flag("no_later", "Er seneste mulige måned", "Is latest possible month").explained(
            "Sann når måneden i «Siden» er den seneste mulige.", "True if the month in 'Since' is the latest possible."
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("standing", STANDINGS),
        r.one_of("active_basis", ("USE", "EVENT")),
        r.first_of_month("first_month"),
        r.first_of_month("last_month"),
        r.Rule(
            "in_order",
            "first_month <= last_month and coalesce(since <= first_month, true)",
            ("first_month", "last_month", "since"),
            nb("En periode kan ikke begynne etter at den slutter, eller før steget ble nådd.")
            | en("A period cannot begin after it ends, or before the step was reached."),
        ),
    ),
)

_LAST = Additivity.LAST
NETWORK_MONTH = DatasetContract(
    schema="uptake",
    table="network_month",
    title=nb("Innføring i nettverkene") | en("Uptake in the networks"),
    about=nb(
        "Én rad per måned, nettverk og tjeneste som noen i landet står på: hvor mange medlemmer som er "
        "på hvert steg, hvor mange som mangler, og endringen siste år."
    )
    | en(
        "One row per month, network and service that anyone in the country stands on: how many members "
        "are on each step, how many are not, and the change over a year."
    ),
    sources=("adoption", "network_member"),
    non_additive_across=("service", "network_id"),
    columns=(
        c.MONTH.but(key=True),
        c.text("network_id", "Nettverk", "Network", key=True),
        c.text("network", "Nettverkets navn", "Name of the network"),
        c.SERVICE.but(key=True),
        c.count("members", "Medlemmer", "Members", "kommuner", additivity=_LAST),
        c.count("annexed", "Med vedlegg", "With annex", "kommuner", additivity=_LAST),
        c.count("configured", "Satt opp", "Configured", "kommuner", additivity=_LAST),
        c.count("activated", "Aktivert", "Activated", "kommuner", additivity=_LAST),
        c.count("active", "I bruk", "Active", "kommuner", additivity=_LAST).explained(
            "Se active_basis.", "See active_basis."
        ),
        c.text("active_basis", "Grunnlag for i bruk", "Basis for active"),
        c.count("waiting", "Med vedlegg, men ikke i bruk", "With annex, not active", "kommuner", additivity=_LAST),
        c.count(
            "active_year_before",
            "I bruk for ett år siden",
            "Active a year earlier",
            "kommuner",
            null=True,
            additivity=_LAST,
        ).explained(
            "Tom når samme måned året før ikke har tall, eller var talt på et annet grunnlag (active_basis).",
            "Null where the same month of the year before has no number, or was counted on another basis "
            "(active_basis).",
        ),
        c.share("share_of_members", "Andel av medlemmene i bruk", "Share of members active", null=True).explained(
            "Tom for et nettverk uten medlemmer.", "Null for a network without members."
        ),
        c.share(
            "share_in_country", "Andel av landets kommuner i bruk", "Share of the country's municipalities active"
        ).explained("Til sammenligning.", "For comparison."),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("active_basis", ("USE", "EVENT")),
        r.first_of_month("month"),
        r.between("share_of_members", 0, 1),
        r.between("share_in_country", 0, 1),
        r.Rule(
            "steps_nest",
            "members >= annexed and annexed >= configured and configured >= activated and activated >= active "
            "and waiting = annexed - active",
            ("members", "annexed", "configured", "activated", "active", "waiting"),
            nb("Hvert steg må inngå i det forrige.") | en("Each step must be part of the one before."),
        ),
    ),
)

FORECAST_METHODS = ("LAST_VALUE", "MEAN", "DRIFT", "THETA", "LOGISTIC", "BASS")
"""From the simplest: docs/decisions/0012-forecast-of-uptake.md."""
_BETWEEN = nb(
    "80 av 100 måneder skal ligge mellom lavt og høyt. Bredden er tilpasset, for hver avstand fram, etter hva "
    "tidligere framskrivinger av alle tjenestene bommet med der; se past_forecasts og past_inside."
) | en(
    "80 of 100 months should lie between low and high. The width is calibrated, for each distance ahead, on what "
    "earlier forecasts of all services missed there; see past_forecasts and past_inside."
)
FORECAST = DatasetContract(
    schema="uptake",
    table="forecast",
    title=nb("Framskriving av utbredelse") | en("Forecast of uptake"),
    about=nb(
        "Én rad per tjeneste og kommende måned, for hele landet: hvor mange kommuner som ventes å ha "
        "tatt tjenesten i bruk. Metoden er den som traff best på kjente måneder. Kommuner som bare er "
        "kjent som «senest», teller med hele veien og flytter ikke kurven. Serien begynner på nytt etter "
        "måneder uten tall, og når active_basis skifter. Rader mangler når færre enn åtte måneder er "
        "kjent eller siste måned er for gammel, og fra den første avstanden fram der metoden verken slo "
        "siste måned eller snittet i måneder som ble holdt utenfor, eller ikke er prøvd."
    )
    | en(
        "One row per service and coming month, for the whole country: how many municipalities are "
        "expected to have the service active. The method is the one that did best on known months. "
        "Municipalities known only as 'no later than' count all the way and do not bend the curve. The "
        "series restarts after months without figures, and when active_basis changes. There are no rows if "
        "fewer than eight months are known or the last is too old, nor from the first distance ahead at "
        "which the method beat neither the last value nor the mean in months held out, or was not tried."
    ),
    sources=("adoption", "dispatch", "measurement"),
    non_additive_across=("service",),
    columns=(
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.count("low", "Lavt", "Low", "kommuner", additivity=_LAST, about=_BETWEEN),
        c.count("expected", "Forventet", "Expected", "kommuner", additivity=_LAST),
        c.count("high", "Høyt", "High", "kommuner", additivity=_LAST, about=_BETWEEN),
        c.text("active_basis", "Grunnlag for i bruk", "Basis for active").explained(
            "Samme grunnlag som i månedene framskrivingen bygger på: USE, eller EVENT («aktivert»).",
            "The same as in the months the forecast rests on: USE, or EVENT ('activated').",
        ),
        c.text("method", "Metode", "Method").explained(
            "LOGISTIC og BASS: S-kurver som flater ut. LAST_VALUE: siste måned. MEAN: snittet av siste år. DRIFT: "
            "siste måned og snittet av endringene siste år. THETA: trend og glattet nivå.",
            "LOGISTIC and BASS: S-curves that level out. LAST_VALUE: the last month. MEAN: that of the last year. "
            "DRIFT: the last month and the mean change of the last year. THETA: trend and smoothed level.",
        ),
        *c.FORECAST_TRIED,
        c.count("ceiling", "Metning", "Ceiling", "kommuner", null=True, additivity=_LAST).explained(
            "Nivået der S-kurven flater ut, høyst alle kommuner; tom for andre metoder. Usikker før kurven "
            "har bøyd av.",
            "The level where the S-curve flattens, at most all municipalities; null for other methods. "
            "Uncertain until the curve has bent.",
        ),
        c.date("last_known_month", "Siste kjente måned", "Last known month"),
        c.int32("months_known", "Kjente måneder", "Known months", "måneder"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("method", FORECAST_METHODS),
        r.one_of("active_basis", ("USE", "EVENT")),
        *FORECAST_RULES,
        r.Rule(
            "s_curves_have_a_ceiling",
            "(ceiling is not null) = (method in ('LOGISTIC', 'BASS'))",
            ("ceiling", "method"),
            nb("Bare S-kurver har metning.") | en("Only S-curves have a ceiling."),
        ),
    ),
)

DATASETS = (STEP_EVENT, STATUS_MONTH, FUNNEL, STANDING, NETWORK_MONTH, FORECAST)
