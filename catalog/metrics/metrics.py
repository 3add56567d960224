"""The numbers that pages show, each defined once; and questions an analyst asks first, each answered in SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.contracts.language import FILES, Audience
from catalog.tables.datasets import DATASETS
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

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the query reads, as `files_of` tells them."""
        return files_of(self.sql)


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A question and the SQL that answers it from a release."""

    question: Text
    sql: str

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the query reads, as `files_of` tells them."""
        return files_of(self.sql)


def files_of(sql: str) -> tuple[str, ...]:
    """The files of a release that a query needs: open the first, and attach the other as `ledger`.

    A word `schema.name` is a table of `ledger.duckdb` where a contract says so, and otherwise a table, a view or a
    function of `dif.duckdb`; an alias is neither.
    """
    ledgers = {name for name, d in DATASETS.items() if d.audience is Audience.LEDGER}
    schemas = {d.schema for d in DATASETS.values()}
    said = {word for word in re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql) if word.partition(".")[0] in schemas}
    audiences = {Audience.LEDGER if word in ledgers else Audience.OPEN for word in said}
    return tuple(file for audience, file in FILES.items() if audience in audiences)


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
        "municipalities_dormant",
        nb("Kommuner som har sluttet å bruke tjenesten") | en("Municipalities that fell silent"),
        nb(
            "Kommuner i dagens inndeling som står med tjenesten og har brukt den før, men ikke de siste 90 dagene. "
            "Tallet finnes bare der bruk måles."
        )
        | en(
            "Municipalities of now that stand on the service and used it before, but not within 90 days. "
            "Known only where use is measured."
        ),
        "kommuner",
        "uptake.funnel",
        "select month, service, dormant from uptake.funnel where area_kind = 'NO' and dormant is not null",
    ),
    Metric(
        "days_annex_to_use",
        nb("Dager fra vedlegg til bruk") | en("Days from annex to use"),
        nb(
            "Median av dagene fra første signerte vedlegg til første dag med bruk, av kommuner som har begge deler. "
            "Vises ikke for færre enn tre."
        )
        | en(
            "Median of the days from the first signed annex to the first day of use, of municipalities that have both. "
            "Not shown for fewer than three."
        ),
        "dager",
        "uptake.funnel",
        "select month, service, median_days_annex_to_use, days_known from uptake.funnel where area_kind = 'NO'",
    ),
    Metric(
        "call_list",
        nb("Ringelisten") | en("The call list"),
        nb(
            "Kommuner som kan ta tjenesten i bruk og ikke har gjort det, i tjenestens siste observerte måned. "
            "Prioritet "
            "1: vedlegg eller oppsett uten bruk. 2: leverandøren er klar og en lignende kommune er i gang. "
            "3: leverandøren er klar. 4: resten. De som har takket nei, telles for seg i uptake.declined."
        )
        | en(
            "Municipalities that may take the service into use and have not, in the service's last observed month. "
            "Priority 1: annex or configured without use. 2: supplier ready and a similar one active. "
            "3: supplier ready. 4: the rest. Those who declined are counted apart in uptake.declined."
        ),
        "kommuner",
        "uptake.not_yet",
        "select service, priority, count(*) as municipalities, sum(inhabitants) as inhabitants from uptake.not_yet "
        "group by all",
    ),
    Metric(
        "uptake_forecast",
        nb("Ventet utbredelse") | en("Expected uptake"),
        nb(
            "Hvor mange kommuner som ventes å ha tjenesten i bruk de neste tolv månedene, med et spenn som ventes å "
            "holde i åtte av ti måneder. Feilen i måneder som ble holdt utenfor, står ved siden av, med hva siste "
            "måned og snittet bommet med der."
        )
        | en(
            "How many municipalities are expected to have the service active in the next twelve months, with a band "
            "expected to hold in eight of ten. The error in months that were held out stands beside, with what the "
            "last value and the mean missed there."
        ),
        "kommuner",
        "uptake.forecast",
        "select service, month, low, expected, high, backtest_error, last_value_error, mean_error from uptake.forecast",
    ),
    Metric(
        "municipalities_left",
        nb("Kommuner som gjenstår") | en("Municipalities left"),
        nb("Kommuner i dagens inndeling uten tjenesten i bruk, eller uten å ha aktivert den der bruk ikke måles.")
        | en("Municipalities of now without the service in use, or not activated where use is not measured."),
        "kommuner",
        "uptake.funnel",
        "select month, service, municipalities - active as municipalities_left, active_basis, synthetic "
        "from uptake.funnel where area_kind = 'NO'",
    ),
    Metric(
        "uptake_steps",
        nb("Steg fra avtale til bruk") | en("Steps from agreement to use"),
        nb(
            "Kommuner som har signert vedlegget, satt opp, aktivert og tatt tjenesten i bruk. Et steg teller også dem "
            "som er kommet lenger."
        )
        | en(
            "Municipalities that have signed the annex, configured, activated and begun to use the service. A step "
            "counts those further along as well."
        ),
        "kommuner",
        "uptake.funnel",
        "select month, service, area_kind, area, annexed, configured, activated, active, active_basis, synthetic "
        "from uptake.funnel",
    ),
    Metric(
        "annex_without_use",
        nb("Vedlegg uten bruk") | en("Annex without use"),
        nb(
            "Kommuner som har signert vedlegget eller er kommet lenger, men ikke har tjenesten i bruk. Der bruk ikke "
            "måles, er det de som ikke har aktivert den."
        )
        | en(
            "Municipalities that have signed the annex or come further, without the service in use. Where use is not "
            "measured, those that have not activated it."
        ),
        "kommuner",
        "uptake.funnel",
        "select month, service, area_kind, area, annexed - active as annex_without_use, active_basis, synthetic "
        "from uptake.funnel",
    ),
    Metric(
        "services_in_use",
        nb("Kommune × tjeneste i bruk") | en("Municipality × service in use"),
        nb(
            "Hver kommune telles én gang for hver tjeneste den bruker, eller har aktivert der bruk ikke måles. "
            "Andres produkter er ikke med. Hver tjeneste teller med tallet fra sin sist observerte måned."
        )
        | en(
            "Each municipality counts once for each service it uses, or has activated where use is not measured. "
            "Products of others are left out. Each service counts by the number of its last observed month."
        ),
        "kommune × tjeneste",
        "uptake.funnel",
        "with seen as (select standing.* from uptake.funnel as standing "
        "left join reference.product as product on product.service = standing.service "
        "where standing.area_kind = 'NO' and not coalesce(product.external, false)), "
        "asked as (select month, service from (select distinct month from seen), (select distinct service from seen)) "
        "select asked.month, sum(seen.active)::bigint as in_use, count(*) as services, "
        "bool_or(seen.synthetic) as synthetic from asked asof join seen "
        "on seen.service = asked.service and seen.month <= asked.month group by asked.month",
    ),
    Metric(
        "network_share",
        nb("Andel av nettverkets medlemmer") | en("Share of the network's members"),
        nb("Medlemmer som har tjenesten, delt på alle medlemmene i måneden. Landets andel står ved siden av.")
        | en("Members that have the service over all members in the month. The country's share stands beside."),
        "andel",
        "uptake.network_month",
        "select month, network, service, active, members, waiting, share_of_members, share_in_country, active_basis, "
        "synthetic from uptake.network_month",
    ),
    Metric(
        "supplier_waiting",
        nb("Kommuner som venter på leverandøren") | en("Municipalities that wait for the supplier"),
        nb(
            "Kommuner på ringelisten som er sett med leverandørens fagsystem de siste tolv månedene. Én samtale med "
            "leverandøren kan åpne for alle."
        )
        | en(
            "Municipalities on the call list that were seen with the supplier's system within twelve months. One call "
            "to the supplier may open for all."
        ),
        "kommuner",
        "uptake.supplier_gap",
        "select service, supplier, source_system, waiting, active, supplier_ready, synthetic from uptake.supplier_gap",
    ),
    Metric(
        "declined",
        nb("Takket nei eller ikke aktuelt") | en("Declined or not relevant"),
        nb("Kommuner som har takket nei, eller som tjenesten ikke er aktuell for. De er ute av ringelisten.")
        | en("Municipalities that declined, or that the service is not relevant to. They are off the call list."),
        "kommuner",
        "uptake.declined",
        "select service, follow_up, count(*) as municipalities, bool_or(synthetic) as synthetic from uptake.declined "
        "group by all",
    ),
    Metric(
        "uptake_exceptions",
        nb("Avvik mellom avtale, bruk og faktura") | en("Exceptions between agreement, use and invoice"),
        nb(
            "Virksomheter som bruker uten vedlegg, betaler uten å bruke, bruker uten faktura, eller bruker etter "
            "oppsigelse."
        )
        | en(
            "Organisations that use without an annex, pay without use, use without an invoice, or use after they "
            "terminated."
        ),
        "virksomheter",
        "uptake.exception",
        "select exception, service, count(*) as organisations, bool_or(synthetic) as synthetic from uptake.exception "
        "group by all",
    ),
    Metric(
        "customers",
        nb("Kunder") | en("Customers"),
        nb("Virksomheter av alle slag som har tjenesten i måneden, og kommunene blant dem.")
        | en("Organisations of any kind that have the service in the month, and the municipalities among them."),
        "virksomheter",
        "uptake.status_month",
        "select month, service, count(*) filter (where active) as customers, "
        "count(*) filter (where active and customer_kind = 'MUNICIPALITY') as municipalities, "
        "bool_or(synthetic) as synthetic from uptake.status_month group by all",
    ),
    Metric(
        "support_requests",
        nb("Henvendelser per 100 kunder") | en("Support requests per 100 customers"),
        nb("Henvendelser til brukerstøtte i måneden, delt på kunder som har tjenesten, ganget med hundre.")
        | en("Requests to user support in the month over customers that have the service, times a hundred."),
        "henvendelser per 100 kunder",
        "usage.measure_total_month",
        "with served as (select month, service, count(*) filter (where active) as customers from uptake.status_month "
        "group by all) "
        "select request.month, request.service, request.quantity as requests, served.customers, "
        "round(request.quantity * 100 / served.customers, 4)::decimal(18,4) as per_100_customers, request.synthetic "
        "from usage.measure_total_month as request join served on served.month = request.month "
        "and served.service = request.service where request.measure = 'henvendelser' and served.customers > 0",
    ),
    Metric(
        "print_cost",
        nb("Kostnad for print") | en("Cost of print"),
        nb("Produksjon og porto for brev på papir, uten merverdiavgift. Avsenderen betaler; det er ikke vår inntekt.")
        | en("Production and postage of letters on paper, without VAT. The sender pays; it is no income of ours."),
        "øre",
        "usage.municipality_month",
        "select month, municipality_code, service, sum(production_cost_ore + postage_ore)::bigint as print_cost_ore, "
        "sum(sheets)::bigint as sheets, bool_or(estimated) as estimated, bool_or(synthetic) as synthetic "
        "from usage.municipality_month_now group by all",
    ),
    Metric(
        "connections",
        nb("Tilknytninger") | en("Connections"),
        nb("Konto og fagsystem som en virksomhet sendte gjennom i måneden. Følsomme tjenester er ikke med.")
        | en("Account and source system that an organisation sent through in the month. Sensitive services left out."),
        "tilknytninger",
        "usage.connection_month",
        "select month, service, count(*) as connections, count(distinct organisation_number) as organisations, "
        "bool_or(synthetic) as synthetic from usage.connection_month group by all",
    ),
    Metric(
        "dispatches",
        nb("Forsendelser") | en("Dispatches"),
        nb(
            "Antall forsendelser etter dagen de ble opprettet (norsk tid), uansett utfall. "
            "Følsomme tjenester er ikke med; de står i usage.measure_month."
        )
        | en(
            "Dispatches by the day they were created (Europe/Oslo), whatever their outcome. "
            "Sensitive services are not among them; they stand in usage.measure_month."
        ),
        "forsendelser",
        "usage.dispatch_day",
        "select month, service, sum(dispatches) as dispatches from usage.dispatch_day group by all",
    ),
    Metric(
        "municipality_dispatches",
        nb("Kommunens forsendelser") | en("The municipality's dispatches"),
        nb(
            "Forsendelser fra kommunen i måneden, alle kanaler, uansett utfall. Tallet for landet er summen av "
            "kommunene; andre virksomheter er ikke med."
        )
        | en(
            "Dispatches from the municipality in the month, all channels, whatever their outcome. The country's number "
            "is the sum of the municipalities; other organisations are left out."
        ),
        "forsendelser",
        "usage.municipality_month",
        "select month, municipality_code, service, sum(dispatches) as dispatches, bool_or(estimated) as estimated, "
        "bool_or(synthetic) as synthetic from usage.municipality_month_now group by all",
    ),
    Metric(
        "municipalities_sending",
        nb("Kommuner som sendte") | en("Municipalities that sent"),
        nb("Kommuner i dagens inndeling som sendte minst én gang med tjenesten i måneden.")
        | en("Municipalities of now that sent at least once with the service in the month."),
        "kommuner",
        "usage.municipality_month",
        "select month, service, count(distinct municipality_code) as municipalities, bool_or(synthetic) as synthetic "
        "from usage.municipality_month_now group by all",
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
        "dispatches_per_1000",
        nb("Forsendelser per 1 000 innbyggere") | en("Dispatches per 1 000 inhabitants"),
        nb("Kommunens forsendelser i måneden, alle kanaler, delt på innbyggerne 1. januar i året. Dagens inndeling.")
        | en(
            "The municipality's dispatches of the month, all channels, over its inhabitants on 1 January of the year. "
            "Division of now."
        ),
        "forsendelser",
        "usage.municipality_month",
        "select month, municipality_code, service, "
        "round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18,4) as per_1000_inhabitants, "
        "bool_or(estimated) as estimated, bool_or(synthetic) as synthetic "
        "from usage.municipality_month_now group by all",
    ),
    Metric(
        "peers_median",
        nb("Medianen for liknende kommuner") | en("Median of similar municipalities"),
        nb(
            "Den midterste av de andre kommunene i gruppen, av dem som brukte tjenesten i måneden (n); de som ikke "
            "gjorde det, er utelatt, ikke regnet som null. Kommunen selv er ikke med, så i COUNTRY varierer den litt "
            "med hvem som spør. Tom når n er under tre."
        )
        | en(
            "The middle one of the group's other municipalities, of those that used the service in the month (n); who "
            "did not is left out, not taken for zero. The municipality itself is not in it, so that in COUNTRY it "
            "differs a little by who asks. Null where n is under three."
        ),
        "forsendelser per 1 000 innbyggere",
        "usage.peer_month",
        "select month, municipality_code, service, peer_kind, peer_group, per_1000_inhabitants, per_1000_median, n, "
        "members, synthetic from usage.peer_month",
    ),
    Metric(
        "country_median",
        nb("Medianen for landet") | en("Median of the country"),
        nb(
            "Den midterste av kommunene utenom Oslo som brukte tjenesten i måneden. Halvparten av dem ligger mellom "
            "kvartilene."
        )
        | en(
            "The middle one of the municipalities except Oslo that used the service in the month. Half of them lie "
            "between the quartiles."
        ),
        "forsendelser per 1 000 innbyggere",
        "usage.peer_month",
        "select month, service, per_1000_median, per_1000_q1, per_1000_q3, n, members, synthetic "
        "from usage.peer_month where peer_kind = 'COUNTRY' and municipality_code = '0301'",
    ),
    Metric(
        "delivery_time",
        nb("Tid til levering") | en("Time to delivery"),
        nb(
            "Timer fra forsendelsen ble opprettet til den første gang ble levert: halvparten, ni av ti og 99 av 100 "
            "var levert innen. Bare forsendelser som er levert. Levert er ikke det samme i hver kanal: mottatt i den "
            "digitale postkassen (SDP), lastet ned av mottakeren (ALTINN, SVARINN, NHN; bare digitalt: alt når sendt), "
            "skrevet ut, men ikke framme (PRINT). Sammenlikn derfor ikke kanalene. Unge måneder er foreløpige: det "
            "trege er ikke levert ennå."
        )
        | en(
            "Hours from creation to first delivery: half, nine of ten and 99 of 100 were delivered within. "
            "Delivered dispatches only. Delivered is not the same in each channel: received by the digital mailbox "
            "(SDP), downloaded by the receiver (ALTINN, SVARINN, NHN; digital only: when sent), printed but not there "
            "yet (PRINT). So do not compare channels. Young months are provisional: what is slow is not delivered yet."
        ),
        "timer",
        "usage.delivery_time",
        "select month, service, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic "
        "from usage.delivery_time",
    ),
    Metric(
        "measured_use",
        nb("Annen bruk") | en("Other use"),
        nb(
            "Oppslag, meldinger, søknader, kontoer og andre mål, for hele landet. "
            "Skjult der tallet kunne røpet noe om enkeltpersoner; quantity_hidden sier hvorfor."
        )
        | en(
            "Look-ups, messages, applications, accounts and other measures, of the whole country. "
            "Hidden where the figure could tell of single persons; quantity_hidden says why."
        ),
        "målets enhet",
        "usage.measure_total_month",
        "select month, service, measure, quantity, quantity_hidden, organisations, synthetic "
        "from usage.measure_total_month",
    ),
    Metric(
        "municipality_measured",
        nb("Kommunens annen bruk") | en("The municipality's other use"),
        nb(
            "Oppslag, meldinger, søknader, kontoer og andre mål som kommunens egen virksomhet har hatt i måneden. "
            "Dagens inndeling. Skjult der tallet, eller en del av det, kunne røpet noe om enkeltpersoner."
        )
        | en(
            "Look-ups, messages, applications, accounts and other measures of the municipality's own organisation in "
            "the month. Division of now. Hidden where the figure, or a part of it, could tell of single persons."
        ),
        "målets enhet",
        "usage.municipality_measure_month",
        "select month, municipality_code, service, measure, quantity, quantity_hidden, estimated, synthetic "
        "from usage.municipality_measure_month_now",
    ),
    Metric(
        "measured_per_1000",
        nb("Annen bruk per 1 000 innbyggere") | en("Other use per 1,000 inhabitants"),
        nb(
            "Kommunens målte bruk i måneden, delt på innbyggerne 1. januar i året. Dagens inndeling. "
            "Tom der en del av tallet er skjult."
        )
        | en(
            "The municipality's measured use of the month, over its inhabitants on 1 January of the year. Division of "
            "now. Null where a part of the figure is hidden."
        ),
        "målets enhet",
        "usage.municipality_measure_month",
        "select month, municipality_code, service, measure, per_1000_inhabitants, quantity_hidden, estimated, "
        "synthetic from usage.municipality_measure_month_now",
    ),
    Metric(
        "measured_peers_median",
        nb("Medianen av annen bruk for liknende kommuner") | en("Median of other use of similar municipalities"),
        nb(
            "Den midterste av de andre kommunene i gruppen, av dem som har et tall som vises (n). De skjulte "
            "(n_hidden) og de som ingen har meldt, er utelatt, ikke regnet som null. Skjulte tall er for det meste "
            "små, så medianen er heller for høy enn for lav. Tom når n er under tre, og når flere er skjult enn vist; "
            "median_missing sier hvorfor. Kvartilene krever fem."
        )
        | en(
            "The middle one of the group's other municipalities, of those with a figure that is shown (n). Hidden ones "
            "(n_hidden) and those that nobody reported are left out, not taken for zero. Hidden figures are mostly "
            "small, so the median is rather too high than too low. Null where n is under three, and where more are "
            "hidden than shown; median_missing says why. Quartiles want five."
        ),
        "målets enhet per 1 000 innbyggere",
        "usage.peer_measure_month",
        "select month, municipality_code, service, measure, peer_kind, peer_group, per_1000_inhabitants, "
        "per_1000_median, median_missing, n, n_hidden, members, synthetic from usage.peer_measure_month",
    ),
    Metric(
        "measured_country_median",
        nb("Medianen av annen bruk for landet") | en("Median of other use of the country"),
        nb(
            "Den midterste av kommunene utenom Oslo som har et tall som vises i måneden. Halvparten av dem ligger "
            "mellom kvartilene. Skjulte tall er utelatt."
        )
        | en(
            "The middle one of the municipalities except Oslo with a figure that is shown in the month. Half of them "
            "lie between the quartiles. Hidden figures are left out."
        ),
        "målets enhet per 1 000 innbyggere",
        "usage.peer_measure_month",
        "select month, service, measure, per_1000_median, per_1000_q1, per_1000_q3, median_missing, n, n_hidden, "
        "members, synthetic from usage.peer_measure_month where peer_kind = 'COUNTRY' and municipality_code = '0301'",
    ),
    Metric(
        "municipalities_measured",
        nb("Kommuner med målt bruk") | en("Municipalities with measured use"),
        nb(
            "Kommuner i dagens inndeling som målet er meldt for i måneden, også de som tallet er skjult for. "
            "Andre er hull, ikke null."
        )
        | en(
            "Municipalities of now that the measure was reported for in the month, those with a hidden figure too. "
            "Others are gaps, not zero."
        ),
        "kommuner",
        "usage.municipality_measure_month",
        "select month, service, measure, count(*) as municipalities, count(quantity_hidden) as hidden, "
        "bool_or(synthetic) as synthetic from usage.municipality_measure_month_now group by all",
    ),
    Metric(
        "services_with_use",
        nb("Tjenester med bruk") | en("Services with use"),
        nb(
            "Tjenester som kommunen, eller noen kommune i landet, har et tall for i måneden, uansett hva bruken telles "
            "i. Henvendelser, timer og andres produkter er ikke med."
        )
        | en(
            "Services that the municipality, or any of the country, has a number for in the month, whatever use is "
            "counted in. Support requests, hours and products of others are left out."
        ),
        "tjenester",
        "usage.municipality_month",
        "with used as (select month, municipality_code, service, synthetic from usage.municipality_month_now "
        "union all select month, municipality_code, service, synthetic from usage.municipality_measure_month_now) "
        "select used.month, used.municipality_code, count(distinct used.service) as services, "
        "bool_or(used.synthetic) as synthetic from used left join reference.product as product using (service) "
        "where not coalesce(product.external, false) group by all",
    ),
    Metric(
        "forecast",
        nb("Framskrevet bruk") | en("Forecast of use"),
        nb(
            "Ventet bruk de kommende månedene, med et lavt og et høyt tall. "
            "backtest_error er feilen i måneder som ikke var med på å velge metode, like langt fram; last_value_error "
            "og mean_error er hva siste måned og snittet bommet med der. Hvor ofte tallet havner mellom lavt og høyt, "
            "varierer med slaget serie."
        )
        | en(
            "Expected use of the coming months, with a low and a high figure. "
            "backtest_error is the error in months that took no part in choosing the method, as far ahead; "
            "last_value_error and mean_error are what the last value and the mean missed there. How often the figure "
            "lies between varies by kind of series."
        ),
        "målets enhet",
        "usage.forecast",
        "select service, measure, month, low, expected, high, method, backtest_error, last_value_error, mean_error, "
        "synthetic from usage.forecast",
    ),
    Metric(
        "checks",
        nb("Kontroller") | en("Checks"),
        nb("Regler som hvert datasett er prøvd mot før utgaven. En kontroll som ikke består, stopper utgaven.")
        | en("Rules that each dataset is tried against before the release. A check that fails stops the release."),
        "kontroller",
        "quality.check_result",
        "select dataset, count(*) as checks, count(*) filter (where passed) as passed from quality.check_result "
        "group by all",
    ),
    Metric(
        "rows_set_aside",
        nb("Rader til kontroll") | en("Rows set aside"),
        nb(
            "Mottatte rader som brøt minst én regel og ikke er med i tallene. Hver rad telles én gang her, og "
            "under hver regel den brøt i oversikten over regler."
        )
        | en(
            "Rows received that broke at least one rule and are not in the numbers. Each counts once here, and under "
            "each rule that it broke in the list of rules."
        ),
        "rader",
        "quality.accounting",
        "select stream, sum(landed)::bigint as landed, sum(conformed)::bigint as conformed, "
        "sum(superseded)::bigint as superseded, sum(quarantined)::bigint as quarantined, sum(held)::bigint as held, "
        "sum(withdrawn)::bigint as withdrawn from quality.accounting group by all",
    ),
    Metric(
        "missing_reporters",
        nb("Manglende leveranser") | en("Missing deliveries"),
        nb(
            "Virksomheter som skulle levert for dagen etter egen rytme eller aktivering, og de av dem som ikke har "
            "gjort det etter fristen. Et hull er ikke null bruk."
        )
        | en(
            "Organisations that should have delivered for the day by their own rhythm or activation, and those of them "
            "that have not by the deadline. A gap is not no use."
        ),
        "virksomheter",
        "quality.expected_reporter",
        "select stream, day, count(*) filter (where expected and status <> 'NOT_YET_DUE') as due, "
        "count(*) filter (where status = 'LATE') as late, count(*) filter (where status = 'MISSING') as missing, "
        "bool_or(synthetic) as synthetic from quality.expected_reporter group by all",
    ),
    Metric(
        "changed_since_last_release",
        nb("Endret siden forrige utgave") | en("Changed since the release before"),
        nb("Bruk som er kommet til eller falt fra siden forrige utgave, etter mål og årsak. Ikke summer ulike mål.")
        | en("Use added or gone since the release before, by measure and reason. Do not sum different measures."),
        "målets enhet",
        "quality.release_diff",
        "select month, measure, reason, sum(difference) as difference, bool_or(synthetic) as synthetic "
        "from quality.release_diff group by all",
    ),
    Metric(
        "unmapped_share",
        nb("Andel uten kjent fagsystem") | en("Share without a known source system"),
        nb(
            "Forsendelser de siste tolv hele månedene med et fagsystemnavn som registeret ikke kjenner, delt på alle, "
            "begge av dem som vises i usage.connection_month. De uten oppgitt navn er bare med under streken; "
            "no_system_share har dem over."
        )
        | en(
            "Dispatches of the last twelve whole months with a source system name that the register lacks, over all, "
            "both of those that usage.connection_month shows. Those that state no name are below the line only; "
            "no_system_share has them above."
        ),
        "andel",
        "quality.unmapped_system",
        "select coalesce(sum(share), 0) as share, coalesce(sum(dispatches), 0) as dispatches, count(*) as names, "
        "coalesce(bool_or(synthetic), false) as synthetic from quality.unmapped_system",
    ),
    Metric(
        "no_system_share",
        nb("Andel uten fagsystem") | en("Share with no source system"),
        nb(
            "Forsendelser de siste tolv hele månedene som ikke er knyttet til et fagsystem, delt på alle. Enten "
            "kjenner registeret ikke navnet (UNMAPPED), eller ingen er oppgitt eller vist (NOT_STATED). Over og under "
            "streken: dem som vises i usage.connection_month. hidden_rows er rader der tallet er skjult; de er i "
            "ingen av delene."
        )
        | en(
            "Dispatches of the last twelve whole months that no source system is known of, over all. Either the "
            "register lacks the name (UNMAPPED), or none is stated or shown (NOT_STATED). Above and below the line: "
            "those that usage.connection_month shows. hidden_rows are rows whose figure is hidden; they are in "
            "neither part."
        ),
        "andel",
        "usage.connection_month",
        "select round(sum(dispatches) filter (where mapping <> 'MAPPED') / nullif(sum(dispatches), 0), 6)"
        "::decimal(18,6) as share, "
        "sum(dispatches) filter (where mapping = 'UNMAPPED') as unmapped, "
        "sum(dispatches) filter (where mapping = 'NOT_STATED') as not_stated, sum(dispatches) as dispatches, "
        "count(dispatches_hidden) as hidden_rows, coalesce(bool_or(synthetic), false) as synthetic "
        "from usage.connection_month where month <= (select through_month from meta.release) "
        "and month > (select through_month - interval 12 months from meta.release)",
    ),
    Metric(
        "income",
        nb("Omsetning") | en("Turnover"),
        nb(
            "Fakturert inntekt i perioden, uten merverdiavgift. Tilkoblingsprisen for en tjeneste med lån er lån og "
            "ikke inntekt."
        )
        | en("Income billed in the period, without VAT. The joining fee of a service with a loan is loan, not income."),
        "øre",
        "ledger.product_month",
        "select service, month, income_ore, budget_income_ore, synthetic from ledger.product_month",
    ),
    Metric(
        "cost",
        nb("Kostnad") | en("Cost"),
        nb(
            "Brukerstøtte, drift, forvaltning og administrasjon, med fordelt felleskostnad, uten merverdiavgift. "
            "Utvikling med et prosjekt er ikke med."
        )
        | en(
            "User support, operation, maintenance and administration, with allocated shared cost, without VAT. "
            "Development with a project is left out."
        ),
        "øre",
        "ledger.product_month",
        "select service, month, cost_brukerstotte_ore, cost_drift_ore, cost_forvaltning_ore, cost_administrasjon_ore, "
        "allocated_ore, synthetic from ledger.product_month",
    ),
    Metric(
        "result",
        nb("Resultat") | en("Result"),
        nb("Inntekt minus kostnad og fordelt felleskostnad. Budsjettet er det budsjetterte resultatet i samme måned.")
        | en("Income less cost and allocated shared cost. The budget is the result budgeted for the same month."),
        "øre",
        "ledger.product_month",
        "select service, month, result_ore, budget_ore, synthetic from ledger.product_month",
    ),
    Metric(
        "balance_carried",
        nb("Framført saldo") | en("Balance carried"),
        nb("Summen av produktets resultater til og med måneden: det kundene har betalt mer eller mindre enn kostnaden.")
        | en("The sum of the product's results through the month: what customers paid above or below its cost."),
        "øre",
        "ledger.product_month",
        "select service, month, balance_carried_ore, synthetic from ledger.product_month",
    ),
    Metric(
        "unmapped_cost",
        nb("Kostnad som ikke er plassert") | en("Cost that is not placed"),
        nb("Bokført kostnad som ingen tjeneste eller fordelingsnøkkel bærer ennå, med årsak.")
        | en("Booked cost that no service or allocation key carries yet, with the reason."),
        "øre",
        "ledger.unmapped_cost",
        "select period, reason, sum(amount_ore)::bigint as amount_ore, count(*) as entries, "
        "bool_or(synthetic) as synthetic from ledger.unmapped_cost group by all",
    ),
    Metric(
        "loan_outstanding",
        nb("Utestående lån") | en("Outstanding loans"),
        nb("Trukket minus nedbetalt og avskrevet, for hvert prosjekt ved utgangen av måneden.")
        | en("Drawn less repaid and written off, for each project at the end of the month."),
        "øre",
        "ledger.loan_month",
        "select project, service, month, granted_ore, balance_ore, payoff_month_low, payoff_month_expected, "
        "payoff_month_high, synthetic from ledger.loan_month",
    ),
    Metric(
        "invoice_basis",
        nb("Fakturagrunnlag") | en("Invoice basis"),
        nb("Mengde ganget med prisen som gjaldt, for hver kunde, uten merverdiavgift. Det uten pris står for seg.")
        | en("Quantity times the price in force, for each customer, without VAT. What has no price stands apart."),
        "øre",
        "ledger.invoice_basis",
        "select month, service, status, sum(amount_ore)::bigint as amount_ore, bool_or(synthetic) as synthetic "
        "from ledger.invoice_basis group by all",
    ),
    Metric(
        "payment_change",
        nb("Hvorfor beløpet er endret") | en("Why the amount has changed"),
        nb(
            "Endringen fra samme måned året før, delt i fire som til sammen er hele endringen. Mengde: mer eller "
            "mindre, til prisen året før. Pris: resten av endringen. Nytt og falt bort: linjer som bare finnes i den "
            "ene måneden."
        )
        | en(
            "The change from the same month of the year before, in four parts that add up to it. Quantity: more or "
            "less, at the price of the year before. Price: the rest of the change. New and fallen away: lines of only "
            "one of the months."
        ),
        "øre",
        "ledger.invoice_basis",
        "with line as (select month, payer_number, service, price_element, channel, "
        "(sum(quantity) * 10000)::hugeint as quantity, sum(amount_ore)::hugeint as amount_ore, "
        "list_sort(list(distinct unit_price)) as prices, bool_or(synthetic) as synthetic "
        "from ledger.invoice_basis where status = 'READY' group by all), "
        "later as (select *, (month - interval 1 year)::date as before from line), "
        "paired as (select coalesce(later.month, (was.month + interval 1 year)::date) as month, "
        "coalesce(later.payer_number, was.payer_number) as payer_number, coalesce(later.service, was.service) "
        "as service, later.amount_ore as now_ore, was.amount_ore as then_ore, "
        "(later.quantity - was.quantity) * was.amount_ore as moved, was.quantity as quantity, "
        "later.prices = was.prices or was.quantity = 0 as same_price, "
        "coalesce(later.synthetic, false) or coalesce(was.synthetic, false) as synthetic "
        "from later full join line as was on was.month = later.before and was.payer_number = later.payer_number "
        "and was.service = later.service and was.price_element is not distinct from later.price_element "
        "and was.channel is not distinct from later.channel), "
        "parted as (select *, case when now_ore is null or then_ore is null then 0 when same_price "
        "then now_ore - then_ore else sign(moved) * ((2 * abs(moved) + quantity) // (2 * quantity)) end "
        "as quantity_ore from paired) "
        "select month, payer_number, service, "
        "sum(case when now_ore is null or then_ore is null then 0 else now_ore - then_ore - quantity_ore end)::bigint "
        "as price_ore, sum(quantity_ore)::bigint as quantity_ore, "
        "sum(case when then_ore is null then now_ore else 0 end)::bigint as new_ore, "
        "sum(case when now_ore is null then -then_ore else 0 end)::bigint as gone_ore, "
        "bool_or(synthetic) as synthetic from parted where month between "
        "(select min(month) + interval 1 year from line) and (select max(month) from line) group by all",
    ),
    Metric(
        "self_cost_price",
        nb("Selvkostpris") | en("Self-cost price"),
        nb(
            "Prisen som dekker kostnadsgrunnlaget ved ventet bruk. Foreslått pris er den samme, avrundet. Dagens pris "
            "er den som gjelder nå. Lav og høy bruk gir hvert sitt svar."
        )
        | en(
            "The price that covers the cost base at expected use. The proposed price is the same, rounded. Today's "
            "price is the one in force. Low and high use give an answer each."
        ),
        "kr",
        "ledger.price_calculation",
        "select service, year, price_element, scenario, self_cost_price, current_price, proposed_price, decided_price, "
        "cover_with_balance_low_percent, cover_with_balance_expected_percent, cover_with_balance_high_percent, "
        "synthetic "
        "from ledger.price_calculation",
    ),
    Metric(
        "self_cost_percent",
        nb("Selvkostgrad") | en("Self-cost coverage"),
        nb(
            "Inntekt i prosent av kostnadsgrunnlaget, med fordelt felleskostnad. Fond er regnet som null, og "
            "akkumulert resultat er ikke med."
        )
        | en(
            "Income in per cent of the cost base, allocated shared cost included. Funds are taken as zero, and the "
            "balance carried is left out."
        ),
        "prosent",
        "ledger.product_month",
        "select service, month, self_cost_percent from ledger.product_month",
    ),
    Metric(
        "cover_with_balance_percent",
        nb("Dekning med saldo") | en("Cover with balance"),
        nb(
            "Et års inntekt med foreslått pris og ventet bruk, pluss overskuddet som brukes (minus underskuddet som "
            "dekkes inn), i prosent av kostnaden. Ikke selvkostgraden, som regnes uten saldo."
        )
        | en(
            "A year's income at the proposed price and expected use, plus the surplus that is used (less the deficit "
            "that is covered), in per cent of the cost. Not the self-cost coverage, which leaves the balance out."
        ),
        "prosent",
        "ledger.price_calculation",
        "select distinct service, year, scenario, cover_with_balance_expected_percent, synthetic "
        "from ledger.price_calculation order by service, year, scenario",
    ),
    Metric(
        "at_stake",
        nb("Kroner som står på spill") | en("Kroner at stake"),
        nb(
            "Uforklart forskjell mellom fakturert og det målt bruk tilsier: fakturert for mye pluss fakturert for "
            "lite. De veier ikke mot hverandre. Det som ingenting måler (not_reconcilable_ore), og det som ikke er "
            "fakturert ennå (awaits_invoice_ore), er ikke med."
        )
        | en(
            "Unexplained difference between what was billed and what measured use implies: too much plus too little. "
            "They do not offset each other. What nothing measures (not_reconcilable_ore) and what is not invoiced yet "
            "(awaits_invoice_ore) are left out."
        ),
        "øre",
        "ledger.reconciliation_product",
        "select service, month, at_stake_ore, over_ore, under_ore, awaits_invoice_ore, not_reconcilable_ore, "
        "synthetic from ledger.reconciliation_product",
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
        nb("Hvor mange forsendelser hadde hver kommune i siste hele måned, per 1 000 innbyggere?")
        | en("How many dispatches per 1 000 inhabitants did each municipality have in the last whole month?"),
        "select municipality_code, sum(dispatches) as dispatches, "
        "round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18,4) as per_1000_inhabitants, "
        "bool_or(synthetic) as synthetic from usage.municipality_month_now "
        "where month = (select through_month from meta.release) "
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
        "select service, sum(income_ore)::bigint * 0.01 as income_kr, sum(result_ore)::bigint * 0.01 as result_kr "
        "from ledger.product_month "
        "where year(month) = (select year(max(month)) from ledger.product_month) "
        "group by all order by result_kr",
    ),
    ExampleQuery(
        nb("Hvor mange kroner er uforklart mellom fakturert og målt, for hvert produkt det siste året?")
        | en("How many kroner are unexplained between billed and measured, for each product in the last year?"),
        "select service, sum(billed_ore)::bigint * 0.01 as billed_kr, sum(at_stake_ore)::bigint * 0.01 as at_stake_kr, "
        "sum(over_ore)::bigint * 0.01 as over_kr, sum(under_ore)::bigint * 0.01 as under_kr, "
        "sum(not_reconcilable_ore)::bigint * 0.01 as not_reconcilable_kr, bool_or(synthetic) as synthetic "
        "from ledger.reconciliation_product "
        "where month > (select through_month - interval 12 months from meta.release) "
        "group by all order by at_stake_kr desc, service",
    ),
    ExampleQuery(
        nb("Hvorfor avviker fakturert fra målt, etter årsak og tjeneste?")
        | en("Why does billed differ from measured, by reason and service?"),
        "select service, reason, count(*) as differences, sum(abs(amount_ore))::bigint * 0.01 as kr, "
        "sum(amount_ore)::bigint * 0.01 as net_kr, bool_or(synthetic) as synthetic from ledger.reconciliation_part "
        "group by all order by kr desc, service, reason",
    ),
    ExampleQuery(
        nb("Hvilke uforklarte forskjeller bør vi se på først?")
        | en("Which unexplained differences should we look at first?"),
        "select part.organisation_number, customer.name, part.service, part.price_element, part.month, "
        "part.reason, whole.billed_quantity, whole.measured_quantity, part.quantity as unexplained, "
        "part.amount_ore * 0.01 as kr, part.synthetic from ledger.reconciliation_part as part "
        "join ledger.reconciliation as whole "
        "on whole.organisation_number is not distinct from part.organisation_number "
        "and whole.service = part.service and whole.price_element = part.price_element and whole.month = part.month "
        "left join reference.organisation as customer on customer.organisation_number = part.organisation_number "
        "where part.reason in ('UNJUSTIFIED_CREDIT', 'UNJUSTIFIED_CHARGE', 'CORRECTS_NOTHING', 'UNEXPLAINED') "
        "and not whole.awaits_invoice "
        "order by abs(part.amount_ore) desc, part.organisation_number, part.service, part.price_element, part.month "
        "limit 50",
    ),
    ExampleQuery(
        nb("Hvilken kostnad er ikke plassert, per konto og kostnadssted, og hvorfor?")
        | en("Which cost is not placed, by account and cost centre, and why?"),
        "select account, cost_center, reason, count(*) as entries, sum(amount_ore)::bigint * 0.01 as kr, "
        "bool_or(synthetic) as synthetic from ledger.unmapped_cost "
        "group by all order by kr desc, account, cost_center, reason",
    ),
    ExampleQuery(
        nb("Hvilke tilkoblingspriser stemmer ikke med nedbetalingen av lånet, og hvor mange kroner er det?")
        | en("Which joining fees do not tie with the repayment of the loan, and by how many kroner?"),
        "select invoice_id, reason, service, project, period, fee_ore * 0.01 as fee_kr, "
        "repaid_ore * 0.01 as repaid_kr, difference_ore * 0.01 as difference_kr, synthetic from ledger.joining_fee_gap "
        "order by abs(difference_ore) desc, invoice_id",
    ),
    ExampleQuery(
        nb("Hva bærer hver tjeneste av felleskostnaden i år, og etter hvilken nøkkel?")
        | en("What does each service carry of the shared cost this year, and by which key?"),
        "select service, key, count(*) as entries, sum(amount_ore)::bigint * 0.01 as kr, "
        "bool_or(synthetic) as synthetic from ledger.allocation "
        "where year(period) = (select year(max(period)) from ledger.allocation) "
        "group by all order by service, key",
    ),
    ExampleQuery(
        nb("Hva er satt til side, og hvorfor?") | en("What was set aside, and why?"),
        "select stream, rule, sum(rows) as rows, any_value(says) as says "
        "from quality.quarantine_summary group by all order by rows desc",
    ),
    ExampleQuery(
        nb("Hvilke virksomheter sendte mest i siste hele måned?")
        | en("Which organisations sent the most in the last whole month?"),
        "select sent.organisation_number, sender.name, sum(sent.dispatches) as dispatches, "
        "sum(if(sent.outcome = 'failed', sent.dispatches, 0)) as failed, bool_or(sent.synthetic) as synthetic "
        "from usage.dispatch_month as sent "
        "left join reference.organisation as sender on sender.organisation_number = sent.organisation_number "
        "where sent.month = (select through_month from meta.release) "
        "group by all order by dispatches desc, sent.organisation_number limit 20",
    ),
    ExampleQuery(
        nb("Hvor mye bruker hver kommune av det som ikke er forsendelser, i siste hele måned, og hva er skjult?")
        | en("How much does each municipality use of what is no dispatch, in the last whole month; what is hidden?"),
        "select customer.municipality_code, used.service, used.measure, sum(used.quantity) as quantity, "
        "count(used.quantity_hidden) as hidden_cells, bool_or(used.synthetic) as synthetic "
        "from usage.measure_month as used "
        "join reference.organisation as customer on customer.organisation_number = used.organisation_number "
        "where customer.kind = 'MUNICIPALITY' and used.month = (select through_month from meta.release) "
        "group by all order by all",
    ),
    ExampleQuery(
        nb("Hva het kommunene den gang, og hvilken er de i dag? Delte kommuner har ingen enkelt etterfølger.")
        | en("What were the municipalities called then, and which is each now? Split ones have no single successor."),
        "select month, municipality_code, reference.name_on(municipality_code, month) as name_then, "
        "reference.to_now(municipality_code, month) as code_now, sum(dispatches) as dispatches, "
        "bool_or(synthetic) as synthetic from usage.municipality_month_then "
        "where month = (select min(month) from usage.municipality_month_then) group by all order by municipality_code",
    ),
    ExampleQuery(
        nb("Hvordan regner jeg egne tall på datidens kommuner om til dagens, også der kommuner er delt?")
        | en("How do I bring figures of municipalities of then to those of now, split ones too?"),
        "select old.month, part.to_code as municipality_code, "
        "round(sum(old.dispatches * part.weight), 4) as dispatches, "
        "bool_or(part.estimated or old.estimated) as estimated, bool_or(old.synthetic) as synthetic "
        "from usage.municipality_month_then as old, reference.to_now(old.municipality_code, old.month) as part "
        "group by all order by all",
    ),
    ExampleQuery(
        nb("Hvor mange forsendelser hadde kommunene i hvert nettverk (medlemmene fra 2024), måned for måned?")
        | en("How many dispatches did the municipalities of each network (members from 2024) have, month by month?"),
        "select sent.month, member.network_id, sum(sent.dispatches) as dispatches, "
        "count(distinct sent.municipality_code) as municipalities, bool_or(sent.synthetic) as synthetic "
        "from usage.municipality_month_now as sent, "
        "reference.networks_on(sent.municipality_code, greatest(sent.month, date '2024-01-01')) as member "
        "group by all order by all",
    ),
    ExampleQuery(
        nb("Hvilke kommuner sender mindre enn tre av fire liknende kommuner?")
        | en("Which municipalities send less than three of four similar ones?"),
        "select municipality_code, reference.name_on(municipality_code, month) as name, service, "
        "per_1000_inhabitants, per_1000_q1, per_1000_median, n, synthetic from usage.peer_month "
        "where peer_kind = 'SIMILAR' and month = (select through_month from meta.release) "
        "and per_1000_inhabitants < per_1000_q1 order by per_1000_inhabitants - per_1000_median, municipality_code",
    ),
    ExampleQuery(
        nb(
            "Hvilke fagsystemer sendte mest de siste tolv hele månedene, og hvor stor del feilet, av forsendelsene i "
            "rader der failed vises?"
        )
        | en(
            "Which source systems sent the most in the last twelve whole months, and what share failed, of the "
            "dispatches in rows that show failed?"
        ),
        "select supplier, system, mapping, sum(dispatches) as dispatches, sum(failed) as failed, "
        "sum(dispatches) filter (where failed is not null) as failed_of, "
        "round(sum(failed) / nullif(sum(dispatches) filter (where failed is not null), 0), 6)::decimal(18,6) "
        "as failed_share, "
        "count(distinct organisation_number) as organisations, count(dispatches_hidden) as hidden_cells, "
        "bool_or(synthetic) as synthetic from usage.connection_month "
        "where month <= (select through_month from meta.release) "
        "and month > (select through_month - interval 12 months from meta.release) "
        "group by all order by dispatches desc nulls last, system",
    ),
    ExampleQuery(
        nb(
            "Hvilke tilknytninger går gjennom leverandøren X i nettverket Y? Her paret med flest av dem i siste hele "
            "måned; sett dine egne i asked."
        )
        | en(
            "Which connections go through supplier X in network Y? Here the pair with the most of them in the last "
            "whole month; put your own in asked."
        ),
        "with connected as (select sent.*, customer.name, member.network_id from usage.connection_month as sent "
        "join reference.organisation as customer on customer.organisation_number = sent.organisation_number, "
        "reference.networks_on(customer.municipality_code, greatest(sent.month, date '2024-01-01')) as member "
        "where sent.month = (select through_month from meta.release)), "
        "asked as (select supplier, network_id from connected where supplier is not null "
        "group by all order by count(*) desc, supplier, network_id limit 1) "
        "select connected.organisation_number, connected.name, connected.account_id, connected.source_system, "
        "connected.system, connected.mapping, connected.service, connected.dispatches, connected.dispatches_hidden, "
        "connected.last_seen, supplier, network_id, connected.synthetic "
        "from connected join asked using (supplier, network_id) "
        "order by connected.name, connected.account_id, connected.source_system, connected.service",
    ),
    ExampleQuery(
        nb("Hvilke tilknytninger er blitt stille: i bruk for tre måneder siden, men ikke siste hele måned?")
        | en("Which connections fell silent: in use three months ago, not in the last whole month?"),
        "select organisation_number, account_id, source_system, service, max(last_seen) as last_seen, "
        "sum(dispatches) as dispatches, bool_or(synthetic) as synthetic from usage.connection_month "
        "where month >= (select through_month - interval 3 months from meta.release) and account_id is not null "
        "group by all having max(month) < (select through_month from meta.release) "
        "and min(month) = (select (through_month - interval 3 months)::date from meta.release) order by all",
    ),
    ExampleQuery(
        nb(
            "Hvor lang tid går det før halvparten, ni av ti og 99 av 100 er levert, i hver kanal? Levert er ikke det "
            "samme i dem: se metrikken delivery_time."
        )
        | en(
            "How long until half, nine of ten and 99 of 100 are delivered, in each channel? Delivered is not the same "
            "in them: see the metric delivery_time."
        ),
        "select month, service, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic "
        "from usage.delivery_time where month = (select through_month from meta.release) order by service, channel",
    ),
    ExampleQuery(
        nb("Hvor mange forsendelser venter vi de neste månedene, og hvor sikkert er det?")
        | en("How many dispatches do we expect in the coming months, and how sure is it?"),
        "select service, month, low, expected, high, method, backtest_error, last_value_error, mean_error, synthetic "
        "from usage.forecast "
        "where measure = 'forsendelser' order by service, month",
    ),
    ExampleQuery(
        nb("Hvem skal jeg ringe på mandag, og hva skal jeg si?") | en("Whom do I call on Monday, and what do I say?"),
        "select network, municipality, service, priority, sentence, contact, change_since_last_week, follow_up, "
        "synthetic "
        "from uptake.not_yet order by priority, months_waiting desc nulls last, inhabitants desc nulls last, "
        "municipality_code, service",
    ),
    ExampleQuery(
        nb("Hvor langt er nettverkene kommet med hver tjeneste, mot landet og mot seg selv for ett år siden?")
        | en("How far are the networks with each service, against the country and themselves a year before?"),
        "select network, service, month, members, active, waiting, share_of_members, share_in_country, "
        "active - active_year_before as change_in_a_year, active_basis, synthetic from uptake.network_month "
        "where month < (select date_trunc('month', as_of) from meta.release) "
        "qualify month = max(month) over (partition by service) order by network, service",
    ),
    ExampleQuery(
        nb("Hva har kommunen tatt i bruk, og hva gjenstår? Her Bergen; sett ditt eget nummer i asked.")
        | en("What has the municipality in use, and what is left? Here Bergen; put your own code in asked."),
        "with asked as (select '4601' as code), "
        "stands as (select status.service, max(status.month) as month, arg_max(status.step, status.month) as step, "
        "arg_max(status.active, status.month) as active, arg_max(status.active_basis, status.month) as active_basis, "
        "bool_or(status.synthetic) as synthetic from uptake.status_month as status join asked "
        "on asked.code = status.municipality_code group by status.service) "
        "select product.name_nb, stands.month, stands.step, stands.active, stands.active_basis, left_to_do.sentence, "
        "coalesce(stands.synthetic, left_to_do.synthetic) as synthetic "
        "from stands full join (select listed.* from uptake.not_yet as listed join asked "
        "on asked.code = listed.municipality_code) as left_to_do on left_to_do.service = stands.service "
        "join reference.product as product on product.service = coalesce(stands.service, left_to_do.service) "
        "order by product.name_nb",
    ),
    ExampleQuery(
        nb("Hvilken leverandør åpner for flest kommuner med én samtale?")
        | en("Which supplier opens for most municipalities by one call?"),
        "select supplier, source_system, service, waiting, inhabitants, active, supplier_ready, supplier_evidence, "
        "synthetic from uptake.supplier_gap order by waiting desc, inhabitants desc, source_system, service",
    ),
    ExampleQuery(
        nb("Hva stemmer ikke mellom avtale, bruk og faktura?")
        | en("What does not add up between agreement, use and invoice?"),
        "select exception, organisation, service, months, sentence, synthetic from uptake.exception "
        "order by exception, months desc, organisation_number, service",
    ),
    ExampleQuery(
        nb("Hvor mange kommuner venter vi har hver tjeneste i bruk om ett år?")
        | en("How many municipalities do we expect to have each service active a year from now?"),
        "select service, month, low, expected, high, ceiling, method, backtest_error, last_value_error, mean_error, "
        "active_basis, synthetic "
        "from uptake.forecast qualify month = max(month) over (partition by service) order by service",
    ),
    ExampleQuery(
        nb("Hvor lang tid går det fra vedlegg til bruk, og hvor mange har sluttet å bruke tjenesten?")
        | en("How long from annex to use, and how many fell silent?"),
        "select service, month, median_days_annex_to_use, days_known, dormant, active, annexed, synthetic "
        "from uptake.funnel where area_kind = 'NO' "
        "and month < (select date_trunc('month', as_of) from meta.release) "
        "qualify month = max(month) over (partition by service) order by service",
    ),
    ExampleQuery(
        nb("Hvem skulle ha levert de siste to ukene, men har ikke gjort det?")
        | en("Who should have delivered in the last two weeks, and has not?"),
        "select late.producer, late.stream, late.organisation_number, sender.name, late.day, late.expected_because, "
        "late.late_days, late.synthetic from quality.expected_reporter as late "
        "left join reference.organisation as sender on sender.organisation_number = late.organisation_number "
        "where late.status = 'MISSING' and late.day > (select as_of::date - 14 from meta.release) "
        "order by late.late_days desc, late.producer, late.organisation_number, late.day",
    ),
    ExampleQuery(
        nb("Hva er endret siden forrige utgave, i hvilken måned og hvorfor?")
        | en("What changed since the release before, in which month and why?"),
        "select month, measure, reason, sum(difference) as difference, "
        "count(distinct municipality_code) as municipalities, "
        "any_value(compared_with) as compared_with, bool_or(synthetic) as synthetic "
        "from quality.release_diff group by all order by month, measure, reason",
    ),
    ExampleQuery(
        nb("Hvilke fagsystemnavn bør registeret lære å kjenne først?")
        | en("Which source system names should the register learn first?"),
        "select source_system, dispatches, share, sum(share) over (order by dispatches desc, source_system) as so_far, "
        "organisations, last_month, synthetic from quality.unmapped_system "
        "order by dispatches desc, source_system limit 20",
    ),
    ExampleQuery(
        nb("Hva ligger bak en celle i produktregnskapet? Her svarut i siste måned; sett inn din egen i asked.")
        | en("Which entries are behind a cell of the product ledger? Here svarut's last month; put your own in asked."),
        "with asked as (select service, max(month) as month from ledger.product_month "
        "where service = 'svarut' and income_ore > 0 group by service) "
        "select entry.source_stream, entry.producer, entry.source_key, entry.organisation_number, entry.account, "
        "entry.category, entry.amount_ore, entry.original_period, entry.synthetic from ledger.entry as entry "
        "join asked on asked.service = entry.service and asked.month = entry.period "
        "where entry.account in ('INCOME', 'JOINING_FEE_EXCESS', 'COST', 'ALLOCATED_COST') "
        "order by abs(entry.amount_ore) desc, entry.source_stream, entry.producer, entry.source_key, entry.account",
    ),
    ExampleQuery(
        nb("Hvilke kvartaler er lukket, og hva kom etter at de var lukket?")
        | en("Which quarters are closed, and what came after they were?"),
        "select quarter, status, closed_by, changed_at, release, later_entries, later_ore, synthetic "
        "from ledger.period order by quarter",
    ),
    ExampleQuery(
        nb("Hvilke tall kan jeg summere?") | en("Which numbers may I sum?"),
        "select dataset, column_name, unit, additivity, about_nb from meta.column_definition "
        "where additivity is not null order by dataset, position",
    ),
)
