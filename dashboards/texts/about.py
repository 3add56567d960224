"""What the page about the pages says: what this is, where the data come from, privacy, accessibility, contact.

The accessibility statement is a draft. What the owner must fill in is said to be missing, never made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCES: Final = {
    "FHI csdata (MIT) from SSB KLASS 131; names Kartverket (CC BY 4.0)": (
        "FHI csdata (MIT) fra SSB KLASS 131; navn fra Kartverket (CC BY 4.0)"
    ),
    "FHI csdata (MIT) from SSB KLASS 131": "FHI csdata (MIT) fra SSB KLASS 131",
    "made here from the change graph and its bridge": (
        "laget her av endringene i inndelingen og vektene for delte kommuner"
    ),
    "made here from the organisations, the register organisation and the change graph": (
        "laget her av virksomhetene, registeret over virksomheter og endringene i inndelingen"
    ),
    "computed from municipality_centre and population": "regnet ut av kommunesentrene og innbyggertallene",
    "FHI csdata (MIT) from SSB; names Kartverket (CC BY 4.0)": (
        "FHI csdata (MIT) fra SSB; navn fra Kartverket (CC BY 4.0)"
    ),
    "SSB table 07459 (CC BY 4.0) by way of csdata": "SSB tabell 07459 (CC BY 4.0) gjennom csdata",
    "Brønnøysundregistrene (NLOD), SSB KLASS 1236; register organisation": (
        "Brønnøysundregistrene (NLOD), SSB KLASS 1236; registeret over virksomheter"
    ),
    "public pages of the networks, named in each row": "nettverkenes åpne sider, oppgitt i hver rad",
    "derived from the counties each network covers; register network_member": (
        "utledet av fylkene hvert nettverk dekker; registeret over medlemmer"
    ),
    "developers' pages of KS, August 2026; register product": (
        "KS sine sider for utviklere, august 2026; produktkatalogen"
    ),
    "defined here": "definert her",
    "KS's page on invoicing; kind and measure are our reading": (
        "KS sin side om fakturering; slag og mål er vår tolkning"
    ),
    "register price_rule; published prices named in each row": (
        "registeret over prisregler; publiserte priser oppgitt i hver rad"
    ),
    "register source_system": "registeret over fagsystemer",
    "compiled here; register service_alias": "samlet her; registeret over tjenestenavn",
    "decided here": "bestemt her",
    "KS's open API description of SvarUt; rank and outcome are our own": (
        "KS sin åpne API-beskrivelse av SvarUt; rang og utfall er våre egne"
    ),
}
"""What the contracts say in English of where reference tables come from."""

TEXTS: Final[Mapping[str, Text]] = {
    **{f"value.sources.{told}": nb(text) | en(told) for told, text in _SOURCES.items()},
    "about.answer": nb(
        "Sidene viser hvordan kommunene bruker de digitale fellestjenestene, hvor langt tjenestene er kommet, hva de "
        "koster, og hvor sikre tallene er."
    )
    | en(
        "The pages show how municipalities use the shared digital services, how far the services have come, what they "
        "cost, and how sure the numbers are."
    ),
    "about.what.title": nb("Hva dette er") | en("What this is"),
    "about.what.read": nb(
        "Hver side svarer først på ett spørsmål i én setning. Under står tallene bak, hvor ferske de er, hvordan de er "
        "laget, og filer med det samme innholdet."
    )
    | en(
        "Each page first answers one question in one sentence. Below stand the numbers behind it, how fresh they are, "
        "how they are made, and files of the same."
    ),
    "about.what.release": nb(
        "Tallene kommer i utgaver. En utgave er kontrollert før den vises, og endres aldri etterpå. En lenke med "
        "utgave i adressen viser det samme i morgen, så lenge utgaven er tatt vare på."
    )
    | en(
        "The numbers come in releases. A release is checked before it shows, and never changes afterwards. A link with "
        "a release in its address shows the same tomorrow, as long as the release is kept."
    ),
    "about.what.links": nb(
        "[Datakvalitet og katalog]({data}) viser datasettene og kontrollene. [Definisjoner]({definitions}) forklarer "
        "hvert tall og hvert ord."
    )
    | en(
        "[Data quality and catalogue]({data}) shows the datasets and checks. [Definitions]({definitions}) explains "
        "each number and each word."
    ),
    "about.synthetic.title": nb("Noen tall er syntetiske") | en("Some numbers are synthetic"),
    "about.synthetic.none.title": nb("Ingen tall er syntetiske") | en("No numbers are synthetic"),
    "about.synthetic": nb(
        "{n} av {all} datasett i utgaven har rader fra en simulator. De viser hvordan sidene virker, og sier ingenting "
        "om virkelige kommuner. Slike tall er merket «syntetisk» der de vises, og i filene. Et tall er merket når noe "
        "av det bygger på dem."
    )
    | en(
        "{n} of {all} datasets of the release have rows from a simulator. They show how the pages work, and say "
        "nothing of real municipalities. Such numbers are marked “synthetic” where they show, and in files. A number "
        "is marked when any of it rests on them."
    ),
    "about.synthetic.none": nb("Ingen av de {all} datasettene i utgaven har rader fra en simulator.")
    | en("None of the {all} datasets of the release has rows from a simulator."),
    "about.origin.title": nb("Hvor tallene kommer fra") | en("Where the numbers come from"),
    "about.origin.streams": nb("Systemene sender inn opplysninger av disse slagene. Hver rad blir kontrollert.")
    | en("Systems send records of these kinds. Each row is checked."),
    "about.origin.streams.caption": nb("Strømmer") | en("Streams"),
    "about.origin.reference": nb("Kommuner, innbyggere, produkter og annet å slå opp i har egne kilder.")
    | en("Municipalities, inhabitants, products and other things to look up have sources of their own."),
    "about.origin.reference.caption": nb("Kilder til oppslagstabellene, slik kontraktene sier det")
    | en("Sources of the reference tables, as contracts say"),
    "about.privacy.title": nb("Personvern") | en("Privacy"),
    "about.privacy.people": nb(
        "Ingen datasett har opplysninger om enkeltpersoner. Mottakeren av en forsendelse er bare person, virksomhet "
        "eller ukjent."
    )
    | en("No dataset holds data on single persons. The receiver of a dispatch is person, organisation or unknown."),
    "about.privacy.numbers": nb(
        "Alt som kommer inn, blir lett gjennom etter fødselsnumre. Et slikt nummer blir maskert i døren, før noe "
        "lagres, og raden settes til side."
    )
    | en(
        "All that comes in is searched for national identity numbers. Such a number is masked at the door, before "
        "anything is kept, and its row is set aside."
    ),
    "about.privacy.small": nb(
        "I tjenester der et lite tall kan fortelle om noen, er 1 til 4 skjult. Andre tall som kunne røpet det, er også "
        "skjult."
    )
    | en("At services where a small number may tell of somebody, 1 to 4 are hidden. So are others that give it away."),
    "about.privacy.visitors": nb(
        "Sidene teller ikke besøk, henter ingenting fra andre nettsteder og sender ingenting til andre. Streamlit, som "
        "sidene er laget med, kan sende bruksstatistikk; det er slått av."
    )
    | en(
        "The pages count no visits, fetch nothing from other sites and send nothing to others. Streamlit, which they "
        "are made with, can send usage statistics; that is turned off."
    ),
    "about.privacy.cookies": nb(
        "Streamlit setter tekniske informasjonskapsler, for å verne mot falske skjema og, der sidene krever "
        "innlogging, for å huske den. De brukes ikke til noe annet."
    )
    | en(
        "Streamlit sets technical cookies: to guard against forged forms and, where pages ask for a login, to remember "
        "it. They are used for nothing else."
    ),
    "about.accessibility.title": nb("Tilgjengelighetserklæring (utkast)") | en("Accessibility statement (draft)"),
    "about.accessibility.draft": nb(
        "Dette er et utkast fra dem som laget sidene, ikke en godkjent erklæring. Eieren må gå gjennom det, fylle ut "
        "det som mangler, og publisere erklæringen i løsningen på uustatus.no."
    )
    | en(
        "This is a draft by those who made the pages, no approved statement. The owner must go through it, fill in "
        "what is missing, and publish the statement through uustatus.no."
    ),
    "about.accessibility.draft.title": nb("Utkast") | en("Draft"),
    "about.fact.owner": nb("Virksomhet") | en("Organisation"),
    "about.fact.site": nb("Nettsted") | en("Site"),
    "about.fact.status": nb("Status") | en("Status"),
    "about.fact.requirement": nb("Krav") | en("Requirement"),
    "about.fact.tested": nb("Slik er det prøvd") | en("How it was tried"),
    "about.fact.dated": nb("Dato") | en("Date"),
    "about.fact.open": nb("Fylles ut av eieren") | en("To be filled in by the owner"),
    "about.fact.status.value": nb("Delvis i samsvar, etter egne prøver. Ingen utenforstående har prøvd sidene.")
    | en("Partly in accordance, by tests of our own. Nobody from outside has tried the pages."),
    "about.fact.requirement.value": nb("Retningslinjene WCAG 2.1, nivå A og AA")
    | en("The guidelines WCAG 2.1, levels A and AA"),
    "about.fact.tested.value": nb(
        "Automatisk i nettleseren Chromium med verktøyet axe, på 1280 og 320 piksler, og med tastatur. Ikke prøvd med "
        "skjermleser, av personer med funksjonsnedsettelser eller i andre nettlesere."
    )
    | en(
        "By machine in the browser Chromium with the tool axe, at 1280 and 320 pixels, and by keyboard. Not tried with "
        "a screen reader, by people with disabilities or in other browsers."
    ),
    "about.lacks.title": nb("Det som ikke er i samsvar") | en("What is not in accordance"),
    "about.lacks.subtitle": nb("Kravets nummer i retningslinjene står først. Listen er det vi selv kjenner til.")
    | en("The number of the criterion stands first. The list is what we know of ourselves."),
    "about.lacks.language": nb(
        "**3.1.2 Språk på deler av innhold.** Streamlits egne felt har noen engelske ord på norske sider, som "
        "hjelpetekst i menyer og meldingen når et valg ikke finnes. De kan ikke oversettes eller merkes med språk fra "
        "vår side. Noen navn fra systemene er på engelsk eller norsk uten merke."
    )
    | en(
        "**3.1.2 Language of parts.** Streamlit's own fields have some English words on Norwegian pages, as hints in "
        "menus and the message that a choice does not exist. We can neither translate nor mark them. Some names "
        "from systems are in English or Norwegian without a mark."
    ),
    "about.lacks.charts": nb(
        "**1.1.1 og 1.4.1 Diagrammer.** Diagrammene tegnes som vektorgrafikk med én tekst som sier hovedsaken. De "
        "enkelte punktene kan ikke nås med tastatur, og verdier som vises når pekeren holdes over, vises bare da. "
        "Tabellen ved siden av har de samme tallene."
    )
    | en(
        "**1.1.1 and 1.4.1 Charts.** Charts are drawn as vector graphics with one text that says the point. Single "
        "points cannot be reached by keyboard, and values that show under the pointer show only then. The table beside "
        "has the same numbers."
    ),
    "about.lacks.status": nb(
        "**4.1.3 Statusbeskjeder.** Når et filter endres, tegnes siden på nytt. Det blir ikke lest opp for den som "
        "bruker skjermleser at tallene er nye."
    )
    | en(
        "**4.1.3 Status messages.** When a filter changes, the page is drawn anew. That the numbers are new is not "
        "announced to who uses a screen reader."
    ),
    "about.lacks.reflow": nb(
        "**1.4.10 Omflyting.** Brede tabeller rulles sidelengs i en egen ramme på små skjermer. Kravet tillater det "
        "for tabeller, men mange kolonner er tungt å lese."
    )
    | en(
        "**1.4.10 Reflow.** Wide tables scroll sideways in a frame of their own on small screens. The criterion allows "
        "it for tables, but many columns are hard to read."
    ),
    "about.lacks.files": nb("**Filer.** Regneark og andre filer som lastes ned, er ikke prøvd for tilgjengelighet.")
    | en("**Files.** Spreadsheets and other files that are downloaded have not been tried for accessibility."),
    "about.lacks.script": nb(
        "**Uten skript.** Sidene virker ikke uten JavaScript. Rapportene som lages av de samme tallene, gjør det."
    )
    | en("**Without script.** The pages do not work without JavaScript. The reports of the same numbers do."),
    "about.lacks.dark": nb(
        "**Mørk visning** tilbys ikke: Streamlits mørke farger har ikke god nok kontrast. Sidene er alltid lyse."
    )
    | en("**Dark mode** is not offered: Streamlit's dark colours lack contrast. The pages are always light."),
    "about.complain.title": nb("Meld fra om feil") | en("Report a fault"),
    "about.complain": nb(
        "Si fra når noe ikke virker for deg, så retter vi det vi kan. {contact} Tilsynet for universell utforming "
        "fører tilsyn med kravene. Lenken dit hører til i den ferdige erklæringen og fylles inn av eieren."
    )
    | en(
        "Tell us when something does not work for you, and we mend what we can. {contact} The Norwegian authority for "
        "universal design supervises the requirements. The link to it belongs in the final statement and is filled in "
        "by the owner."
    ),
    "about.column.stream": nb("Strøm") | en("Stream"),
    "about.column.what": nb("Hva en rad er") | en("What a row is"),
    "about.column.table": nb("Tabell") | en("Table"),
    "about.column.source": nb("Kilde") | en("Source"),
    "about.made": nb("**Om sidene**: teksten er skrevet av dem som laget dem. Tallene på siden er fra utgaven.")
    | en("**About the pages**: the text is by those who made them. The numbers on the page are the release's."),
    "about.made.limits": nb("Utkastet til tilgjengelighetserklæring er ikke godkjent av eieren.")
    | en("The draft of the accessibility statement is not approved by the owner."),
}
