"""What reports and their forms say beside what the pages say, in Norwegian bokmål and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.tables.registers import GUIDE
from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "report.kicker": nb("Innføring av fellestjenester") | en("Uptake of shared services"),
    "report.title": nb("{network}, {month}") | en("{network}, {month}"),
    "report.answer": nb(
        "De {members} kommunene i {network} har til sammen {active} av {possible} mulige tjenester {basis}."
    )
    | en("The {members} municipalities of {network} have {active} of {possible} possible services {basis}."),
    "report.answer.waiting": nb(
        "De {members} kommunene i {network} har til sammen {active} av {possible} mulige tjenester {basis}, og i "
        "{waiting} tilfeller er vedlegget signert uten at tjenesten er kommet i gang."
    )
    | en(
        "The {members} municipalities of {network} have {active} of {possible} possible services {basis}, and in "
        "{waiting} cases the annex is signed, but the service has not begun."
    ),
    "report.answer.waiting.one": nb(
        "De {members} kommunene i {network} har til sammen {active} av {possible} mulige tjenester {basis}, og i ett "
        "tilfelle er vedlegget signert uten at tjenesten er kommet i gang."
    )
    | en(
        "The {members} municipalities of {network} have {active} of {possible} possible services {basis}, and in one "
        "case the annex is signed, but the service has not begun."
    ),
    "report.empty": nb("Ingen kilde har meldt innføring av tjenester i {network} ennå.")
    | en("No source has reported uptake of services in {network} yet."),
    "report.synthetic.all": nb("Tallene er laget av en simulator, og sier ingenting om virkelige kommuner.")
    | en("The numbers were made by a simulator, and say nothing of real municipalities."),
    "report.synthetic.some": nb(
        "Det som er merket «syntetisk», er laget av en simulator, og sier ingenting om virkelige kommuner. Summer som "
        "har med slike tall, er merket på samme måte."
    )
    | en(
        "What is marked “synthetic” was made by a simulator, and says nothing of real municipalities. Sums that "
        "include such numbers are marked the same way."
    ),
    "report.synthetic.title": nb("Syntetiske tall") | en("Synthetic numbers"),
    "report.figure.active": nb("Tjenester {basis}") | en("Services {basis}"),
    "report.figure.share": nb("Andel av mulige tjenester") | en("Share of possible services"),
    "report.figure.share.words": nb("landet, de samme tjenestene: {share}")
    | en("the country, the same services: {share}"),
    "report.figure.waiting": nb("Vedlegg signert, ikke i gang") | en("Annex signed, not begun"),
    "report.figure.waiting.words": nb("nærmest å komme i gang") | en("nearest to a beginning"),
    "report.figure.waiting.unknown": nb("mangler: ingen kilde melder vedlegg")
    | en("missing: no source reports annexes"),
    "report.figure.calls": nb("På ringelisten") | en("On the call list"),
    "report.figure.calls.words": nb("{n} med prioritet 1") | en("{n} of priority 1"),
    "report.figure.declined": nb("Takket nei eller ikke aktuelt") | en("Declined or not relevant"),
    "report.figure.declined.words": nb("står ikke på ringelisten") | en("not on the call list"),
    "report.services.title": nb("Lengst etter landet: {service}, {share} mot {country}")
    | en("Furthest behind the country: {service}, {share} against {country}"),
    "report.services.title.none": nb("Ingen tjeneste ligger etter landet") | en("No service is behind the country"),
    "report.services.subtitle": nb(
        "Kommuner i {network} per tjeneste, {month}, eller måneden som står, når den er den siste noen observerte. "
        "Streken i søylen viser hvor landet står."
    )
    | en(
        "Municipalities of {network} per service, {month}, or the month that is named, where it is the last one "
        "observed. The mark in a bar is the country's share."
    ),
    "report.services.caption": nb("Kommuner per tjeneste") | en("Municipalities per service"),
    "report.services.have": nb("Har tjenesten") | en("Have the service"),
    "report.services.waiting": nb("Venter med vedlegg") | en("Wait with the annex"),
    "report.services.not_begun": nb("Ikke begynt") | en("Not begun"),
    "report.services.country": nb("Landet") | en("The country"),
    "report.services.bar": nb("Fordeling") | en("Distribution"),
    "report.services.unknown": nb(
        "«..» betyr at ingen kilde melder vedlegg for tjenesten. Da vet vi ikke hvem av dem som gjenstår, som venter, "
        "og hvem som ikke har begynt."
    )
    | en(
        "“..” means that no source reports annexes of the service. Who of those left waits, and who has not begun, is "
        "then unknown."
    ),
    "report.services.more": nb("{n} tjenester til står i rapporten på skjerm; her er de som er lengst etter landet.")
    | en("{n} more services stand in the report on a screen; here are those that are furthest behind the country."),
    "report.chosen.why": nb("{service} er tjenesten flest står på ringelisten for.")
    | en("{service} is the service that most are on the call list for."),
    "report.calls.title": nb("Ring disse først: {shown} av {all} på ringelisten")
    | en("Call these first: {shown} of {all} on the call list"),
    "report.calls.title.all": nb("Ring disse: {all} på ringelisten") | en("Call these: {all} on the call list"),
    "report.calls.title.none": nb("Ingen står på ringelisten") | en("Nobody is on the call list"),
    "report.calls.form": nb("Hele listen er i {file}. Skriv der hva dere har gjort, og send filen tilbake.")
    | en("The whole list is in {file}. Write what you have done there, and send the file back."),
    "report.calls.form.more": nb("De {n} andre står i {file}. Skriv der hva dere har gjort, og send filen tilbake.")
    | en("The other {n} are in {file}. Write what you have done there, and send the file back."),
    "report.calls.more": nb("De {n} andre får dere som regneark fra {contact}.")
    | en("You get the other {n} as a spreadsheet from {contact}."),
    "report.calls.sender": nb("den som sendte rapporten") | en("whoever sent the report"),
    "report.calls.new": nb("nytt siste uke:") | en("new in the last week:"),
    "report.calls.caption": nb("Ringelisten, de første") | en("The call list, the first"),
    "report.calls.what": nb("Hvem og hva") | en("Who and what"),
    "report.calls.waited": nb("ventet {n} {noun}") | en("waited {n} {noun}"),
    "report.suppliers.title": nb("Leverandører som flest venter med i {network}")
    | en("Suppliers that most wait with in {network}"),
    "report.suppliers.next": nb("Deretter: {listed}.") | en("Then: {listed}."),
    "report.suppliers.one": nb("{supplier} ({n}, {service})") | en("{supplier} ({n}, {service})"),
    "report.rest": nb(
        "Filen har mer på skjerm, under denne siden: alle definisjoner, kilder, forbehold, steg og leverandører."
    )
    | en("The file has more on a screen, under this page: all definitions, sources, limits, steps and suppliers."),
    "report.also.title": nb("Vær klar over") | en("Be aware"),
    "report.lacking": nb(
        "Leveringer mangler: for {n} {noun} er en levering som var ventet, ikke kommet (siste {day}): {names}. De kan "
        "stå som ikke i bruk uten å være det."
    )
    | en(
        "Deliveries are missing: one that was expected has not come for {n} {noun} (the latest {day}): {names}. They "
        "may stand as not in use without being so."
    ),
    "report.lacking.none": nb("Den nyeste leveringen som var ventet, er kommet fra alle.")
    | en("The latest delivery that was expected has come from all."),
    "report.certainty": nb("Det er ikke bekreftet i kildene at nettverket finnes; medlemmene er utledet av fylkene.")
    | en("No source confirms that the network exists; its members are derived from the counties."),
    "report.made.possible": nb(
        "**Mulige tjenester**: hver kommune i nettverket teller én gang for hver tjeneste som noen i landet "
        "har begynt med."
    )
    | en(
        "**Possible services**: each municipality of the network counts once for each service that anyone in the "
        "country has begun with."
    ),
    "report.made.standing": nb(
        "**Venter med vedlegg**: vedlegget er signert, men tjenesten er ikke i bruk. **Ikke begynt**: uten vedlegg."
    )
    | en("**Wait with the annex**: signed, but the service is not in use. **Not begun**: without the annex."),
    "report.made.revisions": nb("En utgave endres aldri. Rettelser kommer i neste utgave; rapporten viser {release}.")
    | en("A release never changes. Corrections come in the next one; the report shows {release}."),
    "form.sheet": nb("Oppfølging") | en("Follow-up"),
    "form.guide": GUIDE,
    "form.guide.1": nb(
        "Skjemaet har én rad per kommune og tjeneste på ringelisten til {network} ({month}, utgave {release})."
    )
    | en("The form has a row per municipality and service on the call list of {network} ({month}, release {release})."),
    "form.guide.2": nb(
        "Velg i listen under «{status}»: «{kontaktet}» (dere har vært i kontakt), «{planlagt}» (innføringen er "
        "avtalt), «{takket_nei}» (kommunen vil ikke) eller «{ikke_aktuelt}» (tjenesten passer ikke for kommunen)."
    )
    | en(
        "Choose from the list under “{status}”: “{kontaktet}” (you were in touch), “{planlagt}” (uptake is agreed), "
        "“{takket_nei}” (the municipality declined) or “{ikke_aktuelt}” (the service does not suit the municipality)."
    ),
    "form.guide.3": nb(
        "Skriv dagen dere var i kontakt, under «{followed_up_on}» (24.11.2026). En dag som ikke er kommet, skriver "
        "dere under «{note}»."
    )
    | en("Write the day you were in touch under “{followed_up_on}” (24.11.2026). A day to come goes under “{note}”."),
    "form.guide.4": nb("Ikke skriv navn eller andre opplysninger om personer.")
    | en("Do not write names or anything else about persons."),
    "form.guide.5": nb("Rader uten status hoppes over. Det dere har meldt før, gjelder til dere melder noe annet.")
    | en("Rows without a status are skipped. What you said before stands until you say something else."),
    "form.guide.6": nb("«{takket_nei}» og «{ikke_aktuelt}» tar kommunen av ringelisten for tjenesten.")
    | en("“{takket_nei}” and “{ikke_aktuelt}” take the municipality off the call list for the service."),
    "form.guide.7": nb("Lagre filen som den er, {file}, og send den tilbake til den som sendte den.")
    | en("Save the file as it is, {file}, and send it back to whoever sent it."),
    "form.how": nb("Fyll ut de fargede feltene, lagre, og send filen tilbake. Mer står på arket «{sheet}».")
    | en("Fill in the coloured fields, save, and send the file back. There is more on the sheet “{sheet}”."),
    "form.guide.synthetic": nb("Listen har syntetiske tall. De sier ingenting om virkelige kommuner.")
    | en("The list has synthetic numbers. They say nothing of real municipalities."),
    "form.now": nb("Oppfølging som er meldt") | en("Follow-up so far"),
    "form.status": nb("Status: velg i listen") | en("Status: choose from the list"),
    "form.day": nb("Dagen dere var i kontakt") | en("The day you were in touch"),
    "form.note": nb("Merknad, uten opplysninger om personer") | en("Note, without anything about persons"),
    "form.refused": nb("Velg en av statusene i listen.") | en("Choose one of the statuses of the list."),
}
