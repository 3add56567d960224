"""Uptake: from agreement to use, per customer, service and month, on the borders of now."""

from __future__ import annotations

import pyarrow as pa

from catalog import columns as c
from catalog import rules as r
from catalog.contracts import Additivity, Audience, Column, DatasetContract
from catalog.products import SERVICES
from catalog.streams import STEPS
from catalog.text import en, nb

CUSTOMER_KINDS = ("MUNICIPALITY", "COUNTY", "COMPANY", "OTHER")
STATUS_STEPS = ("ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "TERMINATED")
"""The step a customer stands on in a month; RESUMED puts it back on ACTIVATED."""
AREA_KINDS = ("NO", "COUNTY", "NETWORK")
_OWNER = "team:dif"

_CODE_NOW = c.MUNICIPALITY_CODE.but(
    about=nb("I dagens inndeling; tom når kunden ikke er en kommune.")
    | en("In the division of now; null where the customer is no municipality."),
    null=True,
)
_CUSTOMER_KIND = Column(
    "customer_kind",
    pa.string(),
    nb("Kundetype") | en("Kind of customer"),
    nb("MUNICIPALITY, COUNTY, COMPANY (interkommunalt) eller OTHER.") | en("MUNICIPALITY, COUNTY, COMPANY or OTHER."),
)

STEP_EVENT = DatasetContract(
    schema="uptake",
    table="step_event",
    title=nb("Steg i innføring") | en("Steps of adoption"),
    about=nb("Én rad per hendelse og kommune i dagens inndeling, slik den er tolket.")
    | en("One row per event and municipality of now, as it was resolved."),
    owner=_OWNER,
    sources=("adoption", "municipality"),
    columns=(
        c.PRODUCER.but(key=True),
        Column("event_id", pa.string(), nb("Hendelse") | en("Event"), key=True),
        c.SERVICE.but(null=True, about=nb("Tom: hovedavtale.") | en("Null: main agreement.")),
        c.ORGANISATION_NUMBER.but(null=True),
        _CODE_NOW.but(key=True),
        Column(
            "estimated",
            pa.bool_(),
            nb("Delt kommune") | en("Split municipality"),
            nb("Hendelsen gjelder en kommune som er delt siden; hver del har sin rad.")
            | en("The event is of a municipality that was split since; each part has its row."),
        ),
        Column(
            "reported_code",
            pa.string(),
            nb("Kommunenummer som rapportert") | en("Municipality code as reported"),
            null=True,
        ),
        Column("resolution", pa.string(), nb("Slik ble nummeret tolket") | en("How the code was resolved"), null=True),
        _CUSTOMER_KIND,
        Column("step", pa.string(), nb("Steg") | en("Step")),
        Column("occurred_at", c.TIMESTAMP, nb("Skjedde") | en("Occurred at")),
        Column(
            "occurred_precision",
            pa.string(),
            nb("Tidsangivelse") | en("Precision of time"),
            nb("EXACT eller NO_LATER_THAN.") | en("EXACT or NO_LATER_THAN."),
        ),
        c.MONTH,
        Column("source", pa.string(), nb("Kilde") | en("Source")),
        c.SYNTHETIC,
    ),
    rules=(
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
    owner=_OWNER,
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement"),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(
            key=True, about=nb("Etterfølgerens der virksomheten er avsluttet.") | en("The successor's where it ended.")
        ),
        c.SERVICE.but(key=True),
        c.DAY.but(name="first_day", title=nb("Første dag") | en("First day")),
        c.DAY.but(name="last_day", title=nb("Siste dag") | en("Last day")),
        c.SYNTHETIC,
    ),
)

STATUS_MONTH = DatasetContract(
    schema="uptake",
    table="status_month",
    title=nb("Innføringsstatus per måned") | en("Status of uptake per month"),
    about=nb("Én rad per måned, kunde og tjeneste fra første steg. Måneder ingen observerte, mangler; de er ikke null.")
    | en("One row per month, customer and service from the first step. Months nobody observed are missing, not zero."),
    owner=_OWNER,
    sources=("adoption", "dispatch", "measurement"),
    columns=(
        c.MONTH.but(key=True),
        _CODE_NOW.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True, null=True),
        _CUSTOMER_KIND,
        c.SERVICE.but(key=True),
        Column(
            "step",
            pa.string(),
            nb("Steg") | en("Step"),
            nb("Siste steg til og med måneden.") | en("The last step up to and with the month."),
        ),
        Column("active", pa.bool_(), nb("I bruk") | en("Active"), nb("Se active_basis.") | en("See active_basis.")),
        Column(
            "active_basis",
            pa.string(),
            nb("Grunnlag for i bruk") | en("Basis of active"),
            nb("USE: bruk siste 90 dager. EVENT: bare en hendelse sier det; skal omtales «aktivert», aldri «i bruk».")
            | en("USE: use within 90 days. EVENT: only an event says so; word it 'activated', never 'in use'."),
        ),
        Column(
            "days_annex_to_use",
            pa.int32(),
            nb("Dager fra vedlegg til bruk") | en("Days from annex to use"),
            null=True,
            unit="dager",
            additivity=Additivity.NONE,
        ),
        c.SYNTHETIC,
    ),
    rules=(
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
        "Én rad per måned, tjeneste og område, regnet i kommuner i dagens inndeling. "
        "Et steg teller også dem som er kommet lenger."
    )
    | en("One row per month, service and area, in municipalities of now. A step counts those further along as well."),
    owner=_OWNER,
    sources=("adoption", "population", "network_member"),
    columns=(
        c.MONTH.but(key=True),
        c.SERVICE.but(key=True),
        Column(
            "area_kind",
            pa.string(),
            nb("Områdetype") | en("Kind of area"),
            nb("NO, COUNTY eller NETWORK.") | en("NO, COUNTY or NETWORK."),
            key=True,
        ),
        Column(
            "area",
            pa.string(),
            nb("Område") | en("Area"),
            nb("NO, fylkesnummer eller nettverkets id.") | en("NO, county code or the network's id."),
            key=True,
        ),
        c.count("annexed", "Kommuner med vedlegg", "Municipalities with annex", "kommuner").but(
            additivity=Additivity.LAST
        ),
        c.count("configured", "Kommuner med oppsett", "Municipalities configured", "kommuner").but(
            additivity=Additivity.LAST
        ),
        c.count("activated", "Kommuner som er aktivert", "Municipalities activated", "kommuner").but(
            additivity=Additivity.LAST
        ),
        c.count("active", "Kommuner i bruk", "Municipalities active", "kommuner").but(
            additivity=Additivity.LAST,
            about=nb("Teller bruk siste 90 dager der tjenesten måles, ellers hendelser; se active_basis.")
            | en("Counts 90 days of use where the service is measured, else events; see active_basis."),
        ),
        Column(
            "active_basis",
            pa.string(),
            nb("Grunnlag for i bruk") | en("Basis of active"),
            nb("USE eller EVENT.") | en("USE or EVENT."),
        ),
        c.count("municipalities", "Kommuner i området", "Municipalities in the area", "kommuner").but(
            additivity=Additivity.LAST
        ),
        Column(
            "share_of_population",
            c.SHARE,
            nb("Andel av innbyggerne") | en("Share of population"),
            nb("Innbyggere i kommuner som er i bruk, av alle i området.")
            | en("Inhabitants of active municipalities, of all in the area."),
            unit="andel",
            additivity=Additivity.NONE,
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
            nb("Hvert steg må være med i steget før.") | en("Each step must lie within the one before."),
        ),
        r.between("share_of_population", 0, 1),
    ),
)

DATASETS = (STEP_EVENT, STATUS_MONTH, FUNNEL)
