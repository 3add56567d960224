"""What the page about use says. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    # filters
    "filter.kommune": nb("Kommune") | en("Municipality"),
    "filter.maal": nb("Telles i") | en("Counted in"),
    "filter.kanal": nb("Kanal") | en("Channel"),
    "filter.gruppe": nb("Sammenlikn med") | en("Compare with"),
    "filter.sammenlign": nb("Egne valg") | en("Your own choice"),
    "filter.grenser": nb("Kommunegrenser") | en("Municipal borders"),
    "filter.perioder": nb("Periode") | en("Period"),
    "usage.borders.naa": nb("Nå") | en("Now"),
    "usage.borders.da": nb("Da") | en("Then"),
    "usage.periods": nb("{n} måneder") | en("{n} months"),
    "usage.country": nb("Hele landet") | en("The whole country"),
    "usage.channel.": nb("Alle kanaler") | en("All channels"),
    "usage.channel.SVARINN": nb("SvarInn") | en("SvarInn"),
    "usage.channel.SDP": nb("Digital postkasse") | en("Digital mailbox"),
    "usage.channel.ALTINN": nb("Altinn") | en("Altinn"),
    "usage.channel.NHN": nb("Helsenettet") | en("The health network"),
    "usage.channel.PRINT": nb("Papir") | en("Paper"),
    "usage.channel.UNKNOWN": nb("Ikke kjent") | en("Not known"),
    "usage.channel.in.SVARINN": nb(" gjennom SvarInn") | en(" through SvarInn"),
    "usage.channel.in.SDP": nb(" til digital postkasse") | en(" to digital mailboxes"),
    "usage.channel.in.ALTINN": nb(" til Altinn") | en(" to Altinn"),
    "usage.channel.in.NHN": nb(" på Helsenettet") | en(" on the health network"),
    "usage.channel.in.PRINT": nb(" på papir") | en(" on paper"),
    "usage.channel.in.UNKNOWN": nb(" uten kjent kanal") | en(" with no known channel"),
    "usage.group.SIMILAR": nb("De {n} mest like") | en("The {n} most alike"),
    "usage.group.COUNTY": nb("Fylket: {name}") | en("County: {name}"),
    "usage.group.NETWORK": nb("Nettverket: {name}") | en("Network: {name}"),
    "usage.group.COUNTRY": nb("Landet uten Oslo") | en("The country without Oslo"),
    "usage.group.in.SIMILAR": nb("de {n} mest like kommunene") | en("the {n} most similar municipalities"),
    "usage.group.in.COUNTY": nb("de andre kommunene i {name}") | en("the other municipalities of {name}"),
    "usage.group.in.NETWORK": nb("de andre kommunene i {name}") | en("the other municipalities of {name}"),
    "usage.group.in.COUNTRY": nb("landet uten Oslo") | en("the country without Oslo"),
    # the answer
    "usage.dispatches": nb("forsendelser") | en("dispatches"),
    "usage.answer.sent": nb("{name} sendte {n} {what} med {service} i {month}.")
    | en("{name} sent {n} {what} with {service} in {month}."),
    "usage.answer.sent.rate": nb("{name} sendte {n} {what} med {service} i {month}, {rate} per 1\u00a0000 innbyggere.")
    | en("{name} sent {n} {what} with {service} in {month}, {rate} per 1,000 inhabitants."),
    "usage.answer.measured": nb("{name} hadde {n} {what} med {service} i {month}.")
    | en("{name} had {n} {what} with {service} in {month}."),
    "usage.answer.measured.rate": nb(
        "{name} hadde {n} {what} med {service} i {month}, {rate} per 1\u00a0000 innbyggere."
    )
    | en("{name} had {n} {what} with {service} in {month}, {rate} per 1,000 inhabitants."),
    "usage.answer.country": nb("{municipalities} {noun} sendte {n} {what} med {service} i {month}.")
    | en("{municipalities} {noun} sent {n} {what} with {service} in {month}."),
    "usage.answer.country.median": nb("Medianen er {median} per 1\u00a0000 innbyggere.")
    | en("The median is {median} per 1,000 inhabitants."),
    "usage.answer.none": nb("Ingen har meldt {what} i {service} fra {name} i {month}. Det er et hull, ikke null.")
    | en("Nobody has reported {what} of {service} from {name} in {month}. That is a gap, not zero."),
    "usage.answer.last": nb("Siste måned med tall er {month}.") | en("The last month with numbers is {month}."),
    "usage.answer.hidden.PROTECTED": nb(
        "{name} brukte {service} i {month}, men antallet {what} er skjult av hensyn til personvernet."
    )
    | en("{name} used {service} in {month}, but how many {what} is hidden for privacy."),
    "usage.answer.hidden.NOT_SETTLED": nb(
        "{name} brukte {service} i {month}; antallet {what} vises sju virkedager etter måneden."
    )
    | en("{name} used {service} in {month}; how many {what} is shown seven working days after the month."),
    "usage.answer.compared": nb("Det er {what}.") | en("That is {what}."),
    "usage.answer.incomplete": nb("Tallet kan være for lavt: minst én ventet levering mangler.")
    | en("The number may be too low: at least one expected delivery is missing."),
    "usage.above": nb("over medianen på {median} for {group}") | en("above the median of {median} for {group}"),
    "usage.below": nb("under medianen på {median} for {group}") | en("below the median of {median} for {group}"),
    "usage.at": nb("likt med medianen på {median} for {group}") | en("the same as the median of {median} for {group}"),
    "usage.than": nb("{change} enn i {month}") | en("{change} than in {month}"),
    "usage.more": nb("{part} mer") | en("{part} more"),
    "usage.less": nb("{part} mindre") | en("{part} less"),
    "usage.same": nb("verken mer eller mindre") | en("neither more nor less"),
    # key figures
    "usage.figure.sent": nb("{what} i {month}") | en("{what} in {month}"),
    "usage.figure.no_year": nb("Ikke tall for samme måned året før.")
    | en("No numbers for the same month of the year before."),
    "usage.figure.gap": nb("Ingen har meldt tall: et hull, ikke null.")
    | en("Nobody has reported numbers: a gap, not zero."),
    "usage.figure.rate": nb("Per 1\u00a0000 innbyggere") | en("Per 1,000 inhabitants"),
    "usage.figure.channel_only": nb("Bare valgt kanal; medianen finnes for alle kanaler samlet.")
    | en("The chosen channel only; the median is of all channels together."),
    "usage.figure.group": nb("Median {median} for {group}; {n} av {members} har tall.")
    | en("Median {median} for {group}; {n} of {members} {n:=has|have} numbers."),
    "usage.figure.group.hidden": nb("{n} er skjult.") | en("{n:is|are} hidden."),
    "usage.figure.no_group": nb("Sammenlikning finnes bare på dagens kommunegrenser.")
    | en("Comparison is on the borders of now only."),
    "usage.figure.no_median": nb("For få har tall til en median for {group}.")
    | en("Too few have numbers for a median of {group}."),
    "usage.figure.no_median.because": nb("Ingen median for {group}: {why}.") | en("No median of {group}: {why}."),
    "usage.figure.no_median.country": nb("Ingen median: {why}.") | en("No median: {why}."),
    "usage.median.FEW_MEMBERS": nb("gruppen har færre enn tre andre kommuner")
    | en("the group has fewer than three other municipalities"),
    "usage.median.NOT_MEASURED": nb("ingen har meldt tall fra de andre i gruppen")
    | en("nobody has reported numbers from the others of the group"),
    "usage.median.FEW_FIGURES": nb("færre enn tre av de andre har tall")
    | en("fewer than three of the others have numbers"),
    "usage.median.PROTECTED": nb("for mange av tallene er skjult av hensyn til personvernet")
    | en("too many of the numbers are hidden for privacy"),
    "usage.median.NOT_SETTLED": nb("tallene vises sju virkedager etter måneden")
    | en("the numbers are shown seven working days after the month"),
    "usage.median.NO_INHABITANTS": nb("innbyggertallet mangler") | en("the number of inhabitants is missing"),
    "usage.figure.median": nb("Median per 1\u00a0000 innbyggere") | en("Median per 1,000 inhabitants"),
    "usage.figure.quartiles": nb("Halvparten av kommunene ligger mellom {q1} og {q3}. Landet uten Oslo.")
    | en("Half of the municipalities are between {q1} and {q3}. The country without Oslo."),
    "usage.figure.no_quartiles": nb("Landet uten Oslo. Færre enn fem kommuner har tall.")
    | en("The country without Oslo. Fewer than five municipalities have numbers."),
    "usage.figure.municipalities": nb("Kommuner som sendte") | en("Municipalities that sent"),
    "usage.figure.municipalities.measured": nb("Kommuner med tall") | en("Municipalities with numbers"),
    "usage.figure.municipalities.words": nb("med {service} i {month}") | en("with {service} in {month}"),
    "usage.figure.digital": nb("Digital andel") | en("Digital share"),
    "usage.provisional": nb("foreløpig") | en("provisional"),
    "usage.figure.print": nb("Papir kostet") | en("Paper cost"),
    "usage.figure.print.words": nb("på {n:måned|måneder}, for {sheets} ark; {part} av forsendelsene gikk på papir")
    | en("in {n:month|months}, for {sheets:sheet|sheets}; {part} of the dispatches went on paper"),
    "usage.figure.year": nb("Siste tolv måneder") | en("Last twelve months"),
    "usage.figure.year.words": nb("{n} av 12 måneder har tall") | en("{n} of 12 months {n:=has|have} numbers"),
    "usage.figure.products": nb("Tjenester med bruk") | en("Services with use"),
    "usage.figure.products.words": nb("{n} i {month}") | en("{n} in {month}"),
    # states
    "usage.old.title": nb("Utgaven har ikke tall per kommune") | en("The release has no numbers per municipality"),
    "usage.old.lacks": nb("Utgave {release} er laget før den fikk tallene siden trenger: {datasets}.")
    | en("Release {release} was made before it had the numbers that the page needs: {datasets}."),
    "usage.old.none": nb("Utgave {release} har ingen bruk: ingen kilde har levert tall.")
    | en("Release {release} has no use: no source has delivered numbers."),
    "usage.ended.link": nb("Vis {name}") | en("Show {name}"),
    "usage.empty.title": nb("Ingen tall for {service} i {name}") | en("No numbers of {service} for {name}"),
    "usage.empty.title.measured": nb("Ingen {what} i {service} fra {name}") | en("No {what} of {service} from {name}"),
    "usage.empty.nobody": nb("Ingen melder bruk av denne tjenesten. Det betyr ikke at den ikke er i bruk.")
    | en("Nobody reports use of this service. It does not mean that it is not used."),
    "usage.empty.municipality": nb(
        "Andre kommuner har tall, men ingen har meldt bruk fra {name} mellom {first} og {last}. Det kan bety at "
        "tjenesten ikke er i bruk her, eller at ingen melder det."
    )
    | en(
        "Other municipalities have numbers, but nobody has reported use from {name} between {first} and {last}. It may "
        "be that the service is not used here, or that nobody reports it."
    ),
    "usage.empty.measured": nb(
        "Andre kommuner har tall, men ingen har meldt {what} fra {name} mellom {first} og {last}. Det kan bety at det "
        "ikke finnes noen her, eller at ingen melder det."
    )
    | en(
        "Other municipalities have numbers, but nobody has reported {what} from {name} between {first} and {last}. It "
        "may be that there are none here, or that nobody reports it."
    ),
    "usage.empty.then": nb(
        "På datidens grenser gjelder nummeret {code} bare i den tiden det var i bruk. [Vis dagens grenser]({link})."
    )
    | en("On the borders of then the code {code} holds only while it was in force. [Show the borders of now]({link})."),
    "usage.empty.near": nb("Nærmeste med tall: {links}.") | en("The nearest with numbers: {links}."),
    "usage.gaps.title": nb("Leveringer mangler") | en("Deliveries are missing"),
    "usage.gaps": nb(
        "Ventede leveringer fra {name} mangler i {months} (siste {day}). Tallene for de månedene kan være for lave; "
        "hull er ikke null bruk."
    )
    | en(
        "Expected deliveries from {name} are missing in {months} (the latest {day}). The numbers of those months may "
        "be too low; a gap is not zero use."
    ),
    "usage.gaps.country": nb("Ventede leveringer mangler fra inntil {n} {noun} i {months}. Tallene kan være for lave.")
    | en("Expected deliveries are missing from up to {n} {noun} in {months}. The numbers may be too low."),
    # trend
    "usage.who": nb("Hvem") | en("Who"),
    "usage.median": nb("Median") | en("Median"),
    "usage.axis.rate": nb("Per 1\u00a0000 innbyggere") | en("Per 1,000 inhabitants"),
    "usage.axis.digital": nb("Digital andel") | en("Digital share"),
    "usage.axis.sent": nb("Forsendelser") | en("Dispatches"),
    "usage.axis.measured": nb("Antall") | en("Number"),
    "usage.axis.kroner": nb("Kroner") | en("Kroner"),
    "usage.trend.title": nb("{name} lå over medianen i {above} av {n:måned|måneder}")
    | en("{name} was above the median in {above} of {n:month|months}"),
    "usage.trend.title.never": nb("{name} lå ikke over medianen i noen av {n:måned|måneder}")
    | en("{name} was above the median in none of {n:month|months}"),
    "usage.trend.title.plain": nb("{what} med {service}, måned for måned")
    | en("{what} with {service}, month by month"),
    "usage.trend.title.change": nb("{what} med {service}: {change} enn i {month}")
    | en("{what} with {service}: {change} than in {month}"),
    "usage.trend.title.country": nb("Medianen er {now} per 1\u00a0000 innbyggere, mot {then} i {month}")
    | en("The median is {now} per 1,000 inhabitants, against {then} in {month}"),
    "usage.trend.subtitle": nb("{what} per 1\u00a0000 innbyggere, {service}, {first}–{last}, {name}.")
    | en("{what} per 1,000 inhabitants, {service}, {first}–{last}, {name}."),
    "usage.trend.subtitle.count": nb("Antall {what}, {service}, {first}–{last}, {name}.")
    | en("Number of {what}, {service}, {first}–{last}, {name}."),
    "usage.trend.band": nb("Båndet er den midterste halvparten av {group}, den stiplede linjen medianen.")
    | en("The band is the middle half of {group}, the dashed line their median."),
    "usage.trend.band.country": nb("Båndet er den midterste halvparten av kommunene.")
    | en("The band is the middle half of the municipalities."),
    "usage.trend.median": nb("Den stiplede linjen er medianen; båndet krever fem kommuner med tall.")
    | en("The dashed line is the median; the band wants five municipalities with numbers."),
    "usage.trend.channel": nb("Medianen og båndet finnes bare for alle kanaler samlet.")
    | en("The median and the band are of all channels together only."),
    "usage.trend.then": nb(
        "På datidens grenser finnes ingen grupper. Innbyggertall mangler der nummeret ikke lar seg "
        "føre én til én til dagens."
    )
    | en(
        "On the borders of then there are no groups. Inhabitants are missing where the code does not match one of now."
    ),
    "usage.trend.empty": nb("{n:måned|måneder} i perioden har ingen tall (..): {n:=den|de} mangler, og er ikke null.")
    | en("{n:month|months} of the period {n:=has|have} no numbers (..): {n:=it is|they are} missing, not zero."),
    "usage.trend.hidden": nb("{n} {months} uten tall (:): {why}.") | en("{n} {months} without numbers (:): {why}."),
    "usage.trend.no_median": nb("{n} {months} uten median: {why}.") | en("{n} {months} without a median: {why}."),
    "usage.trend.unsure": nb("Åpen prikk: tallet kan bli endret.") | en("Open dot: the number may change."),
    "usage.trend.words": nb("{name}, {axis}: {first} i {first_month}, {last} i {last_month}.")
    | en("{name}, {axis}: {first} in {first_month}, {last} in {last_month}."),
    "usage.trend.words.median": nb("Medianen i gruppen er {median}.") | en("The group's median is {median}."),
    "usage.trend.words.none": nb("Ingen tall i perioden.") | en("No numbers in the period."),
    "usage.service.one": nb("tjeneste") | en("service"),
    "usage.service.many": nb("tjenester") | en("services"),
    "usage.system.one": nb("fagsystem") | en("source system"),
    "usage.system.many": nb("fagsystemer") | en("source systems"),
    "usage.month.one": nb("måned") | en("month"),
    "usage.month.many": nb("måneder") | en("months"),
    "usage.estimated": nb("Anslått for {first} til {last}: en kommune som ble delt, er fordelt etter oppgitte vekter.")
    | en("Estimated for {first} to {last}: a municipality that was split follows declared weights."),
    # strip
    "usage.strip.title": nb("{name} er nummer {rank} av {n} i {month}")
    | en("{name} is number {rank} of {n} in {month}"),
    "usage.strip.title.missing": nb("{name} har ingen tall i {month}") | en("{name} has no numbers in {month}"),
    "usage.strip.title.hidden": nb("Tallet for {name} er skjult i {month}")
    | en("The number of {name} is hidden in {month}"),
    "usage.strip.title.country": nb("Kommunene spenner fra {least} til {most} per 1\u00a0000 innbyggere")
    | en("Municipalities range from {least} to {most} per 1,000 inhabitants"),
    "usage.strip.title.none": nb("Ingen kommuner har tall i måneden") | en("No municipality has numbers in the month"),
    "usage.strip.subtitle": nb("{what} per 1\u00a0000 innbyggere, {service}, {month}, {group}. Én prikk er én kommune.")
    | en("{what} per 1,000 inhabitants, {service}, {month}, {group}. One dot is one municipality."),
    "usage.strip.missing": nb("Uten tall, og ikke med: {names}.") | en("Left out, without numbers: {names}."),
    "usage.strip.hidden": nb("{n} er skjult av hensyn til personvernet: {names}.")
    | en("{n:is|are} hidden for privacy: {names}."),
    "usage.strip.words": nb("{n:kommune|kommuner}, fra {least} ({least_name}) til {most} ({most_name}).")
    | en("{n:municipality|municipalities}, from {least} ({least_name}) to {most} ({most_name})."),
    "usage.strip.title.then": nb("Sammenlikning med andre") | en("Comparison with others"),
    "usage.strip.none": nb("Sammenlikningen er på dagens grenser. [Vis dagens grenser]({link}).")
    | en("The comparison is on the borders of now. [Show the borders of now]({link})."),
    "usage.all_municipalities": nb("alle kommuner") | en("all municipalities"),
    # digital and paper
    "usage.digital.title": nb("{part} ble levert digitalt; medianen er {median}")
    | en("{part} were delivered digitally; the median is {median}"),
    "usage.digital.title.alone": nb("{part} ble levert digitalt") | en("{part} were delivered digitally"),
    "usage.digital.title.none": nb("Digital andel") | en("Digital share"),
    "usage.digital.title.country": nb("Medianen er at {part} blir levert digitalt")
    | en("The median is that {part} are delivered digitally"),
    "usage.digital.subtitle": nb(
        "Andel av leverte forsendelser som ikke gikk på papir, {service}, alle kanaler, {name}."
    )
    | en("Share of delivered dispatches that did not go on paper, {service}, all channels, {name}."),
    "usage.digital.provisional": nb("Foreløpig for {months}: brev som ingen leser digitalt, kan ennå gå på papir.")
    | en("Provisional for {months}: letters that nobody reads digitally may still go on paper."),
    "usage.print.title": nb("Papir kostet {cost} på {n:måned|måneder}") | en("Paper cost {cost} in {n:month|months}"),
    "usage.print.title.none": nb("Hva papir kostet") | en("What paper cost"),
    "usage.print.title.nothing": nb("Ingenting gikk på papir på {n:måned|måneder}")
    | en("Nothing went on paper in {n:month|months}"),
    "usage.print.subtitle.nothing": nb("{service}, {name}: papir og porto kostet ingenting.")
    | en("{service}, {name}: paper and postage cost nothing."),
    "usage.print.subtitle": nb(
        "Kroner uten merverdiavgift per måned, {service}, {name}. {part} av forsendelsene på {n:måned|måneder} gikk på "
        "papir, på {sheets} ark: produksjon {production} og porto {postage}."
    )
    | en(
        "Kroner without value added tax a month, {service}, {name}. {part} of the dispatches of {n:month|months} "
        "went on "
        "paper, on {sheets:sheet|sheets}: production {production} and postage {postage}."
    ),
    "usage.print.whose": nb("Det er avsenderens egen kostnad, og står ikke i produktregnskapet.")
    | en("It is the sender's own cost, and stands in no product accounts."),
    "usage.print.production": nb("Produksjon") | en("Production"),
    "usage.print.postage": nb("Porto") | en("Postage"),
    "usage.print.what": nb("Hva") | en("What"),
    "usage.print.sheets": nb("Ark") | en("Sheets"),
    # channels
    "usage.channels.title": nb("{channel} er største kanal, med {part}")
    | en("{channel} is the largest channel, with {part}"),
    "usage.channels.title.unknown": nb("Kanalen er ikke kjent for {part} av forsendelsene")
    | en("The channel is not known for {part} of the dispatches"),
    "usage.channels.title.untold": nb("Ingen kilde sier hvilken kanal forsendelsene gikk i")
    | en("No source tells which channel the dispatches took"),
    "usage.channels.title.none": nb("Kanaler") | en("Channels"),
    "usage.channels.subtitle": nb("Forsendelser per kanal, {service}, siste {n:måned|måneder} med tall, {name}.")
    | en("Dispatches by channel, {service}, the last {n:month|months} with numbers, {name}."),
    "usage.channels.label": nb("{n} ({part})") | en("{n} ({part})"),
    "usage.channels.words": nb("Forsendelser per kanal: {channels}.") | en("Dispatches by channel: {channels}."),
    # products
    "usage.products.title": nb("{name} bruker {n} {noun} som blir målt") | en("{name} uses {n} measured {noun}"),
    "usage.products.title.country": nb("{n} {noun} har målt bruk i landet")
    | en("Measured use of {n} {noun} in the country"),
    "usage.products.subtitle": nb(
        "Måned for måned, {first}–{last}, {name}. Hvert lille diagram har sin egen skala fra null. "
        "Tallet er {month}, sammenliknet med samme måned året før."
    )
    | en(
        "Month by month, {first}–{last}, {name}. Each small chart has a scale of its own from zero. "
        "The number is of {month}, compared with the same month of the year before."
    ),
    "usage.products.country": nb("Forsendelser er kommunenes; annet er alle virksomheters.")
    | en("Dispatches are those of municipalities; the rest is of all organisations."),
    "usage.products.none": nb(
        "Her melder ingen bruk av {n:annen tjeneste|andre tjenester}; det betyr ikke at {n:=den|de} ikke er i bruk."
    )
    | en("Nobody reports use of {n:other service|other services} here; it does not mean {n:=it is|they are} not used."),
    "usage.products.table": nb("Vis tallene som tabell, og last ned") | en("Show the numbers as a table, and download"),
    "usage.card.change": nb("{change} enn året før") | en("{change} than the year before"),
    "usage.card.same": nb("som året før") | en("as the year before"),
    "usage.card.none": nb("ingen har meldt tall") | en("nobody has reported numbers"),
    "usage.hidden.PROTECTED": nb("skjult av hensyn til personvernet") | en("hidden for privacy"),
    "usage.hidden.NOT_SETTLED": nb("vises sju virkedager etter måneden")
    | en("shown seven working days after the month"),
    "usage.changed": nb("Mest endret på ett år: {what}.") | en("Changed most in a year: {what}."),
    "usage.changed.up": nb("{name} opp {part} ({what})") | en("{name} up {part} ({what})"),
    "usage.changed.down": nb("{name} ned {part} ({what})") | en("{name} down {part} ({what})"),
    "usage.changed.none": nb("Ingenting er endret på ett år.") | en("Nothing has changed in a year."),
    "usage.changed.unknown": nb("Endring kan ikke vises: ingen tall for {month}.")
    | en("Change cannot be shown: no numbers for {month}."),
    # choosing a municipality
    "usage.choose.title": nb("Velg en kommune") | en("Choose a municipality"),
    "usage.choose.subtitle": nb("{what} med {service} i {month}. Flest per innbygger først.")
    | en("{what} with {service} in {month}. The most per inhabitant first."),
    "usage.choose.then": nb("Velg kommune i filteret øverst, eller vis dagens grenser for å se alle.")
    | en("Choose a municipality in the filter above, or show the borders of now to see all."),
    "usage.choose.caption": nb("Kommune for kommune: {what} i måneden")
    | en("Municipality by municipality: {what} in the month"),
    # connections
    "usage.connections.title": nb("{n} {noun} sendte med {service}") | en("{n} {noun} sent with {service}"),
    "usage.connections.title.most": nb("{n} {noun} sendte med {service}; {system} sto for {part}")
    | en("{n} {noun} sent with {service}; {system} was {part}"),
    "usage.connections.title.none": nb("Fagsystemer og leverandører for {service}")
    | en("Source systems and suppliers of {service}"),
    "usage.connections.subtitle": nb(
        "Forsendelser per fagsystem og leverandør, {name}, tolv måneder til og med {month}."
    )
    | en("Dispatches by source system and supplier, {name}, twelve months through {month}."),
    "usage.connections.hidden": nb("`:` er skjult av hensyn til personvernet: et lite tall kunne ellers regnes ut.")
    | en("`:` is hidden for privacy: a small number could be worked out otherwise."),
    "usage.connections.closed": nb(
        "Fagsystemer og leverandører vises for egen organisasjon, for nettverk som kommunen er med i, og for DIF."
    )
    | en(
        "Source systems and suppliers are shown to one's own organisation, to networks of the municipality, and to DIF."
    ),
    "usage.connections.none": nb("Ingen tilknytninger er sett de siste tolv månedene.")
    | en("No connection was seen in the last twelve months."),
    "usage.connections.measured": nb("Fagsystem er bare kjent for forsendelser, ikke for annen bruk.")
    | en("Source systems are known for dispatches only, not for other use."),
    "usage.connections.caption": nb("Fagsystemer og leverandører") | en("Source systems and suppliers"),
    "usage.connections.system": nb("Fagsystem") | en("Source system"),
    "usage.connections.month": nb("I måneden") | en("In the month"),
    "usage.connections.not_stated": nb("Ikke oppgitt, eller skjermet") | en("Not stated, or shielded"),
    "usage.mapping.UNMAPPED": nb("ikke i registeret") | en("not in the register"),
    "column.supplier": nb("Leverandør") | en("Supplier"),
    "column.failed": nb("Feilet") | en("Failed"),
    "column.twelve_months": nb("Tolv måneder") | en("Twelve months"),
    "column.last_seen": nb("Sist sett") | en("Last seen"),
    "column.year_before": nb("Året før") | en("The year before"),
    "column.all_channels": nb("Alle kanaler") | en("All channels"),
    "column.printed": nb("På papir") | en("On paper"),
    "column.own": nb("Denne kommunen") | en("This municipality"),
    "column.chosen": nb("Eget valg") | en("Own choice"),
    "column.n": nb("Har tall") | en("Have numbers"),
    "column.n_hidden": nb("Skjult") | en("Hidden"),
    "column.per_1000_inhabitants": nb("Per 1\u00a0000 innbyggere") | en("Per 1,000 inhabitants"),
    "column.per_1000_inhabitants_hidden": nb("Skjult fordi") | en("Hidden because"),
    "column.title_nb": nb("Mål") | en("Measure (Norwegian)"),
    "column.title_en": nb("Mål (engelsk)") | en("Measure"),
    "column.kind": nb("Slag") | en("Kind"),
    # how the numbers are made
    "usage.made.dispatches": nb(
        "**Forsendelser**: antall etter dagen de ble opprettet, norsk tid, uansett om de kom fram. "
        "Per 1\u00a0000 innbyggere: delt på innbyggerne 1. januar i året."
    )
    | en(
        "**Dispatches**: by the day they were created, Norwegian time, whether they arrived or not. "
        "Per 1,000 inhabitants: over the inhabitants of 1 January of the year."
    ),
    "usage.made.groups": nb(
        "**Grupper**: de mest like er de ti nærmeste i innbyggere og i innbyggere innen 50 km fra kommunens midtpunkt. "
        "Kommunen selv er ikke med i gruppen. Median vises fra tre kommuner, båndet (kvartilene) fra fem. "
        "De som ingen har meldt tall fra i måneden, er utelatt, ikke regnet som null. "
        "Skjulte tall er også utelatt. De er for det meste små, så medianen er heller for høy enn for lav. "
        "Der flere er skjult enn vist, er det ingen median."
    )
    | en(
        "**Groups**: the most alike are the ten nearest in inhabitants and in inhabitants within 50 km of the "
        "municipality's centre. The municipality itself is not in the group. A median is shown from three, the band "
        "(quartiles) from five. Those that nobody reported in the month are left out, not taken for zero. "
        "Hidden numbers are left out too. They are mostly small, so the median is rather too high than too low. "
        "Where more are hidden than shown, there is no median."
    ),
    "usage.made.digital": nb(
        "**Digital andel**: andel av leverte forsendelser som ikke gikk på papir. Foreløpig til sju virkedager etter "
        "måneden. Papirandelen er regnet av alle forsendelser, også de som ikke er levert."
    )
    | en(
        "**Digital share**: share of delivered dispatches that did not go on paper. Provisional until seven working "
        "days after the month. The share on paper is of all dispatches, also those not delivered."
    ),
    "usage.made.measured": nb(
        "**Annen bruk**: oppslag, meldinger, søknader, kontoer og adaptere, slik de er meldt. Henvendelser til "
        "brukerstøtten er ikke bruk. For kontoer og adaptere gjelder tallet ved månedens slutt."
    )
    | en(
        "**Other use**: look-ups, messages, applications, accounts and adapters, as reported. Support requests are no "
        "use. Of accounts and adapters it is the number at the end of the month."
    ),
    "usage.made.borders": nb(
        "**Kommunegrenser**: nå er inndelingen fra 2024, da er den som gjaldt i måneden. En kommune som ble delt, "
        "er fordelt etter oppgitte vekter, og er merket som anslått."
    )
    | en(
        "**Borders**: now is the division of 2024, then is the one in force in the month. A municipality that was "
        "split follows declared weights, and is marked as estimated."
    ),
    "usage.made.gaps": nb(
        "**Hull**: en måned uten meldte tall mangler. En ventet levering som mangler, gjør måneden usikker; det er "
        "kjent for de siste 92 dagene før utgaven."
    )
    | en(
        "**Gaps**: a month without reported numbers is missing. An expected delivery that is missing makes the month "
        "unsure; this is known for the last 92 days before the release."
    ),
}
