"""Words and abbreviations that pages use, explained. A test holds every abbreviation of the texts to be here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

GLOSSARY: Final[Mapping[str, Text]] = {
    "annex": nb("Vedlegg: avtalen om én tjeneste, under hovedavtalen.")
    | en("Annex: the agreement on one service, under the main agreement."),
    "activated": nb("Aktivert: tjenesten er slått på for kommunen. Det er ikke det samme som at den er i bruk.")
    | en("Activated: the service is switched on for the municipality. It is not the same as use."),
    "in_use": nb("I bruk: kommunen brukte tjenesten minst én gang de siste 90 dagene.")
    | en("In use: the municipality used the service at least once within 90 days."),
    "dispatch": nb("Forsendelse: et brev eller en melding som en virksomhet sender gjennom SvarUt.")
    | en("Dispatch: a letter or message that an organisation sends through SvarUt."),
    "channel": nb("Kanal: veien en forsendelse går, til en digital postkasse, et annet system eller på papir.")
    | en("Channel: the way that a dispatch goes: to a digital mailbox, another system, or on paper."),
    "connection": nb("Tilknytning: virksomhet, konto og fagsystem som bruker en tjeneste sammen.")
    | en("Connection: organisation, account and source system that use a service together."),
    "source_system": nb("Fagsystem: programmet i kommunen som bruker tjenesten.")
    | en("Source system: the municipality's program that uses the service."),
    "borders": nb(
        "Dagens inndeling: kommunene slik de er fra 2024. Datidens inndeling: slik de var i måneden tallet gjelder."
    )
    | en("Division of now: the municipalities since 2024. Division of then: those of the month."),
    "release": nb("Utgave: et sett med tall som er kontrollert og lukket. En utgave endres aldri.")
    | en("Release: a set of numbers that was checked and closed. A release never changes."),
    "dataset": nb("Datasett: en tabell i utgaven, med eier, kolonner og kontroller.")
    | en("Dataset: a table of the release, with an owner, columns and checks."),
    "contract": nb("Kontrakt: løftet om hva et datasett inneholder. Den har en utgave, som øker når løftet endres.")
    | en("Contract: the promise of what a dataset holds. It has a version, which rises when the promise changes."),
    "stream": nb("Strøm: det ene slaget opplysninger som et system sender inn, for eksempel forsendelser.")
    | en("Stream: one kind of records that a system sends, dispatches for one."),
    "register": nb("Register: en tabell som mennesker holder ved like, for eksempel over fagsystemer.")
    | en("Register: a table that people keep, of source systems for one."),
    "quarantine": nb("Til kontroll: rader som brøt en regel. De er ikke med i tallene før de er rettet.")
    | en("Set aside: rows that broke a rule. They are not in the numbers until mended."),
    "synthetic": nb("Syntetisk: laget av en simulator. Slike tall sier ingenting om virkelige kommuner.")
    | en("Synthetic: made by a simulator. Such numbers say nothing of real municipalities."),
    "missing": nb("Mangler: vises som to punktum. Tallet skulle vært der, men er ikke kjent. Det er aldri null.")
    | en("Missing: shown as two full stops. The number should be there but is not known. It is never zero."),
    "not_possible": nb("Ikke mulig: vises som ett punktum. Tallet kan ikke finnes.")
    | en("Not possible: shown as one full stop. There can be no such number."),
    "hidden": nb("Skjult: vises som kolon. Tallet kunne fortalt noe om enkeltpersoner.")
    | en("Hidden: shown as a colon. The number could tell of single persons."),
    "median": nb("Median: den midterste når alle står etter størrelse.") | en("Median: the middle one, by size."),
    "quartile": nb("Kvartil: grensen for den laveste eller den høyeste fjerdedelen.")
    | en("Quartile: the bound of the lowest or the highest quarter."),
    "backtest": nb("Feil i etterprøving: hvor mye framskrivingen bommet på måneder som ble holdt utenfor.")
    | en("Back-tested error: how far the forecast missed in months that were held out."),
    "self_cost": nb("Selvkostgrad: inntekten i prosent av kostnaden. 100 prosent er balanse.")
    | en("Self-cost coverage: income in per cent of cost. 100 per cent is balance."),
    "self_cost_price": nb("Selvkostpris: prisen som akkurat dekker kostnaden.")
    | en("Self-cost price: the price that just covers the cost."),
    "ore": nb("Øre: hundredelen av en krone. Filene har beløp i øre eller kroner, alltid uten merverdiavgift.")
    | en("Øre: a hundredth of a krone. Files have amounts in øre or kroner, always without VAT."),
    "digifin": nb("Digifin: finansieringsordning for felles digitalisering i kommunene.")
    | en("Digifin: a scheme that finances shared digitalisation of municipalities."),
}
"""Terms, each with what it is. The word itself stands before the colon."""

ABBREVIATIONS: Final[Mapping[str, Text]] = {
    "AA": nb("Det andre av tre nivåer i retningslinjene for tilgjengelig innhold. Loven krever det.")
    | en("The second of three levels of the guidelines for accessible content. Norwegian law asks for it."),
    "ALTINN": nb("Kanalen til meldingsboksen i Altinn.") | en("The channel to the inbox of Altinn."),
    "API": nb("Et grensesnitt som programmer snakker med hverandre gjennom.")
    | en("An interface through which programs talk."),
    "BY": nb("Vilkår i en åpen lisens: den som bruker dataene, oppgir kilden.")
    | en("A term of an open licence: who uses the data names their source."),
    "CC": nb("Creative Commons, en familie av åpne lisenser.") | en("Creative Commons, a family of open licences."),
    "COUNTRY": nb("Kode for gruppen «hele landet uten Oslo».") | en("Code of the group “the country without Oslo”."),
    "CSV": nb("Et tekstformat for tabeller, som regneark åpner.")
    | en("A text format of tables that spreadsheets open."),
    "DIF": nb("Laget som lager utgavene og svarer for datasettene.")
    | en("The team that makes the releases and answers for the datasets."),
    "FHI": nb("Folkehelseinstituttet.") | en("The Norwegian Institute of Public Health."),
    "KLASS": nb("Statistisk sentralbyrås samling av klassifikasjoner, som kommunenumrene.")
    | en("Statistics Norway's collection of classifications, municipality codes among them."),
    "KS": nb("Kommunesektorens organisasjon.") | en("The Norwegian Association of Local and Regional Authorities."),
    "MIT": nb("En åpen lisens for programvare.") | en("An open licence for software."),
    "mva": nb("Merverdiavgift.") | en("Merverdiavgift, value added tax, in Norwegian."),
    "NHN": nb("Kanalen gjennom Norsk helsenett.") | en("The channel through Norsk helsenett, the health network."),
    "NLOD": nb("Norsk lisens for offentlige data.") | en("The Norwegian licence for open government data."),
    "NOT_STATED": nb("Kode for at ingen sa hvilket fagsystem det var.")
    | en("Code: nobody said which source system it was."),
    "PRINT": nb("Kanalen på papir: brevet trykkes og sendes i posten.")
    | en("The channel on paper: the letter is printed and posted."),
    "SDP": nb("Sikker digital postkasse: kanalen til innbyggernes digitale postkasser.")
    | en("The channel to the digital mailboxes of inhabitants."),
    "SQL": nb("Språket som spørringer til databaser skrives i.") | en("The language of queries to databases."),
    "SSB": nb("Statistisk sentralbyrå.") | en("Statistics Norway."),
    "SVARINN": nb("Kanalen rett inn i mottakerens fagsystem.")
    | en("The channel straight into the receiver's source system."),
    "UNMAPPED": nb("Kode for et fagsystemnavn som registeret ikke kjenner.")
    | en("Code of a source system name that the register lacks."),
    "VAT": nb("Merverdiavgift, på engelsk.") | en("Value added tax."),
    "WCAG": nb("Retningslinjene for tilgjengelig innhold på nettet.") | en("Web Content Accessibility Guidelines."),
    "XLSX": nb("Filformatet til Excel.") | en("The file format of Excel."),
    "ZIP": nb("Et format som samler flere filer i én.") | en("A format that holds several files in one."),
}

TEXTS: Final[Mapping[str, Text]] = {
    **{f"term.{name}": text for name, text in GLOSSARY.items()},
    **{f"abbreviation.{name}": text for name, text in ABBREVIATIONS.items()},
}
