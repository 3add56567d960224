"""What the page about uptake says. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "uptake.title": nb("Utbredelse") | en("Uptake"),
    "uptake.answer.EVENT": nb(
        "{active} av {all} {noun} i {area} hadde aktivert {service} i {month}. {share} av innbyggerne bor i dem."
    )
    | en(
        "{active} of {all} {noun} in {area} had activated {service} in {month}. {share} of the "
        "inhabitants live in them."
    ),
    "uptake.answer.USE": nb(
        "{active} av {all} {noun} i {area} brukte {service} i {month}. {share} av innbyggerne bor i dem."
    )
    | en("{active} of {all} {noun} in {area} used {service} in {month}. {share} of the inhabitants live in them."),
    "uptake.change.more": nb("{n} flere enn i {month}") | en("{n} more than in {month}"),
    "uptake.change.fewer": nb("{n} færre enn i {month}") | en("{n} fewer than in {month}"),
    "uptake.change.same": nb("like mange som i {month}") | en("as many as in {month}"),
    "uptake.change.first": nb("første observerte måned") | en("the first observed month"),
    "uptake.change.sentence": nb("Det er {change}{gap}.") | en("That is {change}{gap}."),
    "uptake.change.gap": nb(", som var forrige måned noen observerte")
    | en(", the last month that anybody observed before it"),
    "uptake.change.gap.basis": nb(", som var forrige måned som ble talt på samme måte")
    | en(", the last month before it that was counted the same way"),
    "uptake.change.other.EVENT": nb("ikke sammenlignbart: til og med {month} ble aktiverte talt")
    | en("not comparable: through {month}, the activated were counted"),
    "uptake.change.other.USE": nb("ikke sammenlignbart: til og med {month} ble bruk talt")
    | en("not comparable: through {month}, use was counted"),
    "uptake.figures": nb("Nøkkeltall") | en("Key figures"),
    "uptake.figure.active.EVENT": nb("Kommuner som har aktivert") | en("Municipalities that have activated"),
    "uptake.figure.active.USE": nb("Kommuner i bruk") | en("Municipalities in use"),
    "uptake.n_of_m": nb("{n} av {m}") | en("{n} of {m}"),
    "uptake.figure.share": nb("Andel av innbyggerne") | en("Share of inhabitants"),
    "uptake.figure.share.points": nb("{points} prosentpoeng siden {month}")
    | en("{points} percentage points since {month}"),
    "uptake.figure.left": nb("Kommuner som gjenstår") | en("Municipalities left"),
    "uptake.figure.left.words": nb("{n} innbyggere (1.1.{year})") | en("{n} inhabitants (1 January {year})"),
    "uptake.figure.left.unknown": nb("innbyggertall mangler for {n} {noun}")
    | en("the number of inhabitants is missing for {n} {noun}"),
    "uptake.figure.waiting": nb("Vedlegg uten bruk") | en("Annex without use"),
    "uptake.figure.waiting.EVENT": nb("Vedlegg, ikke aktivert") | en("Annex, not activated"),
    "uptake.figure.waiting.words": nb("av kommunene har signert, men ikke kommet i gang")
    | en("of the municipalities signed, but did not start"),
    "uptake.figure.waiting.unknown": nb("mangler: ingen kilde melder vedlegg for tjenesten")
    | en("missing: no source reports annexes of the service"),
    "uptake.figure.network": nb("Nettverk med høyest andel") | en("Network with the highest share"),
    "uptake.figure.network.words": nb("{best}, {n} av {m}. Lavest: {worst}, {wn} av {wm}")
    | en("{best}, {n} of {m}. Lowest: {worst}, {wn} of {wm}"),
    "uptake.step.ANNEX_SIGNED": nb("Vedlegg signert") | en("Annex signed"),
    "uptake.step.CONFIGURED": nb("Satt opp") | en("Configured"),
    "uptake.step.ACTIVATED": nb("Aktivert") | en("Activated"),
    "uptake.step.ACTIVE": nb("I bruk") | en("In use"),
    "uptake.step.STILL": nb("Fortsatt aktivert") | en("Still activated"),
    "uptake.step.inferred": nb("utledet") | en("inferred"),
    "uptake.step.unmeasured": nb("måles ikke ennå") | en("not yet measured"),
    "uptake.funnel.title.EVENT": nb("Fra avtale til bruk: {active} av {all} har aktivert")
    | en("From agreement to use: {active} of {all} {active:=has|have} activated"),
    "uptake.funnel.title.none": nb("Fra avtale til bruk: ingen har vedlegg uten å bruke tjenesten")
    | en("From agreement to use: none has the annex without using the service"),
    "uptake.funnel.title.USE": nb("Fra avtale til bruk: {lost} har vedlegg uten å bruke tjenesten")
    | en("From agreement to use: {lost:has|have} the annex without using the service"),
    "uptake.funnel.subtitle": nb(
        "Antall kommuner per steg, {month}, {area}. Et steg teller også dem som er kommet lenger."
    )
    | en("Number of municipalities per step, {month}, {area}. A step counts those further along as well."),
    "uptake.funnel.inferred": nb(
        "Grå søyler er utledet: kildene melder ikke steget, men den som er aktivert, må ha tatt det."
    )
    | en("Grey bars are inferred: no source reports the step, but whoever has activated must have taken it."),
    "uptake.funnel.axis": nb("kommuner") | en("municipalities"),
    "uptake.curve.title.none.EVENT": nb("{service}: ikke aktivert av noen ennå")
    | en("{service}: not activated by any yet"),
    "uptake.curve.title.none.USE": nb("{service}: ikke brukt av noen ennå") | en("{service}: not used by any yet"),
    "uptake.curve.title.EVENT": nb("{service}: aktivert av {first} {noun} i {first_month} og {last} i {last_month}")
    | en("{service}: activated by {first} {noun} in {first_month} and {last} in {last_month}"),
    "uptake.curve.title.USE": nb("{service}: brukt av {first} {noun} i {first_month} og {last} i {last_month}")
    | en("{service}: used by {first} {noun} in {first_month} and {last} in {last_month}"),
    "uptake.curve.title.one.EVENT": nb("{service}: aktivert av {last} {noun} i {month}")
    | en("{service}: activated by {last} {noun} in {month}"),
    "uptake.curve.title.one.USE": nb("{service}: brukt av {last} {noun} i {month}")
    | en("{service}: used by {last} {noun} in {month}"),
    "uptake.curve.dashed": nb("Stiplet: aktivert, ikke målt bruk.") | en("Dashed: activated, not measured use."),
    "uptake.curve.subtitle.EVENT": nb("Kommuner som har aktivert, per måned, {area}.")
    | en("Municipalities that have activated, per month, {area}."),
    "uptake.curve.subtitle.USE": nb("Kommuner i bruk, per måned, {area}.")
    | en("Municipalities in use, per month, {area}."),
    "uptake.curve.gap": nb("Ikke observert") | en("Not observed"),
    "uptake.curve.gaps": nb("Ikke observert: {gaps}. Det er hull i kilden, ikke null.")
    | en("Not observed: {gaps}. These are gaps in the source, not zero."),
    "uptake.curve.external": nb("{name} (andres, til sammenligning)") | en("{name} (of others, to compare)"),
    "uptake.curve.chosen": nb("Tjeneste") | en("Service"),
    "uptake.curve.words": nb("Kurve over {service}, {basis}: {first} {noun} i {first_month}, {last} i {last_month}.")
    | en("Curve of {service}, {basis}: {first} {noun} in {first_month}, {last} in {last_month}."),
    "uptake.curve.words.external": nb("Til sammenligning har {name} {n} i {month}.")
    | en("To compare, {name} has {n} in {month}."),
    "column.active": nb("Har tjenesten") | en("Have the service"),
    "column.active_basis": nb("Regnet etter") | en("Counted by"),
    "value.active_basis.USE": nb("målt bruk") | en("measured use"),
    "value.active_basis.EVENT": nb("melding om aktivering") | en("notice of activation"),
    "uptake.launched.title": nb("Fra lansering: {said}") | en("From launch: {said}"),
    "uptake.launched.subtitle": nb(
        "Kommuner som har tjenesten, {area}, etter antall år. År 0 er lanseringen; der produktregisteret ikke kjenner "
        "den, første måned en kommune hadde tjenesten. Hver strek er en tjeneste; {name} er framhevet. "
        "En strek som faller brått, kan være gått fra aktivert til målt bruk."
    )
    | en(
        "Municipalities that have the service, {area}, by years. Year 0 is the launch; where the product register does "
        "not know it, the first month that a municipality had the service. Each line is a service; {name} is "
        "highlighted. A line that falls at once may have gone from activated to measured use."
    ),
    "uptake.launched.axis": nb("år siden lansering") | en("years since launch"),
    "uptake.launched.since": nb("Siden lansering") | en("Since launch"),
    "uptake.launched.after": nb("{months:måned|måneder}") | en("{months:month|months}"),
    "uptake.launched.none": nb("ingen kommune har hatt tjenesten ennå") | en("no municipality has had the service yet"),
    "uptake.launched.words.oldest": nb("{name} er hos {active} {noun} etter {months:måned|måneder}; ingen er eldre")
    | en("{name} has {active} {noun} after {months:month|months}; none is older"),
    "uptake.launched.words": nb(
        "{name} er hos {active} {noun} etter {months:måned|måneder}; {further} av "
        "{older:eldre tjeneste|eldre tjenester} var kommet "
        "lenger da"
    )
    | en(
        "{name} has {active} {noun} after {months:month|months}; {further} of "
        "{older:older service|older services} had come "
        "further by then"
    ),
    "uptake.funnel.words": nb("Fra avtale til bruk for {service} i {month}, av {all} {noun}: {steps}.")
    | en("From agreement to use of {service} in {month}, of {all} {noun}: {steps}."),
    "uptake.source": nb("Kilde: {source}, utgave {release}.") | en("Source: {source}, release {release}."),
    "uptake.table.title": nb("Nettverkene: {best} er kommet lengst med {service}, {n} av {m:kommune|kommuner}")
    | en("The networks: {best} has come furthest with {service}, {n} of {m:municipality|municipalities}"),
    "uptake.table.title.none": nb("Tjenester per nettverk") | en("Services per network"),
    "uptake.table.subtitle": nb(
        "Kommuner som har tjenesten, av kommunene i nettverket, i siste observerte måned til og med {month}. "
        "Mørkere betyr høyere andel; "
        "tallet sier det samme. {missing:tjeneste|tjenester} er utelatt fordi ingen kilde melder utbredelsen."
    )
    | en(
        "Municipalities that have the service, of those in the network, in the last observed month up to "
        "{month}. Darker means a higher "
        "share; the number says the same. {missing:service is|services are} left out because no source reports "
        "their uptake."
    ),
    "uptake.table.synthetic": nb("Rader merket «syntetisk» er laget av en simulator.")
    | en("Rows marked “synthetic” were made by a simulator."),
    "uptake.table.caption": nb("Kommuner som har tjenesten, av alle i nettverket")
    | en("Municipalities that have the service, of all in the network"),
    "uptake.table.basis.EVENT": nb("aktivert") | en("activated"),
    "uptake.table.basis.USE": nb("i bruk") | en("in use"),
    "uptake.table.basis.BOTH": nb("i bruk eller aktivert") | en("in use or activated"),
    "compared.more": nb("{n} flere enn") | en("{n} more than"),
    "compared.fewer": nb("{n} færre enn") | en("{n} fewer than"),
    "compared.same": nb("like mange som") | en("as many as"),
    "uptake.figure.year": nb("{change} for ett år siden") | en("{change} a year before"),
    "uptake.figure.year.some": nb("{change} for ett år siden ({k} av {all} tjenester kan sammenlignes)")
    | en("{change} a year before ({k} of {all} services compare)"),
    "uptake.figure.year.none": nb("kan ikke sammenlignes med året før") | en("not comparable with the year before"),
    "uptake.table.networks": nb(
        "Medlemskap er utledet av fylkene nettverkene dekker. Ikke bekreftet at nettverket finnes, eller bare "
        "omtalt: {unsure}. "
        "Deler av nettverk står i områdevalget, ikke i tabellen."
    )
    | en(
        "Membership is derived from the counties that the networks cover. Not confirmed to exist, or only "
        "mentioned: {unsure}. "
        "Parts of networks are found in the choice of area, not in the table."
    ),
    "uptake.off_list": nb(
        "{names} sto på kildens liste før, men ikke på den siste. Om tjenesten fortsatt er aktivert der, er ikke "
        "observert, og {n:kommunen|kommunene} er ikke regnet med."
    )
    | en(
        "{names} stood on the source's list before, but not on the latest. Whether the service is still activated "
        "there was not observed, and {n:the municipality is|they are} not counted."
    ),
    "uptake.off_list.split": nb("{names}: regnet med som anslag, fordi kilden melder om kommunen før den ble delt.")
    | en("{names}: counted as an estimate, as the source tells of the municipality before it was split."),
    "uptake.lacking.title": nb("Leveringer mangler") | en("Deliveries are missing"),
    "uptake.lacking": nb("For {n} {noun} mangler en levering som var ventet (siste {day}).")
    | en("A delivery that was expected is missing for {n} {noun} (the latest {day})."),
    "uptake.lacking.none": nb("Hull er ikke null bruk. Ingen av dem står som ikke i bruk i {month}.")
    | en("A gap is not zero use. None of them stands as not in use in {month}."),
    "uptake.lacking.mark": nb("mangler levering siden {day}") | en("no delivery since {day}"),
    "uptake.table.region": nb("Tabell som kan rulles: kommuner per tjeneste og nettverk")
    | en("Scrollable table: municipalities per service and network"),
    "uptake.lacking.listed": nb(
        "Hull er ikke null bruk: {n} {noun} står som ikke i bruk i {month}, og kan ha brukt tjenesten likevel."
    )
    | en(
        "A gap is not zero use: {n} {noun} {n:=stands|stand} as not in use in {month}, and may have used the "
        "service all the same."
    ),
    "uptake.lacking.later": nb(
        "Etter {month} mangler en levering som var ventet for {n} {noun} (siste {day}). Det rører ikke tallene for den "
        "måneden."
    )
    | en(
        "After {month}, a delivery that was expected is missing for {n} {noun} (the latest {day}). "
        "It does not touch the numbers of that month."
    ),
    "forecast.sentence": nb("Ventet i {month}: {expected} av {all} {noun} (mellom {low} og {high}).")
    | en("Expected in {month}: {expected} of {all} {noun} (between {low} and {high})."),
    "forecast.missed": nb(
        "Prøvd {n:måned|måneder} fram på måneder som ble holdt utenfor, bommet metoden med {error}; siste måned ville "
        "bommet med {last_value}, snittet av siste år med {mean}."
    )
    | en(
        "Tried {n:month|months} ahead on months that were held out, the method was off by {error}; the last value "
        "would have been by {last_value}, the mean of the last year by {mean}."
    ),
    "forecast.missed.known": nb("Prøvd på måneder som er kjent, bommet metoden med {error}.")
    | en("Tried on months that are known, the method was off by {error}."),
    "forecast.error.small": nb("under 1\u00a0%") | en("below 1%"),
    "forecast.drawn": nb("Prikket linje med bånd: ventet, fra lavt til høyt, med siste tall under.")
    | en("Dotted line with a band: expected, from low to high, its last number below."),
    "forecast.open": nb("Vis framskrivingen som tabell, og last ned")
    | en("Show the forecast as a table, and download"),
    "forecast.caption": nb("Kommuner som er ventet å ha tjenesten, per måned")
    | en("Municipalities expected to have the service, by month"),
    "forecast.expected": nb("Ventet") | en("Expected"),
    "forecast.between": nb("Mellom") | en("Between"),
    "forecast.few": nb(
        "Ingen framskriving: bare {n} {noun} på rad er observert på samme måte; det trengs minst {least}."
    )
    | en("No forecast: only {n} {noun} in a row observed the same way; at least {least} are needed."),
    "forecast.old": nb("Ingen framskriving: siste observerte måned, {month}, er for gammel.")
    | en("No forecast: the last observed month, {month}, is too old."),
    "forecast.beaten": nb(
        "Ingen framskriving: i måneder som ble holdt utenfor, slo metoden verken siste måned eller snittet."
    )
    | en("No forecast: in months that were held out, the method beat neither the last value nor the mean."),
    "forecast.not_in_release": nb("Ingen framskriving: utgave {release} er laget før framskrivingene.")
    | en("No forecast: release {release} is older than the forecasts."),
    "calls.title": nb("Ringeliste: {n} {noun} er ikke i gang med {service}, {first} har prioritet 1")
    | en("Call list: {n} {noun} not begun with {service}, {first} of priority 1"),
    "calls.title.none_first": nb("Ringeliste: {n} {noun} er ikke i gang med {service}")
    | en("Call list: {n} {noun} not begun with {service}"),
    "calls.closed": nb(
        "Ringelisten viser hvilke fagsystemer kommunene bruker. Den er for nettverkene, om egne medlemmer, og for DIF. "
        "Velg ditt eget nettverk under «Område»."
    )
    | en(
        "The call list shows which systems municipalities use. It is for the networks, of their own members, and for "
        "DIF. Choose your own network under “Area”."
    ),
    "calls.title.plain": nb("Ringeliste") | en("Call list"),
    "calls.subtitle": nb("{area}, slik det sto i {month}.") | en("{area}, as it stood in {month}."),
    "calls.subtitle.use": nb("{area}: steg slik de sto i {month}, i gang eller ikke slik det sto i {active}.")
    | en("{area}: steps as they stood in {month}, begun or not as it stood in {active}."),
    "calls.order": nb("Etter prioritet, så lengst ventetid, så flest innbyggere.")
    | en("By priority, then longest wait, then most inhabitants."),
    "calls.open_month": nb("{of} er ikke over, så listen kan avvike fra tallene for {month} over.")
    | en("{of} is not over, so the list may differ from the numbers of {month} above."),
    "calls.none": nb("Ingen kommuner i {area} står på ringelisten for {service}.")
    | en("No municipality in {area} is on the call list of {service}."),
    "calls.older": nb(
        "Ringelisten og leverandørene gjelder siste måned, ikke {month}. "
        "[Se dem sammen med tallene for {last}]({link})."
    )
    | en(
        "The call list and the suppliers are of the last month, not of {month}. "
        "[See them with the numbers of {last}]({link})."
    ),
    "calls.not_in_release": nb(
        "Utgave {release} er laget før ringelisten ble en del av tallene. Den kommer med neste utgave."
    )
    | en("Release {release} is older than the call list. It comes with the next release."),
    "calls.lacking": nb("Merket «mangler levering» i listen: {n} {noun}, som kan ha brukt tjenesten likevel.")
    | en("Marked “no delivery” in the list: {n} {noun}, which may have used the service all the same."),
    "calls.wait": nb(
        "Ventetid er ikke mulig (.) uten steg, etter oppsigelse, og for den som er aktivert: siste bruk er ikke kjent "
        "her. Der steget bare er kjent som «senest», mangler den (..)."
    )
    | en(
        "There is no wait (.) without a step, after termination, nor for one that has activated: its last use is not "
        "known here. Where a step is known only as “no later than”, the wait is missing (..)."
    ),
    "calls.follow_up.title": nb("Slik melder dere oppfølging") | en("How to register a follow-up"),
    "calls.follow_up": nb(
        "Nettverket får listen sin som et skjema, fyller det ut og sender det tilbake. Fra neste utgave står "
        "oppfølgingen i listen, og de som har takket nei eller ikke er aktuelle, er ute av den."
    )
    | en(
        "The network gets its list as a form, fills it in and sends it back. From the next release on, the follow-up "
        "is in the list, and those who declined or are not relevant are out of it."
    ),
    "calls.follow_up.commands": nb("Slik lages skjemaet, og slik tas det inn:")
    | en("How the form is made, and how it is taken in:"),
    "calls.follow_up.network": nb("NETTVERK") | en("NETWORK"),
    "calls.follow_up.file": nb("oppfolging.xlsx") | en("follow-up.xlsx"),
    "calls.caption": nb("Kommuner på ringelisten (rull til siden for kontakt og oppfølging)")
    | en("Municipalities on the call list (scroll sideways for contact and follow-up)"),
    "calls.region": nb("Tabell som kan rulles: ringelisten") | en("Scrollable table: the call list"),
    "calls.why": nb("Hvorfor den står på listen") | en("Why it is on the list"),
    "calls.priority": nb("Prioritet {n}") | en("Priority {n}"),
    "calls.change.none": nb("Ingenting nytt") | en("Nothing new"),
    "declined": nb("Takket nei: {no}. Ikke aktuelt: {not_relevant}. De står ikke på ringelisten.")
    | en("Declined: {no}. Not relevant: {not_relevant}. They are not on the call list."),
    "declined.none": nb("Ingen har takket nei.") | en("Nobody has declined."),
    "follow_up.KONTAKTET": nb("kontaktet") | en("contacted"),
    "follow_up.PLANLAGT": nb("planlagt") | en("planned"),
    "follow_up.on": nb("{status} {day}") | en("{status} {day}"),
    "follow_up.none": nb("Ingen") | en("None"),
    "ready.YES": nb("Ja") | en("Yes"),
    "ready.NO": nb("Ikke ennå") | en("Not yet"),
    "ready.UNKNOWN": nb("Ikke kjent") | en("Not known"),
    "suppliers.title": nb("Én samtale som åpner mange: {supplier} har {n} {noun} som venter på {service}")
    | en("One call that opens many: {supplier} has {n} {noun} that wait for {service}"),
    "suppliers.title.none": nb("Leverandører: én samtale som åpner mange") | en("Suppliers: one call that opens many"),
    "suppliers.subtitle": nb("Systemene som flest ventende kommuner i {area} er sett med de siste tolv månedene.")
    | en("The systems that most waiting municipalities of {area} were seen with in twelve months."),
    "suppliers.none": nb(
        "Ingen av kommunene som venter i {area}, er sett med et kjent fagsystem de siste tolv månedene. Da vet vi ikke "
        "hvilken leverandør som kan åpne for flere."
    )
    | en(
        "None of those waiting in {area} was seen with a known system in twelve months. So nobody knows which supplier "
        "may open for more."
    ),
    "suppliers.untold": nb(
        "Ingen tilknytning forteller om {service}: tjenesten måles ikke per fagsystem. Da vet vi ikke hvilken "
        "leverandør som kan åpne for flere."
    )
    | en(
        "No connection tells of {service}: it is not measured by system. So nobody knows which supplier may open for "
        "more."
    ),
    "suppliers.caption": nb("Leverandører og hvem som venter") | en("Suppliers and who waits"),
    "suppliers.region": nb("Tabell som kan rulles: leverandører og hvem som venter")
    | en("Scrollable table: suppliers and who waits"),
    "suppliers.supplier": nb("Leverandør og fagsystem") | en("Supplier and system"),
    "suppliers.waiting": nb("Kommuner som venter") | en("Municipalities that wait"),
    "suppliers.active": nb("Har tjenesten, hele landet") | en("Have the service, the country"),
    "month.one": nb("måned") | en("month"),
    "month.many": nb("måneder") | en("months"),
    "standing.ACTIVATED.USE": nb("Aktivert, ikke brukt siste 90 dager") | en("Activated, not used for 90 days"),
    "standing.ACTIVATED.EVENT": nb("Aktivert før, ikke nå") | en("Activated before, not now"),
    "standing.CONFIGURED": nb("Satt opp") | en("Configured"),
    "standing.ANNEX_SIGNED": nb("Vedlegg signert") | en("Annex signed"),
    "standing.SUSPENDED": nb("Satt på pause") | en("Suspended"),
    "standing.NOT_LISTED": nb("Ikke på kildens siste liste") | en("Not on the source's latest list"),
    "standing.TERMINATED": nb("Avsluttet") | en("Terminated"),
    "standing.NONE": nb("Ingen steg registrert") | en("No step registered"),
    "made.active.EVENT": nb(
        "**Aktivert**: en kilde har meldt at kommunen er koblet på tjenesten, og ikke meldt at den er koblet "
        "av. Det er ikke det samme "
        "som at tjenesten brukes."
    )
    | en(
        "**Activated**: a source has reported that the municipality was connected, and not that it was "
        "disconnected. It is not the same as use."
    ),
    "made.active.USE": nb("**I bruk**: kommunen brukte tjenesten minst én gang de siste 90 dagene.")
    | en("**In use**: the municipality used the service at least once within 90 days."),
    "made.lacking": nb(
        "**Mangler levering**: den nyeste leveringen som var ventet om kommunen i de 90 dagene, er ikke kommet. Hva "
        "som er ventet, følger av hva virksomheten pleier å levere. Da er det ukjent om tjenesten ble brukt."
    )
    | en(
        "**No delivery**: the newest delivery that was expected about the municipality in the 90 days has not come. "
        "What is expected follows from what the organisation usually delivers. Whether the service was used is then "
        "unknown."
    ),
    "made.share": nb(
        "**Andel av innbyggerne**: innbyggere i kommunene som har tjenesten, av alle innbyggere i området, per "
        "1. januar."
    )
    | en(
        "**Share of inhabitants**: inhabitants of municipalities that have the service, of all in the area, on "
        "1 January."
    ),
    "made.left": nb("**Gjenstår**: kommuner i området, i dagens inndeling (2024), som ikke har tjenesten.")
    | en("**Left**: municipalities of the area, in the division of now (2024), without the service."),
    "made.steps": nb(
        "**Steg**: vedlegg signert, satt opp, aktivert, i bruk. Et steg teller også dem som er kommet lenger."
    )
    | en("**Steps**: annex signed, configured, activated, in use. A step counts those further along as well."),
    "made.priority": nb(
        "**Prioritet**: 1 har vedlegg eller oppsett uten bruk; 2 har en leverandør som er klar, og en av de ti mest "
        "like kommunene er i gang; 3 har en leverandør som er klar; 4 er resten."
    )
    | en(
        "**Priority**: 1 has the annex or is configured, without use; 2 has a supplier that is ready, and one of "
        "the ten most similar has begun; 3 has a supplier that is ready; 4 is the rest."
    ),
    "made.ready": nb(
        "**Er leverandøren klar**: ja når kommunen er sett med leverandørens fagsystem de siste tolv månedene, og det "
        "leverer tjenesten for minst tre andre, eller registeret sier det; ikke ennå når registeret sier at støtten "
        "kommer senere; ellers ikke kjent."
    )
    | en(
        "**Is the supplier ready**: yes where the municipality was seen with the supplier's system in twelve months, "
        "and that carries the service for three others or more, or the register says so; not yet where the register "
        "says that support comes later; else not known."
    ),
    "made.forecast": nb(
        "**Framskriving**: av den metoden som traff best da den ble prøvd på måneder som er kjent. Feilen er summen av "
        "avvikene delt på summen av de faktiske tallene, i måneder som ikke var med på å velge. En metode som verken "
        "slår siste måned eller snittet, blir ikke vist."
    )
    | en(
        "**Forecast**: by the method that did best when tried on months that are known. Its error is the sum of the "
        "errors over the sum of the actual figures, in months that took no part in choosing. A method that beats "
        "neither the last value nor the mean is not shown."
    ),
    "made.comparison": nb(
        "**Sammenligning**: samme måned året før, eller forrige observerte måned når ingen observerte den. "
        "Bare måneder som er talt på samme måte, sammenlignes."
    )
    | en(
        "**Comparison**: the same month a year before, or the last observed month before where nobody observed it. "
        "Only months counted the same way are compared."
    ),
    "made.limits": nb(
        "Måneder ingen observerte, mangler (`..`) og er ikke null. Første gang en kilde ses, kan kommunen ha "
        "vært koblet på lenger: da er "
        "ventetiden ukjent. Kommuner er i dagens inndeling; eldre nummer er ført dit."
    )
    | en(
        "Months that nobody observed are missing (`..`), not zero. The first time a source is seen, a "
        "municipality may have been connected "
        "for longer: the wait is then unknown. Municipalities are those of now; older codes have been "
        "carried there."
    ),
}
