"""What the map says, in Norwegian bokmål and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "map.title": nb("{service} på kartet") | en("{service} on the map"),
    "map.title.USE": nb("{n} av {m:kommune|kommuner} i landet bruker {service}")
    | en("{n} of {m:municipality|municipalities} in the country {n:=uses|use} {service}"),
    "map.title.EVENT": nb("{n} av {m:kommune|kommuner} i landet har aktivert {service}")
    | en("{n} of {m:municipality|municipalities} in the country {n:=has|have} activated {service}"),
    "map.title.unobserved": nb("Ingen observerte {service} i {month}") | en("Nobody observed {service} in {month}"),
    "map.subtitle": nb(
        "Hvor langt hver kommune er kommet med {service} i {month}. Én sekskant er én kommune, uansett areal. "
        "Plasseringen er omtrentlig. Velg en kommune for å se bruken der."
    )
    | en(
        "How far each municipality has come with {service} in {month}. One hexagon is one municipality, whatever its "
        "area. Places are approximate. Choose a municipality to see its use."
    ),
    "map.subtitle.geographic": nb("Hvor langt hver kommune er kommet med {service} i {month}.")
    | en("How far each municipality has come with {service} in {month}."),
    "map.label": nb("Kart over {service} i {month}") | en("Map of {service} in {month}"),
    "map.skip": nb("Hopp over kartet ({n:lenke|lenker})") | en("Skip the map ({n:link|links})"),
    "map.key": nb("Tegnforklaring") | en("Key"),
    "map.n_of_m": nb("{n} av {m}") | en("{n} of {m}"),
    "map.unknown": nb("ukjent") | en("unknown"),
    "map.at_least": nb("minst {n} av {m}") | en("at least {n} of {m}"),
    "map.own": nb("Omriss: {network}") | en("Outline: {network}"),
    # one letter a step: each different from the others in its language
    "map.letter.NONE": nb("–") | en("–"),
    "map.letter.ANNEX_SIGNED": nb("V") | en("S"),
    "map.letter.CONFIGURED": nb("O") | en("C"),
    "map.letter.ACTIVATED": nb("A") | en("A"),
    "map.letter.IN_USE": nb("B") | en("U"),
    "map.letter.SUSPENDED": nb("P") | en("P"),
    "map.letter.NOT_LISTED": nb("L") | en("L"),
    "map.letter.TERMINATED": nb("X") | en("X"),
    "map.letter.UNKNOWN": nb("?") | en("?"),
    "map.step.NONE": nb("ingen steg registrert") | en("no step registered"),
    "map.step.ANNEX_SIGNED": nb("vedlegg signert") | en("annex signed"),
    "map.step.CONFIGURED": nb("satt opp") | en("configured"),
    "map.step.ACTIVATED.EVENT": nb("aktivert") | en("activated"),
    "map.step.ACTIVATED.USE": nb("aktivert, ikke brukt siste 90 dager") | en("activated, not used for 90 days"),
    "map.step.IN_USE": nb("i bruk") | en("in use"),
    "map.step.SUSPENDED": nb("satt på pause") | en("suspended"),
    "map.step.NOT_LISTED": nb("ikke på kildens siste liste") | en("not on the source's latest list"),
    "map.step.TERMINATED": nb("avsluttet") | en("terminated"),
    "map.step.UNOBSERVED": nb("ikke observert") | en("not observed"),
    "map.step.LACKING": nb("levering mangler, kan være i bruk") | en("delivery is missing, may be in use"),
    "map.step.UNKNOWN": nb("ikke observert, eller levering mangler") | en("not observed, or a delivery is missing"),
    "map.since": nb("{step} siden {month}") | en("{step} since {month}"),
    "map.since.no_later": nb("{step} siden {month} eller tidligere") | en("{step} since {month} or earlier"),
    "map.tile": nb("{name} ({code}): {standing}") | en("{name} ({code}): {standing}"),
    "map.words": nb("Kart over {service} i {month}: {steps}. {counties}")
    | en("Map of {service} in {month}: {steps}. {counties}"),
    "map.words.count": nb("{n} {noun} {step}") | en("{n} {noun} {step}"),
    "map.words.counties": nb("Størst andel i {best} ({n} av {m}), minst i {worst} ({wn} av {wm}).")
    | en("Largest share in {best} ({n} of {m}), smallest in {worst} ({wn} of {wm})."),
    "map.words.counties.same": nb("Andelen er den samme i alle fylker.") | en("The share is the same in all counties."),
    "map.words.unobserved": nb("Kart over {service} i {month}: ingen observerte tjenesten den måneden.")
    | en("Map of {service} in {month}: nobody observed the service in that month."),
    "map.files": nb("Last ned tallene i kartet") | en("Download the numbers of the map"),
    "map.table": nb("Kommuner per fylke, {service}, {month}") | en("Municipalities per county, {service}, {month}"),
    "map.table.region": nb("Tabell over fylker, kan rulles") | en("Table of counties, scrolls"),
    "map.table.county": nb("Fylke") | en("County"),
    "map.table.USE": nb("I bruk") | en("In use"),
    "map.table.EVENT": nb("Aktivert") | en("Activated"),
    "map.table.waiting": nb("På vei") | en("On the way"),
    "map.table.waiting.about": nb("På vei: vedlegg signert, satt opp eller aktivert, men ikke kommet helt fram.")
    | en("On the way: annex signed, configured or activated, but not all the way."),
    "map.table.unknown": nb("Ukjent") | en("Unknown"),
    "map.share": nb("Lenke til kartet slik det står i {month}") | en("Link to the map as it stands in {month}"),
    "map.kind.tiles": nb("Én sekskant per kommune") | en("One hexagon per municipality"),
    "map.kind.geographic": nb("Geografisk kart") | en("Geographic map"),
    "map.play": nb("Spill av") | en("Play"),
    "map.stop": nb("Stopp") | en("Stop"),
    "map.geometry.broken": nb(
        "Det geografiske kartet kan ikke vises: kartfila som er oppgitt, kan ikke brukes. Loggen sier hvorfor."
    )
    | en("The geographic map cannot be shown: the map file that was given cannot be used. The log says why."),
    "map.geometry.source": nb("Grenser: {source}") | en("Borders: {source}"),
    "map.geometry.without": nb("Disse kommunene er ikke i kartfila: {names}.")
    | en("These municipalities are not in the map file: {names}."),
}
