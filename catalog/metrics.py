"""The numbers that pages show, each defined once; and questions an analyst asks first, each answered in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.text import Text, en, nb


@dataclass(frozen=True, slots=True)
class Metric:
    """A number on a page: its definition in words, its unit, and the query that gives it."""

    name: str
    title: Text
    definition: Text
    unit: str
    dataset: str
    sql: str


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A question and the SQL that answers it from a release."""

    question: Text
    sql: str


METRICS = (
    Metric(
        "municipalities_active",
        nb("Kommuner i bruk") | en("Municipalities active"),
        nb(
            "Kommuner i dagens inndeling med bruk av tjenesten de siste 90 dagene. "
            "Der tjenesten ikke måles, teller aktiverte; da står «aktivert»."
        )
        | en(
            "Municipalities of now with use of the service within 90 days. "
            "Where it is not measured, activated ones count, and are called so."
        ),
        "kommuner",
        "uptake.funnel",
        "select month, service, active, active_basis from uptake.funnel where area_kind = 'NO'",
    ),
    Metric(
        "population_share_active",
        nb("Andel av innbyggerne") | en("Share of population"),
        nb("Innbyggere i kommuner i bruk, delt på alle innbyggere i området, per 1. januar.")
        | en("Inhabitants of active municipalities over all inhabitants of the area, on 1 January."),
        "andel",
        "uptake.funnel",
        "select month, service, share_of_population from uptake.funnel where area_kind = 'NO'",
    ),
    Metric(
        "dispatches",
        nb("Forsendelser") | en("Dispatches"),
        nb("Antall forsendelser etter dagen de ble opprettet (norsk tid), uansett utfall.")
        | en("Dispatches by the day they were created (Europe/Oslo), whatever their outcome."),
        "forsendelser",
        "usage.dispatch_day",
        "select month, service, sum(dispatches) as dispatches from usage.dispatch_day group by all",
    ),
    Metric(
        "digital_share",
        nb("Digital andel") | en("Digital share"),
        nb("Andel av leverte forsendelser som ikke gikk til print. Foreløpig til sju virkedager etter måneden.")
        | en(
            "Share of delivered dispatches that did not go to print. "
            "Provisional until seven working days after the month."
        ),
        "andel",
        "usage.municipality_month",
        "select distinct month, municipality_code, service, digital_share from usage.municipality_month_now",
    ),
    Metric(
        "self_cost_percent",
        nb("Selvkostgrad") | en("Self-cost coverage"),
        nb("Inntekt i prosent av kostnadsgrunnlaget. Felleskostnad er ikke fordelt i denne utgaven.")
        | en("Income in per cent of the cost base. Shared cost is not allocated in this version."),
        "prosent",
        "ledger.product_month",
        "select service, month, self_cost_percent from ledger.product_month",
    ),
)

EXAMPLE_QUERIES = (
    ExampleQuery(
        nb("Hvor mange kommuner bruker (USE) eller har aktivert (EVENT) hver tjeneste i siste hele måned?")
        | en("How many municipalities use (USE) or have activated (EVENT) each service in its last whole month?"),
        "select service, month, active, active_basis, municipalities, synthetic "
        "from uptake.funnel where area_kind = 'NO' "
        "and month < (select date_trunc('month', as_of) from meta.release) "
        "qualify month = max(month) over (partition by service) order by active desc",
    ),
    ExampleQuery(
        nb("Hvilke kommuner i et nettverk har ikke aktivert Digisos?")
        | en("Which municipalities of a network have not activated Digisos?"),
        "select municipality.code, municipality.name from reference.network_member as member "
        "join reference.municipality as municipality "
        "on municipality.code = member.municipality_code and municipality.valid_to is null "
        "where member.network_id = 'digitrofi' and member.valid_to is null "
        "and municipality.code not in (select municipality_code from uptake.status_month "
        "where service = 'fiks-digisos' and step = 'ACTIVATED' and municipality_code is not null) "
        "order by code",
    ),
    ExampleQuery(
        nb("Hvor mange forsendelser hadde hver kommune i siste måned, per 1 000 innbyggere?")
        | en("How many dispatches per 1 000 inhabitants did each municipality have in the last month?"),
        "select municipality_code, sum(dispatches) as dispatches, sum(per_1000_inhabitants) as per_1000_inhabitants "
        "from usage.municipality_month_now "
        "where month = (select max(month) from usage.municipality_month_now) "
        "group by all order by per_1000_inhabitants desc",
    ),
    ExampleQuery(
        nb("Hvordan fordeler forsendelsene seg på kanal, måned for måned?")
        | en("How do dispatches fall on channels, month by month?"),
        "select month, channel, sum(dispatches) as dispatches from usage.dispatch_day "
        "group by all order by month, channel",
    ),
    ExampleQuery(
        nb("Dekker hver tjeneste kostnaden sin i år?") | en("Does each service cover its cost this year?"),
        "select service, sum(income_ore) / 100 as income_kr, sum(result_ore) / 100 as result_kr "
        "from ledger.product_month "
        "where year(month) = (select year(max(month)) from ledger.product_month) "
        "group by all order by result_kr",
    ),
    ExampleQuery(
        nb("Hva er satt til side, og hvorfor?") | en("What was set aside, and why?"),
        "select stream, rule, sum(rows) as rows, any_value(says) as says "
        "from quality.quarantine_summary group by all order by rows desc",
    ),
)
