"""What every page says: its frame, its states, its filters and files. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "app.title": nb("Fellestjenester i tall") | en("Shared services in numbers"),
    "overview.title": nb("Oversikt") | en("Overview"),
    "usage.title": nb("Bruk per kommune") | en("Use per municipality"),
    "service.title": nb("Tjeneste") | en("Service"),
    "accounts.title": nb("Produktregnskap") | en("Product accounts"),
    "mine.title": nb("Min organisasjon") | en("My organisation"),
    "data.title": nb("Datakvalitet og katalog") | en("Data quality and catalogue"),
    "definitions.title": nb("Definisjoner") | en("Definitions"),
    "about.title": nb("Om og tilgjengelighet") | en("About and accessibility"),
    "app.skip": nb("Hopp til innholdet") | en("Skip to the content"),
    "app.no_script": nb("Sidene trenger JavaScript.") | en("The pages need JavaScript."),
    "app.no_page.title": nb("Siden finnes ikke") | en("There is no such page"),
    "app.no_page": nb("Ingen side har denne adressen. Kanskje er lenken skrevet feil, eller en del av den mangler.")
    | en("No page has this address. The link may be misspelt, or a part of it may be missing."),
    "app.no_page.pages": nb("Sidene") | en("The pages"),
    "app.menu.overview": nb("Oversikt") | en("Overview"),
    "app.menu.usage": nb("Bruk") | en("Use"),
    "app.menu.uptake": nb("Utbredelse") | en("Uptake"),
    "app.menu.service": nb("Tjeneste") | en("Service"),
    "app.menu.accounts": nb("Produktregnskap") | en("Accounts"),
    "app.menu.mine": nb("Min organisasjon") | en("My organisation"),
    "app.menu.data": nb("Data") | en("Data"),
    "app.menu.definitions": nb("Definisjoner") | en("Definitions"),
    "app.menu.about": nb("Om") | en("About"),
    "app.other_language": nb("English") | en("Norsk"),
    "app.freshness.through": nb("Tall til og med {month}") | en("Numbers through {month}"),
    "app.freshness.service": nb("Sist observert for denne tjenesten: {month}")
    | en("Last observed for this service: {month}"),
    "app.freshness.updated": nb("Oppdatert {at}") | en("Updated {at}"),
    "app.freshness.checks": nb("Alle {passed} kontroller bestått") | en("All {passed} checks passed"),
    "app.freshness.checks_failed": nb("{failed} av {all} kontroller ikke bestått")
    | en("{failed} of {all} checks failed"),
    "app.freshness.release": nb("Utgave {release}") | en("Release {release}"),
    "app.synthetic": nb("syntetisk") | en("synthetic"),
    "app.synthetic.sentence": nb("Syntetiske tall.") | en("Synthetic numbers."),
    "app.contact.title": nb("Kontakt") | en("Contact"),
    "app.contact": nb("Spørsmål om tallene: {contact}") | en("Questions about the numbers: {contact}"),
    "app.contact.unset": nb("Kontaktpunkt er ikke satt.") | en("No contact point has been set."),
    "state.no_release.title": nb("Det finnes ingen utgave ennå") | en("There is no release yet"),
    "state.no_release": nb(
        "Tallene vises når den første utgaven er laget. Kjør `make run` i prosjektmappen, og last siden på nytt. "
        "Utgaver letes etter i `{folder}`."
    )
    | en(
        "The numbers show up when the first release has been made. Run `make run` in the project's folder, then reload "
        "this page. Releases are looked for in `{folder}`."
    ),
    "state.failed.title": nb("Siste oppdatering ble stoppet {at}") | en("The last update was stopped {at}"),
    "state.failed.checks": nb("Disse kontrollene sa nei: {checks}.") | en("These checks said no: {checks}."),
    "state.failed.other": nb("Årsak: {problem}") | en("Reason: {problem}"),
    "state.failed.touched": nb("Kontrollene gjelder tall på denne siden.")
    | en("The checks concern numbers on this page."),
    "state.failed.untouched": nb("Kontrollene gjelder ikke tall på denne siden.")
    | en("The checks do not concern numbers on this page."),
    "state.failed.stays": nb("Siden viser den siste godkjente utgaven, {release}.")
    | en("The page shows the last good release, {release}."),
    "state.failed.check": nb("{dataset}, {check} ({unexpected} avvik)")
    | en("{dataset}, {check} ({unexpected} unexpected)"),
    "state.stale.title": nb("Tallene er {age} gamle") | en("The numbers are {age} old"),
    "state.stale": nb("De skal oppdateres minst hver {hours}. time. Sist oppdatert {at}.")
    | en("They should be updated at least every {hours} hours. Last updated {at}."),
    "state.stale.days": nb("{n:dag|dager}") | en("{n:day|days}"),
    "state.stale.hours": nb("{n:time|timer}") | en("{n:hour|hours}"),
    "state.error.title": nb("Noe gikk galt hos oss") | en("Something went wrong on our side"),
    "state.error": nb("Siden kunne ikke vises. Prøv igjen om litt. Oppgi referansen `{reference}` hvis du melder fra.")
    | en("The page could not be shown. Try again in a while. Give the reference `{reference}` if you report it."),
    "state.synthetic.title": nb("Tallene er syntetiske") | en("The numbers are synthetic"),
    "state.synthetic": nb(
        "Tallene for {service} er laget av en simulator for å vise hvordan siden virker. De sier ingenting om "
        "virkelige kommuner."
    )
    | en(
        "The numbers of {service} were made by a simulator to show how the page works. They say nothing of real "
        "municipalities."
    ),
    "state.unknown.title": nb("Lenken ber om noe siden ikke har")
    | en("The link asks for something that the page does not have"),
    "state.unknown": nb("«{given}» er ikke et gyldig valg for {parameter}. Siden viser {shown}.")
    | en("“{given}” is not a valid choice of {parameter}. The page shows {shown}."),
    "state.unknown.near": nb("Mente du {near}?") | en("Did you mean {near}?"),
    "state.unknown.unobserved": nb("Ingen observerte tjenesten i {given}. Siden viser {shown}.")
    | en("Nobody observed the service in {given}. The page shows {shown}."),
    "state.unknown.nearest": nb("Nærmeste observerte måned er {near}.") | en("The nearest observed month is {near}."),
    "state.unknown.external": nb("{name} er andres produkt og vises bare til sammenligning. Siden viser {shown}.")
    | en("{name} is a product of others, shown for comparison only. The page shows {shown}."),
    "state.unknown.ended": nb("{given} er ikke en kommune lenger. Siden viser {shown}.")
    | en("{given} is no municipality any more. The page shows {shown}."),
    "state.unknown.ended.left_out": nb("{given} er ikke en kommune lenger, og er utelatt.")
    | en("{given} is no municipality any more, and is left out."),
    "state.unknown.left_out": nb("«{given}» er ikke et gyldig valg for {parameter}, og er utelatt.")
    | en("“{given}” is not a valid choice of {parameter}, and is left out."),
    "state.unknown.over": nb("Siden viser inntil {most} om gangen: {given} er utelatt.")
    | en("The page shows up to {most} at once: {given} is left out."),
    "state.unknown.successor": nb("Etterfølgeren er {near}.") | en("Its successor is {near}."),
    "state.empty.title": nb("Ingen tall for {service} i {area}") | en("No numbers of {service} in {area}"),
    "state.empty.service": nb(
        "Ingen kilde har meldt når kommunene tok tjenesten i bruk. Det betyr ikke at den ikke er i bruk."
    )
    | en("No source has reported when municipalities took the service up. It does not mean that it is not used."),
    "state.empty.area": nb("Tjenesten er observert, men ikke i dette området.")
    | en("The service is observed, but not in this area."),
    "state.empty.service_link": nb("Nærmeste med tall: [{name}]({link})")
    | en("Nearest with numbers: [{name}]({link})"),
    "state.empty.area_link": nb("Se [hele landet]({link})") | en("See [the whole country]({link})"),
    "state.older_release.title": nb("Dette er en eldre utgave") | en("This is an older release"),
    "state.older_release": nb("Lenken viser utgave {release}. [Vis den nyeste, {newest}]({link}).")
    | en("The link shows release {release}. [Show the newest, {newest}]({link})."),
    "state.release_too_old.title": nb("Utgaven har ikke disse tallene") | en("The release does not have these numbers"),
    "state.release_too_old": nb(
        "Utgaven er laget før siden fikk tallene den spør om. [Vis den nyeste utgaven]({link})."
    )
    | en("The release was made before the page had the numbers it asks for. [Show the newest release]({link})."),
    "state.lacking": nb("Utgave {release} er laget før disse tallene ble en del av utgavene.")
    | en("Release {release} was made before these numbers became a part of releases."),
    "state.lacking.older": nb("[Vis den nyeste utgaven]({link}).") | en("[Show the newest release]({link})."),
    "state.lacking.newest": nb("Den er den nyeste utgaven; neste utgave har dem med.")
    | en("It is the newest release; the next one has them."),
    "state.release_gone.title": nb("Utgaven er ikke lenger der") | en("The release is no longer there"),
    "state.damaged.title": nb("Den nyeste utgaven kan ikke leses") | en("The newest release cannot be read"),
    "state.damaged": nb("Siden viser den siste hele utgaven, {release}. Si fra til dem som driver løsningen.")
    | en("The page shows the last whole release, {release}. Tell those who run it."),
    "state.attempt_unread.title": nb("Det er ukjent hvordan siste oppdatering gikk")
    | en("It is not known how the last update went"),
    "state.attempt_unread": nb(
        "Tallene er fra utgaven under. Det kan finnes nyere tall som ikke er tatt med. Si fra til dem som driver "
        "løsningen."
    )
    | en("The numbers are of the release below, but there may be newer ones left out. Tell those who run it."),
    "state.release_gone": nb("Den ble ryddet bort mens siden var åpen. [Vis den nyeste utgaven]({link}).")
    | en("It was cleared away while the page was open. [Show the newest release]({link})."),
    "state.no_ledgers": nb("Denne utgaven har ikke produktregnskap.") | en("This release has no product accounts."),
    "figures.title": nb("Nøkkeltall") | en("Key figures"),
    "figures.definition": nb("Slik er nøkkeltallene definert") | en("How the key figures are defined"),
    "table.open": nb("Vis som tabell, og last ned") | en("Show as a table, and download"),
    "table.caption": nb("Tallene i diagrammet") | en("The numbers in the chart"),
    "table.region": nb("Tabell som kan rulles") | en("Scrollable table"),
    "table.cut": nb("Viser de første {shown} av {all} rader. Filene har alle.")
    | en("Shows the first {shown} of {all} rows. The files have them all."),
    "table.paper": nb("På papir står de første {shown} av {all} rader. Skjermen og filene har flere.")
    | en("On paper are the first {shown} of {all} rows. The screen and the files have more."),
    "app.share": nb("Lenke til akkurat denne visningen, i utgave {release}")
    | en("Link to exactly this view, in release {release}"),
    "filter.tjeneste": nb("Tjeneste") | en("Service"),
    "filter.omrade": nb("Område") | en("Area"),
    "filter.maned": nb("Måned") | en("Month"),
    "filter.many.none": nb("Velg inntil {n}") | en("Choose up to {n}"),
    "filter.kart": nb("Kart") | en("Map"),
    "filter.kartmaned": nb("Måned på kartet") | en("Month on the map"),
    "filter.utgave": nb("Utgave") | en("Release"),
    "filter.lang": nb("Språk") | en("Language"),
    "filter.maned.help": nb("Bare måneder noen observerte. Andre måneder mangler; de er ikke null.")
    | en("Only months that somebody observed. Others are missing, not zero."),
    "filter.no_numbers": nb("{name} (ingen tall)") | en("{name} (no numbers)"),
    "filter.synthetic": nb("{name} (syntetisk)") | en("{name} (synthetic)"),
    "area.country": nb("Hele landet") | en("The whole country"),
    "area.network": nb("Nettverk: {name}") | en("Network: {name}"),
    "area.county": nb("Fylke: {name}") | en("County: {name}"),
    "area.in.country": nb("hele landet") | en("the whole country"),
    "municipality.one": nb("kommune") | en("municipality"),
    "municipality.many": nb("kommuner") | en("municipalities"),
    "column.municipality": nb("Kommune") | en("Municipality"),
    "column.municipality_code": nb("Kommunenummer") | en("Municipality code"),
    "column.step": nb("Kommet til") | en("Step so far"),
    "column.no_delivery_since": nb("Mangler levering siden") | en("No delivery since"),
    "column.synthetic": nb("Syntetisk") | en("Synthetic"),
    "column.service": nb("Tjeneste") | en("Service"),
    "column.month": nb("Måned") | en("Month"),
    "column.release": nb("Utgave") | en("Release"),
    "value.yes": nb("ja") | en("yes"),
    "value.no": nb("nei") | en("no"),
    "value.unregistered": nb("ikke registrert") | en("not registered"),
    "value.more": nb("{n} til") | en("{n} more"),
    "download.title": nb("Last ned listen") | en("Download the list"),
    "download.xlsx": nb("Excel (XLSX)") | en("Excel (XLSX)"),
    "download.csv": nb("CSV for norsk Excel") | en("CSV (semicolon)"),
    "download.parquet": nb("Parquet") | en("Parquet"),
    "download.sql": nb("Spørringen (SQL)") | en("The query (SQL)"),
    "download.sheet": nb("Ringeliste") | en("Call list"),
    "download.table": nb("Tabell") | en("Table"),
    "download.about": nb("Om tallene") | en("About"),
    "made.title": nb("Slik er tallene laget") | en("How the numbers are made"),
    "made.open": nb("Definisjoner, kilder, forbehold og revisjoner") | en("Definitions, sources, limits and revisions"),
    "made.definition.title": nb("Definisjoner") | en("Definitions"),
    "made.source.title": nb("Kilde") | en("Source"),
    "made.limits.title": nb("Forbehold") | en("Limits"),
    "made.revisions.title": nb("Revisjoner") | en("Revisions"),
    "made.revisions": nb(
        "En utgave endres aldri. Rettelser kommer i neste utgave, som får nytt nummer; denne siden viser {release}."
    )
    | en(
        "A release never changes. Corrections come in the next release, which has a new number; this page shows "
        "{release}."
    ),
    "column.age_months": nb("Måneder siden lansering") | en("Months since launch"),
    "column.name": nb("Navn") | en("Name"),
    "column.launch_known": nb("Lansering kjent") | en("Launch known"),
    "column.run": nb("Sammenhengende måneder, nummer") | en("Run of months, number"),
    "column.is_last": nb("Siste måned") | en("Last month"),
    "column.networks": nb("Nettverk") | en("Networks"),
    "column.observed": nb("Observert") | en("Observed"),
    "column.standing": nb("Steg") | en("Step"),
    "column.since": nb("Siden måned") | en("Since month"),
    "column.no_later": nb("Siden senest") | en("Since at the latest"),
    "column.first_month": nb("Første måned") | en("First month"),
    "column.last_month": nb("Siste måned") | en("Last month"),
    # columns and values that several pages show
    "column.organisation": nb("Virksomhet") | en("Organisation"),
    "column.service_name": nb("Tjeneste") | en("Service"),
    "column.municipalities": nb("Kommuner") | en("Municipalities"),
    "column.accounts": nb("Kontoer") | en("Accounts"),
    "column.months_known": nb("Måneder med tall") | en("Months with numbers"),
}
