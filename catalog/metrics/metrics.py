"""The numbers on the pages, each defined once, with its query in `sql/metrics/<name>.sql`."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.contracts.sharing import Right
from catalog.metrics.statements import files_of, query_text, rights_of
from catalog.tables.usage import SHOWN_IS_NOT_DOWN
from catalog.text import Text, en, nb


@dataclass(frozen=True, slots=True)
class Metric:
    """A number on a page: its definition in words, its unit, and its source dataset."""

    name: str
    title: Text
    definition: Text
    unit: str
    dataset: str

    @property
    def sql(self) -> str:
        """The query that computes it from a release: one SELECT."""
        return query_text("metrics", self.name)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the query reads; see `files_of`."""
        return files_of(self.sql)

    @property
    def rights(self) -> frozenset[Right]:
        """The rights that the query needs; see `rights_of`."""
        return rights_of(self.sql)


METRICS = (
    Metric(
        "municipalities_active",
        nb("Kommuner i bruk") | en("Municipalities active"),
        nb(
            "Kommuner i dagens inndeling med bruk av tjenesten de siste 90 dagene. "
            "Der tjenesten ikke måles, teller aktiverte; da står «aktivert». Er to måneder fra hver sin kilde, "
            "som for Fiks Digisos, er forskjellen mellom dem et anslag."
        )
        | en(
            "Municipalities of now with use of the service within 90 days. "
            "Where it is not measured, activated ones count, and are called so. Where two months are of different "
            "sources, as of Fiks Digisos, their difference is estimated."
        ),
        "kommuner",
        "uptake.funnel",
    ),
    Metric(
        "population_share_active",
        nb("Andel av innbyggerne") | en("Share of population"),
        nb("Innbyggere i kommuner i bruk, delt på alle innbyggere i området, per 1. januar.")
        | en("Inhabitants of active municipalities over all inhabitants of the area, on 1 January."),
        "andel",
        "uptake.funnel",
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
    ),
    Metric(
        "call_list",
        nb("Ringelisten") | en("The call list"),
        nb(
            "Kommuner som kan ta tjenesten i bruk og ikke har gjort det, i siste måned med tall for tjenesten. "
            "Prioritet "
            "1: vedlegg eller oppsett uten bruk. 2: leverandøren er klar og en lignende kommune er i gang. "
            "3: leverandøren er klar. 4: resten, og alle der leverandøren ikke er klar ennå. De som har takket nei, "
            "telles for seg."
        )
        | en(
            "Municipalities that may take the service into use and have not, in the service's last observed month. "
            "Priority 1: annex or configured without use. 2: supplier ready and a similar one active. "
            "3: supplier ready. 4: the rest, and all whose supplier is not ready yet. Those who declined are counted "
            "apart."
        ),
        "kommuner",
        "uptake.not_yet",
    ),
    Metric(
        "uptake_forecast",
        nb("Ventet utbredelse") | en("Expected uptake"),
        nb(
            "Hvor mange kommuner som ventes å ha tjenesten i bruk i inntil tolv måneder, med et spenn som ventes "
            "å holde i åtte av ti måneder. Ved siden av står hvor mange av de tidligere framskrivingene som "
            "holdt, og hvor mye framskrivingen, siste måned og snittet bommet i måneder som ble holdt utenfor."
        )
        | en(
            "How many municipalities are expected to have the service active in up to twelve months, with a band "
            "expected to hold in eight of ten. Beside it stand how many earlier forecasts held, and by how much "
            "the forecast, the last value and the mean missed in months that were held out."
        ),
        "kommuner",
        "uptake.forecast",
    ),
    Metric(
        "municipalities_left",
        nb("Kommuner som gjenstår") | en("Municipalities left"),
        nb("Kommuner i dagens inndeling uten tjenesten i bruk, eller uten å ha aktivert den der bruk ikke måles.")
        | en("Municipalities of now without the service in use, or not activated where use is not measured."),
        "kommuner",
        "uptake.funnel",
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
    ),
    Metric(
        "services_in_use",
        nb("Kommune × tjeneste i bruk") | en("Municipality × service in use"),
        nb(
            "Hver kommune telles én gang for hver tjeneste den bruker, eller har aktivert der bruk ikke måles. "
            "Produkter fra andre er ikke med. Hver tjeneste teller med tallet fra sin siste måned med tall."
        )
        | en(
            "Each municipality counts once for each service it uses, or has activated where use is not measured. "
            "Products of others are left out. Each service counts by the number of its last observed month."
        ),
        "kommune × tjeneste",
        "uptake.funnel",
    ),
    Metric(
        "network_share",
        nb("Andel av nettverkets medlemmer") | en("Share of the network's members"),
        nb("Medlemmer som har tjenesten, delt på alle medlemmene i måneden. Landets andel står ved siden av.")
        | en("Members that have the service over all members in the month. The country's share stands beside."),
        "andel",
        "uptake.network_month",
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
    ),
    Metric(
        "declined",
        nb("Takket nei eller ikke aktuelt") | en("Declined or not relevant"),
        nb("Kommuner som har takket nei, eller som tjenesten ikke er aktuell for. De er ute av ringelisten.")
        | en("Municipalities that declined, or that the service is not relevant to. They are off the call list."),
        "kommuner",
        "uptake.declined",
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
    ),
    Metric(
        "customers",
        nb("Kunder") | en("Customers"),
        nb("Virksomheter av alle slag som har tjenesten i måneden, og kommunene blant dem.")
        | en("Organisations of any kind that have the service in the month, and the municipalities among them."),
        "virksomheter",
        "uptake.status_month",
    ),
    Metric(
        "support_requests",
        nb("Henvendelser per 100 kunder") | en("Support requests per 100 customers"),
        nb("Henvendelser til brukerstøtte i måneden, delt på kunder som har tjenesten, ganget med hundre.")
        | en("Requests to user support in the month over customers that have the service, times a hundred."),
        "henvendelser per 100 kunder",
        "usage.measure_total_month",
    ),
    Metric(
        "print_cost",
        nb("Kostnad for print") | en("Cost of print"),
        nb("Produksjon og porto for brev på papir, uten merverdiavgift. Avsenderen betaler; det er ikke vår inntekt.")
        | en("Production and postage of letters on paper, without VAT. The sender pays; it is no income of ours."),
        "øre",
        "usage.municipality_month",
    ),
    Metric(
        "connections",
        nb("Tilknytninger") | en("Connections"),
        nb(
            "Konto og fagsystem som en virksomhet sendte gjennom i måneden. Følsomme tjenester er ikke med, og heller "
            "ikke under ti forsendelser uten oppgitt fagsystem."
        )
        | en(
            "Account and source system that an organisation sent through in the month. Sensitive services are left "
            "out, and so are fewer than ten dispatches with no source system stated."
        ),
        "tilknytninger",
        "usage.connection_month",
    ),
    Metric(
        "dispatches",
        nb("Forsendelser") | en("Dispatches"),
        nb(
            "Antall forsendelser etter dagen de ble opprettet (norsk tid), uansett utfall. Følsomme tjenester er "
            "ikke med; de telles for seg."
        )
        | en(
            "Dispatches by the day they were created (Europe/Oslo), whatever their outcome. Sensitive services "
            "are not among them; they are counted by themselves."
        ),
        "forsendelser",
        "usage.dispatch_day",
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
    ),
    Metric(
        "municipalities_sending",
        nb("Kommuner som sendte") | en("Municipalities that sent"),
        nb("Kommuner i dagens inndeling som sendte minst én gang med tjenesten i måneden.")
        | en("Municipalities of now that sent at least once with the service in the month."),
        "kommuner",
        "usage.municipality_month",
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
    ),
    Metric(
        "peers_median",
        nb("Medianen for lignende kommuner") | en("Median of similar municipalities"),
        nb(
            "Den midterste av de andre kommunene i gruppen, av dem som brukte tjenesten i måneden; de som ikke "
            "gjorde det, er utelatt, ikke regnet som null. Kommunen selv er ikke med, så medianen for landet "
            "varierer litt fra kommune til kommune. Vises ikke for færre enn tre."
        )
        | en(
            "The middle one of the group's other municipalities, of those that used the service in the month; who"
            " did not is left out, not taken for zero. The municipality itself is not in it, so the country’s "
            "median differs a little between municipalities. Not shown for fewer than three."
        ),
        "forsendelser per 1 000 innbyggere",
        "usage.peer_month",
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
    ),
    Metric(
        "delivery_time",
        nb("Tid til levering") | en("Time to delivery"),
        nb(
            "Timer fra forsendelsen ble opprettet til den første gang ble levert: halvparten, ni av ti og 99 av "
            "100 var levert innen. Bare forsendelser som er levert. Levert er ikke det samme i hver kanal: "
            "mottatt i den digitale postkassen, lastet ned av mottakeren (Altinn, SvarInn, Norsk Helsenett; for "
            "meldinger som bare kan leveres digitalt: når de er sendt), skrevet ut, men ikke framme (papir). "
            "Sammenlign derfor ikke kanalene. De siste månedene er foreløpige, for noe er ikke levert ennå."
        )
        | en(
            "Hours from creation to first delivery: half, nine of ten and 99 of 100 were delivered within. "
            "Delivered dispatches only. Delivered is not the same in each channel: received by the digital "
            "mailbox, downloaded by the receiver (Altinn, SvarInn, Norsk Helsenett; for messages that can only be"
            " digital: when sent), printed but not there yet (paper). So do not compare channels. Young months "
            "are provisional: what is slow is not delivered yet."
        ),
        "timer",
        "usage.delivery_time",
    ),
    Metric(
        "operational_messages",
        nb("Driftsmeldinger") | en("Operational messages"),
        nb(
            "Meldinger om drift som ble lagt ut i måneden, etter type og årsak. Meldinger som overlapper, er én. "
            f"{SHOWN_IS_NOT_DOWN.nb}"
        )
        | en(
            "Messages on operation that were put up in the month, by kind and cause. Messages that overlap are one. "
            f"{SHOWN_IS_NOT_DOWN.en}"
        ),
        "meldinger",
        "usage.stability_month",
    ),
    Metric(
        "message_hours",
        nb("Timer med driftsmelding") | en("Hours with an operational message"),
        nb(f"Timer av måneden da minst én driftsmelding om tjenesten sto. {SHOWN_IS_NOT_DOWN.nb}")
        | en(f"Hours of the month in which at least one message about the service stood. {SHOWN_IS_NOT_DOWN.en}"),
        "timer",
        "usage.stability_month",
    ),
    Metric(
        "measured_use",
        nb("Annen bruk") | en("Other use"),
        nb(
            "Oppslag, meldinger, søknader, kontoer og andre mål, for hele landet. "
            "Der perturbed er sann, er landstallet endret tilfeldig av hensyn til personvernet, uavhengig av tallene "
            "for kommunene. Det kommer sju virkedager etter månedens slutt."
        )
        | en(
            "Look-ups, messages, applications, accounts and other measures, for the whole country. "
            "Where perturbed is true, the national figure is changed at random for privacy, separately from those of "
            "the municipalities. It comes seven working days after the month."
        ),
        "målets enhet",
        "usage.measure_total_month",
    ),
    Metric(
        "municipality_measured",
        nb("Kommunens annen bruk") | en("The municipality's other use"),
        nb(
            "Oppslag, meldinger, søknader, kontoer og andre mål som kommunens egen virksomhet har hatt i måneden. "
            "Dagens inndeling. For følsomme tjenester finnes bare hovedmålet og bestand. Der perturbed er sann, er "
            "tallet endret tilfeldig av hensyn til personvernet."
        )
        | en(
            "Look-ups, messages, applications, accounts and other measures of the municipality's own organisation in "
            "the month. Division of now. For sensitive services there are only the leading flow and stocks. Where "
            "perturbed is true, the figure is changed at random for privacy."
        ),
        "målets enhet",
        "usage.municipality_measure_month",
    ),
    Metric(
        "measured_per_1000",
        nb("Annen bruk per 1 000 innbyggere") | en("Other use per 1,000 inhabitants"),
        nb(
            "Kommunens målte bruk i måneden, delt på innbyggerne 1. januar i året. Dagens inndeling. Regnet av "
            "kommunens målte bruk, også tall som er endret tilfeldig."
        )
        | en(
            "The municipality's measured use of the month, over its inhabitants on 1 January of the year. "
            "Division of now. Calculated from the municipality’s measured use, figures changed at random "
            "included."
        ),
        "målets enhet",
        "usage.municipality_measure_month",
    ),
    Metric(
        "measured_peers_median",
        nb("Medianen av annen bruk for lignende kommuner") | en("Median of other use of similar municipalities"),
        nb(
            "Den midterste av de andre kommunene i gruppen, av dem som har et tall. De som ingen har meldt, er "
            "utelatt, ikke regnet som null. Vises ikke for færre enn tre, og da sies det hvorfor. Kvartilene "
            "krever fem."
        )
        | en(
            "The middle one of the group's other municipalities, of those with a figure. Those that nobody "
            "reported are left out, not counted as zero. Not shown for fewer than three, and then it is said why."
            " Quartiles take five."
        ),
        "målets enhet per 1 000 innbyggere",
        "usage.peer_measure_month",
    ),
    Metric(
        "measured_country_median",
        nb("Medianen av annen bruk for landet") | en("Median of other use of the country"),
        nb(
            "Den midterste av kommunene utenom Oslo som har et tall i måneden. Halvparten av dem ligger mellom "
            "kvartilene."
        )
        | en(
            "The middle one of the municipalities except Oslo with a figure in the month. Half of them lie between "
            "the quartiles."
        ),
        "målets enhet per 1 000 innbyggere",
        "usage.peer_measure_month",
    ),
    Metric(
        "municipalities_measured",
        nb("Kommuner med målt bruk") | en("Municipalities with measured use"),
        nb(
            "Kommuner i dagens inndeling som målet er meldt for i måneden. De andre mangler tall, som ikke er det "
            "samme som null."
        )
        | en(
            "Municipalities of now that the measure was reported for in the month. The others have no figure, which is "
            "not zero."
        ),
        "kommuner",
        "usage.municipality_measure_month",
    ),
    Metric(
        "services_with_use",
        nb("Tjenester med tall") | en("Services with numbers"),
        nb(
            "Tjenester som kommunen, eller noen kommune i landet, har et tall for i måneden, uansett hva som telles. "
            "Kontoer og adaptere teller med, men viser bare at tjenesten er satt opp. Raden uten kommunenummer er "
            "landet. Henvendelser, timer og produkter fra andre er ikke med."
        )
        | en(
            "Services that the municipality, or any of the country, has a number for in the month, whatever is "
            "counted. Accounts and adapters are among them, but only show that the service is set up. The row without "
            "a municipality code is the country. Support requests, hours and products of others are left out."
        ),
        "tjenester",
        "usage.municipality_month",
    ),
    Metric(
        "forecast",
        nb("Framskrevet bruk") | en("Forecast of use"),
        nb(
            "Ventet bruk de kommende månedene, med et lavt og et høyt tall. Feilen er målt i måneder som ikke var"
            " med på å velge metode, like langt fram, og står ved siden av hva siste måned og snittet bommet med "
            "der. Mellom lavt og høyt skal åtte av ti måneder ligge; det står hvor mange tidligere framskrivinger"
            " som gjorde det."
        )
        | en(
            "Expected use of the coming months, with a low and a high figure. The error is that of months that "
            "took no part in choosing the method, as far ahead, and stands beside what the last value and the "
            "mean missed there. Eight of ten months should lie between; it is said how many earlier forecasts "
            "did."
        ),
        "målets enhet",
        "usage.forecast",
    ),
    Metric(
        "checks",
        nb("Kontroller") | en("Checks"),
        nb("Regler som hvert datasett er prøvd mot før utgaven. En kontroll som ikke består, stopper utgaven.")
        | en("Rules that each dataset is tried against before the release. A check that fails stops the release."),
        "kontroller",
        "quality.check_result",
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
    ),
    Metric(
        "missing_reporters",
        nb("Manglende leveranser, siste fire uker") | en("Missing deliveries, last four weeks"),
        nb(
            "Virksomheter som skulle levert for dagen etter egen rytme eller aktivering, og de av dem som ikke har "
            "gjort det etter fristen, de siste fire ukene. Raden uten dag er alle fire uker: hver virksomhet én gang. "
            "Et hull er ikke null bruk."
        )
        | en(
            "Organisations that should have delivered for the day by their own rhythm or activation, and those of them "
            "that have not by the deadline, in the last four weeks. The row without a day is all four weeks: each "
            "organisation once. A gap is not no use."
        ),
        "virksomheter",
        "quality.expected_reporter",
    ),
    Metric(
        "changed_since_last_release",
        nb("Endret siden forrige utgave") | en("Changed since the previous release"),
        nb("Bruk som er kommet til eller falt fra siden forrige utgave, etter mål og årsak. Ikke summer ulike mål.")
        | en("Use added or gone since the previous release, by measure and reason. Do not sum different measures."),
        "målets enhet",
        "quality.release_diff",
    ),
    Metric(
        "unmapped_share",
        nb("Andel uten kjent fagsystem") | en("Share without a known source system"),
        nb(
            "Forsendelser de siste tolv hele månedene med et fagsystemnavn som registeret ikke kjenner, delt på "
            "alle. Hvert navn er rundet opp til hele femti, så andelen er heller for høy enn for lav. De uten "
            "oppgitt navn er bare med i nevneren. «Andel uten fagsystem» har dem i telleren også."
        )
        | en(
            "Dispatches of the last twelve whole months with a source system name that the register lacks, over "
            "all. Each name is rounded up to whole fifties, so the share is too high rather than too low. Those "
            "that state no name are in the denominator only. “Share with no source system” has them in the numerator "
            "too."
        ),
        "andel",
        "quality.unmapped_system",
    ),
    Metric(
        "no_system_share",
        nb("Andel uten fagsystem") | en("Share with no source system"),
        nb(
            "Forsendelser de siste tolv hele månedene som ikke er knyttet til et fagsystem, delt på alle: "
            "registeret kjenner ikke navnet, eller fagsystemet er ikke oppgitt eller skjermet. Andelen vises som "
            "et intervall, siden antallet per fagsystem er rundet opp til hele femti. Det gjelder bare der færre "
            "enn tre virksomheter brukte fagsystemet i måneden. Følsomme tjenester er ikke med."
        )
        | en(
            "Dispatches of the last twelve whole months that are not tied to a source system, over all: the "
            "register lacks the name, or the system is not stated, or shielded. The share is a band, since counts"
            " by system are rounded up to whole fifties. This holds only where fewer than three organisations "
            "used the system in the month. Sensitive services are left out."
        ),
        "andel",
        "usage.system_month",
    ),
    Metric(
        "income",
        nb("Omsetning") | en("Turnover"),
        nb(
            "Inntekten som er for perioden, uten merverdiavgift: En pris for et år eller et kvartal er fordelt likt på "
            "månedene fra den gjelder til året eller kvartalet er slutt, uansett når den er fakturert. "
            "Tilkoblingsprisen for en tjeneste med lån er lån og ikke inntekt."
        )
        | en(
            "Income for the period, without VAT: a price for a year or a quarter is spread evenly over the months from "
            "when it applies to the end of that year or quarter, whenever it is invoiced. The joining fee of a service "
            "with a loan is loan, not income."
        ),
        "øre",
        "ledger.product_month",
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
    ),
    Metric(
        "result",
        nb("Resultat") | en("Result"),
        nb("Inntekt minus kostnad og fordelt felleskostnad. Budsjettet er det budsjetterte resultatet i samme måned.")
        | en("Income less cost and allocated shared cost. The budget is the result budgeted for the same month."),
        "øre",
        "ledger.product_month",
    ),
    Metric(
        "balance_carried",
        nb("Framført saldo") | en("Balance carried"),
        nb("Summen av produktets resultater til og med måneden: det kundene har betalt mer eller mindre enn kostnaden.")
        | en("The sum of the product's results through the month: what customers paid above or below its cost."),
        "øre",
        "ledger.product_month",
    ),
    Metric(
        "unmapped_cost",
        nb("Kostnad som ikke er plassert") | en("Unallocated cost"),
        nb("Bokført kostnad som ingen tjeneste eller fordelingsnøkkel bærer ennå, med årsak.")
        | en("Booked cost that no service or allocation key carries yet, with the reason."),
        "øre",
        "ledger.unmapped_cost",
    ),
    Metric(
        "loan_outstanding",
        nb("Utestående lån") | en("Outstanding loans"),
        nb(
            "Trukket minus nedbetalt og avskrevet, for hvert prosjekt ved utgangen av måneden. Nedbetalt regnes fra "
            "nedbetalingen er ført; ved siden av står det som er fakturert og ikke nedbetalt, og saldoen uten det."
        )
        | en(
            "Drawn less repaid and written off, for each project at the end of the month. Repaid counts from the "
            "booked repayment; beside it is what is invoiced and not repaid, and the balance without it."
        ),
        "øre",
        "ledger.loan_month",
    ),
    Metric(
        "invoice_basis",
        nb("Fakturagrunnlag") | en("Invoice basis"),
        nb("Mengde ganget med prisen som gjaldt, for hver kunde, uten merverdiavgift. Det uten pris står for seg.")
        | en("Quantity times the price in force, for each customer, without VAT. What has no price stands apart."),
        "øre",
        "ledger.invoice_basis",
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
    ),
    Metric(
        "self_cost_percent",
        nb("Finansiell dekningsgrad") | en("Financial coverage"),
        nb(
            "Inntekt i prosent av den bokførte kostnaden, med fordelt felleskostnad. Selvkostgraden er et annet tall. "
            "For flere måneder: summen av inntekten over summen av kostnaden."
        )
        | en(
            "Income in per cent of the booked cost, allocated shared cost included. The self-cost ratio is another "
            "figure. For several months: the sum of income over the sum of cost."
        ),
        "prosent",
        "ledger.product_month",
    ),
    Metric(
        "self_cost_ratio_percent",
        nb("Selvkostgrad") | en("Self-cost ratio"),
        nb(
            "Som hos SSB: årets inntekt, minus det som avsettes til fond eller dekker tidligere underskudd, pluss "
            "bruk av fond og framført underskudd, i prosent av gebyrgrunnlaget. 100 prosent når hele underskuddet "
            "framføres. Ved siden av står inntekten i prosent av samme gebyrgrunnlag. For et år som ikke "
            "er over: månedene så langt."
        )
        | en(
            "As at Statistics Norway: the year's income, less what is set aside to a fund or recovers an earlier "
            "deficit, plus use of the fund and deficit carried forward, in per cent of the fee basis. 100 per cent "
            "when all of a deficit is carried forward. Beside it is income in per cent of the same fee basis. For "
            "a year that is not over: the months so far."
        ),
        "prosent",
        "ledger.self_cost_year",
    ),
    Metric(
        "cover_with_balance_percent",
        nb("Dekning med saldo") | en("Cover with balance"),
        nb(
            "Et års inntekt med foreslått pris og ventet bruk, pluss overskuddet som brukes (minus underskuddet som "
            "dekkes inn), i prosent av kostnaden. Ikke den finansielle dekningsgraden, som regnes uten saldo."
        )
        | en(
            "A year's income at the proposed price and expected use, plus the surplus that is used (less the deficit "
            "that is covered), in per cent of the cost. Not the financial coverage, which leaves the balance out."
        ),
        "prosent",
        "ledger.price_calculation",
    ),
    Metric(
        "at_stake",
        nb("Kroner som står på spill") | en("Kroner at stake"),
        nb(
            "Uforklart forskjell mellom fakturert og det målt bruk tilsier: fakturert for mye pluss fakturert for"
            " lite. De veier ikke mot hverandre. Det som ingenting måler, og det som ikke er fakturert ennå, er "
            "ikke med."
        )
        | en(
            "Unexplained difference between what was billed and what measured use implies: too much plus too "
            "little. They do not offset each other. What nothing measures and what is not invoiced yet are left "
            "out."
        ),
        "øre",
        "ledger.reconciliation_product",
    ),
)
