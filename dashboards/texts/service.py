"""What the page of a product says beside what its report says (`ledger`). Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "service.answer.USE": nb("{use}, og {n} {noun} brukte den i {month}.")
    | en("{use}, and {n} {noun} used it in {month}."),
    "service.answer.EVENT": nb("{use}, og {n} {noun} hadde aktivert den i {month}.")
    | en("{use}, and {n} {noun} had activated it in {month}."),
    "service.answer.unobserved": nb("{use}, og ingen kilde har meldt hvem som har tatt den i bruk.")
    | en("{use}, and no source has reported who has taken it up."),
    "service.uptake": nb("Se hvor tjenesten er tatt i bruk, og hvem som står for tur")
    | en("See where the service is taken up, and who is next"),
    "service.about.title.whole": nb("Produktkatalogen sier alt om tjenesten")
    | en("The product catalogue tells all of the service"),
    "service.about.title.lacks": nb("Produktkatalogen mangler {n} av {all} opplysninger om tjenesten")
    | en("The product catalogue lacks {n} of {all} facts about the service"),
    "service.about.subtitle": nb(
        "«Ikke oppgitt» betyr at ingen har fylt det ut. Den som eier produktet, fører det i Produktkatalogen."
    )
    | en("“Not stated” means that nobody has filled it in. The product's owner keeps it in the product catalogue."),
    "service.about.caption": nb("Om tjenesten, som fil") | en("About the service, as a file"),
    "service.about.source": nb("Kilde til opplysningene: {source}.") | en("Source of the facts: {source}."),
    "service.template.title": nb("Maler for avtale og risikovurdering")
    | en("Templates of the agreement and the risk assessment"),
    "service.template.caption": nb("Maler, utgave og alder") | en("Templates, version and age"),
    "service.template.kind": nb("Hva") | en("What"),
    "service.template.name": nb("Mal") | en("Template"),
    "service.template.version": nb("Utgave") | en("Version"),
    "service.template.age": nb("Alder") | en("Age"),
    "service.template.undated": nb("kan ikke leses av utgaven") | en("the version does not tell"),
    "service.template.ahead": nb("gjelder fra senere") | en("holds from later on"),
    "service.template.months": nb("{n:måned|måneder}") | en("{n:month|months}"),
    "service.template.months.one": nb("{n} måned") | en("{n} month"),
    "service.template.years": nb("{n} år og {months:måned|måneder}") | en("{n} years and {months:month|months}"),
    "service.template.years.one": nb("{n} år og {months:måned|måneder}") | en("{n} year and {months:month|months}"),
    "service.expected.title": nb("Forventet og faktisk bruk") | en("Expected and actual use"),
    "service.expected": nb("Forventet") | en("Expected"),
    "service.actual": nb("Faktisk") | en("Actual"),
    "service.actual.words": nb("{quantity} {unit}, {period}") | en("{quantity} {unit}, {period}"),
    "service.actual.twelve": nb("siste tolv måneder") | en("last twelve months"),
    "service.actual.some": nb("i {n:måned|måneder} som er målt")
    | en("in {n:month that was|months that were} measured"),
    "service.actual.month": nb("i {month}") | en("in {month}"),
    "service.actual.none": nb("ikke kjent: ingen kilde måler bruken") | en("not known: no source measures use"),
    "service.actual.hidden": nb("skjult av hensyn til personvern") | en("hidden for privacy"),
    "service.use.none": nb("Ingen kilde måler hvor mye tjenesten brukes")
    | en("No source measures how much the service is used"),
    "service.use.none.text": nb(
        "Utgaven har verken forsendelser eller målinger av tjenesten. Det betyr ikke at den ikke brukes."
    )
    | en("The release has neither dispatches nor measurements of the service. It does not mean that it is not used."),
    "service.use.foreseen": nb("Lyse søyler er framskrevet; streken er lavt til høyt anslag.")
    | en("Light bars are forecast; the line goes from the low to the high estimate."),
    "service.use.label": nb("Framskrevet") | en("Forecast"),
    "service.outlook.title.FLOW": nb("Ventet bruk: {quantity} {unit} de neste {n} månedene")
    | en("Expected use: {quantity} {unit} in the next {n} months"),
    "service.outlook.title.STOCK": nb("Ventet bruk: {quantity} {unit} i {month}")
    | en("Expected use: {quantity} {unit} in {month}"),
    "service.outlook.title.none": nb("Bruken er ikke framskrevet") | en("Use is not forecast"),
    "service.outlook.none": nb(
        "Framskriving krever minst åtte måneder med målt bruk, og at tallene ikke er skjult av hensyn til personvern. "
        "Metoden må også treffe bedre enn siste måned eller snittet."
    )
    | en(
        "A forecast needs at least eight months of measured use, with numbers that are not hidden for privacy. Its "
        "method must do better than the last value or the mean."
    ),
    "service.outlook.words": nb(
        "Hele landet, {first}–{last}. I den siste måneden er lavt anslag {low} og høyt {high}. Metode: {method}. "
        "{error}"
    )
    | en(
        "{first}–{last}, the whole country. In the last month the low estimate is {low} and the high one {high}. "
        "Method: {method}. {error}"
    ),
    "service.outlook.untried": nb("Feilen er ikke kjent: de prøvde månedene summerer til null.")
    | en("The error is not known: the months tried sum to zero."),
    "service.outlook.caption": nb("Framskrevet bruk per måned") | en("Forecast use by month"),
    "service.method.LAST_VALUE": nb("siste måned gjelder videre") | en("the last month goes on"),
    "service.method.MEAN": nb("snittet av det siste året") | en("the mean of the last year"),
    "service.method.DRIFT": nb("siste måned og den jevne endringen det siste året")
    | en("the last month and the mean change of the last year"),
    "service.method.SEASONAL_NAIVE": nb("samme måned året før") | en("the same month a year before"),
    "service.method.SEASONAL_GROWTH": nb("samme måned året før, ganger veksten fra år til år")
    | en("the same month a year before, times the growth from year to year"),
    "service.method.THETA": nb("trend og glattet nivå") | en("trend and smoothed level"),
    "service.method.SEASONAL_THETA": nb("trend og glattet nivå, med sesong")
    | en("trend and smoothed level, with season"),
    "service.customers.title": nb("{n} {noun} har signert vedlegg for {name}")
    | en("Annex of {name} signed by {n} {noun}"),
    "service.customers.title.unknown": nb("{n} {noun} har tatt i bruk {name}; hvem som har signert vedlegg, er ukjent")
    | en("{name} taken up by {n} {noun}; who has signed the annex is unknown"),
    "service.customers.title.EVENT": nb("{n} {noun} har aktivert {name}; hvem som har signert vedlegg, er ukjent")
    | en("{name} activated by {n} {noun}; who has signed the annex is unknown"),
    "service.customers.title.none": nb("Kundene er ikke kjent") | en("The customers are not known"),
    "service.customers.none": nb("Ingen kilde har meldt noe steg fra avtale til bruk for denne tjenesten.")
    | en("No source has reported any step from agreement to use of this service."),
    "service.customers.subtitle": nb("{kinds} i {month}. Kunder som er avsluttet, er ikke med.")
    | en("{kinds} in {month}. Customers that have ended are left out."),
    "service.customers.without": nb("{n} {noun} bruker tjenesten uten at vedlegget er signert.")
    | en("Used without a signed annex by {n} {noun}."),
    "service.customers.caption": nb("Kunder og vedlegg") | en("Customers and annex"),
    "service.kind.MUNICIPALITY": nb("{n:kommune|kommuner}") | en("{n:municipality|municipalities}"),
    "service.kind.MUNICIPALITY.one": nb("{n} kommune") | en("{n} municipality"),
    "service.kind.COUNTY": nb("{n:fylkeskommune|fylkeskommuner}") | en("{n:county|counties}"),
    "service.kind.COUNTY.one": nb("{n} fylkeskommune") | en("{n} county"),
    "service.kind.OTHER": nb("{n} andre kunder") | en("{n} other customers"),
    "service.kind.OTHER.one": nb("{n} annen kunde") | en("{n} other customer"),
    "value.adoptable_by.MUNICIPALITY": nb("kommuner") | en("municipalities"),
    "value.adoptable_by.COUNTY": nb("fylkeskommuner") | en("counties"),
    "value.adoptable_by.COMPANY": nb("kommunale foretak") | en("municipal companies"),
    "value.adoptable_by.OTHER": nb("andre") | en("others"),
    "column.customer": nb("Kunde") | en("Customer"),
    "column.customer_kind": nb("Hva slags kunde") | en("Kind of customer"),
    "column.customer_standing": nb("Status") | en("Status"),
    "column.annexed_on": nb("Vedlegg signert") | en("Annex signed"),
    "value.customer_kind.MUNICIPALITY": nb("kommune") | en("municipality"),
    "value.customer_kind.COUNTY": nb("fylkeskommune") | en("county"),
    "value.customer_kind.COMPANY": nb("kommunalt foretak") | en("municipal company"),
    "value.customer_kind.OTHER": nb("annen") | en("other"),
    "value.customer_standing.IN_USE": nb("i bruk") | en("in use"),
    "value.customer_standing.ACTIVATED": nb("aktivert") | en("activated"),
    "value.customer_standing.IDLE": nb("aktivert, ikke brukt siste 90 dager")
    | en("activated, not used within 90 days"),
    "value.customer_standing.ANNEX_SIGNED": nb("vedlegg signert") | en("annex signed"),
    "value.customer_standing.CONFIGURED": nb("satt opp") | en("configured"),
    "value.customer_standing.NOT_LISTED": nb("ikke på kildens siste liste") | en("not on the source's latest list"),
    "value.customer_standing.SUSPENDED": nb("satt på pause") | en("suspended"),
    "service.support.title": nb(
        "{rate} henvendelser i måneden per 100 kunder; {n} av {all:annen tjeneste|andre tjenester} har flere"
    )
    | en(
        "{rate} support requests a month per 100 customers; {n} of {all:other service|other services} "
        "{n:=has|have} more"
    ),
    "service.support.title.none": nb("Hvor mye brukerstøtte tjenesten trenger, er ikke kjent")
    | en("How much support the service needs is not known"),
    "service.support.none": nb("Ingen henvendelser er meldt for tjenesten i måneder der kundene også er kjent.")
    | en("No support requests are reported of the service in months where its customers are known too."),
    "service.support.subtitle": nb(
        "Henvendelser per 100 aktive kunder i måneden, {first}–{last}, i måneder der begge er kjent. Hele landet."
    )
    | en(
        "Support requests per 100 active customers a month, {first}–{last}, in months where both are known. The whole "
        "country."
    ),
    "service.support.axis": nb("Henvendelser per 100 kunder i måneden")
    | en("Support requests per 100 customers a month"),
    "service.support.words": nb("Henvendelser per 100 kunder i måneden: {listed}.")
    | en("Support requests per 100 customers a month: {listed}."),
    "service.support.one": nb("{name} {rate}") | en("{name} {rate}"),
    "column.requests": nb("Henvendelser") | en("Support requests"),
    "column.customer_months": nb("Kundemåneder") | en("Customer months"),
    "column.per_100": nb("Per 100 kunder i måneden") | en("Per 100 customers a month"),
    "column.customers": nb("Kunder") | en("Customers"),
    "column.some_hidden": nb("Noe er skjult") | en("Some is hidden"),
    "service.systems.none": nb("Ingen tilknytning som du kan se, har brukt tjenesten de siste tolv månedene.")
    | en("No connection that you may see has used the service in the last twelve months."),
    "service.systems.some": nb("Bare tilknytninger som du kan se, er med: {whose}.")
    | en("Only connections that you may see are counted: {whose}."),
    "service.systems.own": nb("egen organisasjon") | en("your own organisation"),
    "service.systems.members": nb("medlemmer av nettverkene dine") | en("members of your networks"),
    "service.systems.closed": nb("Leverandører og fagsystemer vises ikke for rollen din")
    | en("Suppliers and source systems are not shown to your role"),
    "service.systems.closed.text": nb(
        "De sier hvilke systemer den enkelte kommunen bruker, og vises for kommunen selv, nettverket dens og DIF."
    )
    | en("They tell which systems a single municipality uses, and are shown to itself, its network and DIF."),
    "service.delivery.title": nb("Halvparten er levert innen {quick} med {by_quick}, og innen {slow} med {by_slow}")
    | en("Half is delivered within {quick} by {by_quick}, and within {slow} by {by_slow}"),
    "service.delivery.title.one": nb("Halvparten av forsendelsene er levert innen {time}")
    | en("Half of the dispatches are delivered within {time}"),
    "service.delivery.subtitle": nb(
        "Tid fra forsendelsen ble laget til den først var levert, per kanal, hele landet, {month}."
    )
    | en("Time from a dispatch was made until it was first delivered, by channel, the whole country, {month}."),
    "service.delivery.provisional": nb("foreløpig") | en("provisional"),
    "service.delivery.note": nb(
        "Foreløpig for {channels}: det som ikke er levert ennå, er ikke med, så tidene kan stige."
    )
    | en("Provisional for {channels}: what is not delivered yet is not among them, so the times may rise."),
    "service.delivery.caption": nb("Leveringstid per kanal") | en("Delivery time by channel"),
    "service.delivery.channel": nb("Kanal") | en("Channel"),
    "service.delivery.p50": nb("Halvparten innen") | en("Half within"),
    "service.delivery.p90": nb("9 av 10 innen") | en("9 of 10 within"),
    "service.delivery.p99": nb("99 av 100 innen") | en("99 of 100 within"),
    "service.delivery.dispatches": nb("Leverte forsendelser") | en("Dispatches delivered"),
    "service.minutes": nb("{n} minutter") | en("{n} minutes"),
    "service.minutes.one": nb("{n} minutt") | en("{n} minute"),
    "service.hours": nb("{n} timer") | en("{n} hours"),
    "service.days": nb("{n} døgn") | en("{n} days"),
    "service.channel.SDP": nb("digital postkasse") | en("digital mailbox"),
    "service.channel.ALTINN": nb("Altinn") | en("Altinn"),
    "service.channel.NHN": nb("Norsk helsenett") | en("the Norwegian health network"),
    "service.channel.PRINT": nb("brev på papir") | en("letters on paper"),
    "service.channel.SVARINN": nb("SvarInn") | en("SvarInn"),
    "service.channel.UNKNOWN": nb("kanal ikke oppgitt") | en("channel not stated"),
    "service.accounts.title": nb("Tjenesten har et resultat på {result} så langt i {year}")
    | en("The service has a result of {result} so far in {year}"),
    "service.accounts.title.none": nb("Ingen bilag er ført på tjenesten i {year}")
    | en("No entries of the service are booked in {year}"),
    "service.accounts.subtitle": nb("Eget regnskap, {months}, uten mva. Bare for dem som kan se produktregnskapet.")
    | en("Its own accounts, {months}, without VAT. For those who may see the product accounts only."),
    "service.accounts.link": nb("Se hele produktregnskapet") | en("See the whole product accounts"),
    "service.accounts.not_in_release": nb("Utgave {release} har ikke produktregnskap.")
    | en("Release {release} has no product accounts."),
    "service.price.today": nb("Pris i dag") | en("Price today"),
    "service.price.words": nb("{element}; selvkostpris {self_cost} i {year}")
    | en("{element}; self-cost price {self_cost} in {year}"),
    "service.price.words.more": nb("{element}; selvkostpris {self_cost} i {year}; {n} priser til i tabellen")
    | en("{element}; self-cost price {self_cost} in {year}; {n} more prices in the table"),
    "service.price.none": nb("mangler: ingen pris er beregnet") | en("missing: no price is calculated"),
    "service.unknown.none": nb("Alt som siden viser, er kjent.") | en("All that the page shows is known."),
    "made.service.use": nb(
        "**Bruk**: forsendelser, eller det målet som teller mest (oppslag, meldinger, kontoer), summert for hele "
        "landet. Et mål som er et nivå, som kontoer, summeres ikke; da gjelder siste måned."
    )
    | en(
        "**Use**: dispatches, or the measure that counts most (look-ups, messages, accounts), summed over the country. "
        "A measure that is a level, as accounts, is not summed; the last month counts."
    ),
    "made.service.customers": nb(
        "**Kunde**: kommune, fylkeskommune eller annen virksomhet som har tatt et steg fra avtale til bruk. Dagen "
        "vedlegget ble signert, er den siste som er meldt; for lister uten dato er den senest da."
    )
    | en(
        "**Customer**: a municipality, county or other organisation that has taken a step from agreement to use. The "
        "day of the annex is the last reported; of lists without dates it is the latest it can be."
    ),
    "made.service.forecast": nb(
        "**Framskriving**: av den metoden som traff best da den ble prøvd på måneder som er kjent. Feilen er summen av "
        "avvikene delt på summen av de faktiske tallene, i måneder som ikke var med på å velge."
    )
    | en(
        "**Forecast**: by the method that did best when tried on months that are known. Its error is the sum of the "
        "errors over the sum of the actual figures, in months that took no part in choosing."
    ),
    "made.service.delivery": nb(
        "**Leveringstid**: fra forsendelsen ble laget til den først var levert. Bare leverte forsendelser teller. "
        "En måned er foreløpig til den er eldre enn 95 av 100 forsendelser tok før."
    )
    | en(
        "**Delivery time**: from a dispatch was made until it was first delivered. Only those delivered count. A "
        "month is provisional until it is older than 95 of 100 dispatches took before."
    ),
    "made.service.systems": nb(
        "**Fagsystem og leverandør**: som avsenderen oppgir dem, plassert av registeret «source_system»."
    )
    | en("**Source system and supplier**: as the sender states them, placed by the register “source_system”."),
    "made.service.price": nb("**Selvkostpris**: det prisen må være for at inntekten skal dekke kostnaden.")
    | en("**Self-cost price**: what the price must be for income to cover the cost."),
}
