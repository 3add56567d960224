"""What the page of data quality and the catalogue says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.tables.streams import STREAMS
from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    **{f"value.stream.{one.name}": one.title for one in STREAMS.values()},
    "data.not_in_release": nb("Utgave {release} er laget før katalogen ble en del av utgavene.")
    | en("Release {release} is older than the catalogue."),
    "data.answer": nb("Utgaven har {datasets} datasett med {rows} rader, og alle {checks} kontroller er bestått.")
    | en("The release holds {datasets} datasets of {rows} rows, and all {checks} checks passed."),
    "data.answer.failed": nb(
        "Utgaven har {datasets} datasett med {rows} rader, og {failed} av {checks} kontroller er ikke bestått."
    )
    | en("The release holds {datasets} datasets of {rows} rows, and {failed} of {checks} checks failed."),
    "data.answer.lacking": nb(
        "De siste fire ukene mangler {lacking} av {all:virksomhet|virksomheter} minst én levering."
    )
    | en(
        "Within the last four weeks, {lacking} of {all:organisation|organisations} {lacking:=lacks|lack} a "
        "delivery or more."
    ),
    "data.answer.delivered": nb("Alle {all} virksomheter har levert de siste fire ukene.")
    | en("All {all} organisations have delivered within the last four weeks."),
    "data.part.katalog": nb("Katalog") | en("Catalogue"),
    "data.part.leveranser": nb("Leveranser") | en("Deliveries"),
    "data.part.karantene": nb("Til kontroll") | en("Set aside"),
    "data.part.endringer": nb("Endringer") | en("Changes"),
    "data.every.dataset": nb("Alle datasett") | en("All datasets"),
    "data.every.organisation": nb("Alle virksomheter") | en("All organisations"),
    "data.every.stream": nb("Alle strømmer") | en("All streams"),
    "data.every.service": nb("Alle tjenester") | en("All services"),
    "filter.del": nb("Del av siden") | en("Part of the page"),
    "filter.datasett": nb("Datasett") | en("Dataset"),
    "filter.organisasjon": nb("Virksomhet") | en("Organisation"),
    "filter.strom": nb("Strøm") | en("Stream"),
    "data.figure.of": nb("{n} av {all}") | en("{n} of {all}"),
    "data.figure.checks": nb("Kontroller bestått") | en("Checks passed"),
    "data.figure.checks.words": nb("på datasettene og det de er laget av")
    | en("of the datasets and what they are made of"),
    "data.figure.lacking": nb("Virksomheter som mangler levering") | en("Organisations that lack a delivery"),
    "data.figure.lacking.words": nb("av {all} som skulle levert de siste fire ukene")
    | en("of {all} that should have delivered within four weeks"),
    "data.figure.aside": nb("Rader til kontroll") | en("Rows set aside"),
    "data.figure.aside.words": nb("{share} av {all} mottatte rader") | en("{share} of {all} rows received"),
    "data.figure.changed": nb("Tall som er endret") | en("Numbers that changed"),
    "data.figure.changed.words": nb("i {municipalities:kommune|kommuner}, siden utgave {parent}")
    | en("in {municipalities:municipality|municipalities}, since release {parent}"),
    "data.figure.changed.first": nb("Ikke mulig: dette er den første utgaven")
    | en("Not possible: this is the first release"),
    "data.owner": nb("Team {name}") | en("Team {name}"),
    "data.team.dif": nb("DIF") | en("DIF"),
    "data.team.okonomi": nb("økonomi") | en("economy"),
    "data.team.nettverk": nb("nettverk") | en("networks"),
    "data.team.produkt": nb("produkt") | en("products"),
    "data.fresh.hours": nb("innen {n:time|timer}") | en("within {n:hour|hours}"),
    "data.fresh.days": nb("innen {n:dag|dager}") | en("within {n:day|days}"),
    "data.fresh.updated": nb("Skal oppdateres {promise}. Sist laget {at}.")
    | en("To be updated {promise}. Last made {at}."),
    "data.checked.none": nb("Beskriver utgaven, og prøves ikke") | en("Describes the release, and is not tried"),
    "data.checked.passed": nb("Alle {all} bestått") | en("All {all} passed"),
    "data.checked.failed": nb("{failed} av {all} ikke bestått") | en("{failed} of {all} failed"),
    "data.rows.describes": nb("Ikke talt: datasettet beskriver utgaven")
    | en("Not counted: the dataset describes the release"),
    "data.audience.OPEN": nb("Alle som slipper inn. Tilknytninger og leverandører er for dem de gjelder.")
    | en("Everyone who is let in. Connections and suppliers are for those they concern."),
    "data.audience.LEDGER": nb("Økonomi og ledelse") | en("Economy and leadership"),
    "data.audience.OWN": nb("Virksomheten det gjelder") | en("The organisation it concerns"),
    "data.audience.INTERNAL": nb("Ingen") | en("Nobody"),
    "data.audience.OPEN.short": nb("Åpent") | en("Open"),
    "data.audience.LEDGER.short": nb("Økonomi og ledelse") | en("Economy and leadership"),
    "data.audience.OWN.short": nb("Egen virksomhet") | en("Own organisation"),
    "data.audience.INTERNAL.short": nb("Ingen") | en("Nobody"),
    "data.fact.dataset": nb("Datasett") | en("Dataset"),
    "data.fact.name": nb("Navn i spørringer") | en("Name in queries"),
    "data.fact.owner": nb("Eier") | en("Owner"),
    "data.fact.audience": nb("Hvem som kan lese") | en("Who may read"),
    "data.fact.fresh": nb("Ferskhet") | en("Freshness"),
    "data.fact.promise": nb("Skal oppdateres") | en("To be updated"),
    "data.fact.rows": nb("Rader") | en("Rows"),
    "data.fact.checks": nb("Kontroller") | en("Checks"),
    "data.fact.version": nb("Kontraktens utgave") | en("Contract version"),
    "data.fact.key": nb("Det som skiller radene") | en("What tells rows apart"),
    "data.fact.synthetic": nb("Syntetisk") | en("Synthetic"),
    "data.synthetic.yes": nb("Ja: noen av radene bygger på tall fra en simulator")
    | en("Yes: some rows rest on simulated numbers"),
    "data.synthetic.no": nb("Nei") | en("No"),
    "data.overview.title": nb("{n} datasett, hvert med en eier og et løfte")
    | en("{n} datasets, each with an owner and a promise"),
    "data.overview.subtitle": nb("Velg et datasett for kolonner, eksempel, opphav, kontroller og filer.")
    | en("Choose a dataset for its columns, sample, lineage, checks and files."),
    "data.overview.caption": nb("Datasett i utgaven") | en("Datasets of the release"),
    "data.columns.title": nb("Kolonner") | en("Columns"),
    "data.columns.caption": nb("Kolonnene i {dataset}") | en("The columns of {dataset}"),
    "column.description": nb("Hva den er") | en("What it is"),
    "value.additivity.sum": nb("ja") | en("yes"),
    "value.additivity.last": nb("bare siste i tid") | en("the last in time only"),
    "value.additivity.none": nb("nei") | en("no"),
    "data.restricted": nb("{title} er ikke for din rolle. Beskrivelsen er åpen, radene er det ikke.")
    | en("{title} is not for your role. Its description is open, its rows are not."),
    "data.sample.title": nb("Eksempel") | en("Sample"),
    "data.sample.caption": nb("De første {n} radene, slik de ligger") | en("The first {n} rows, as they lie"),
    "data.sample.empty": nb("Datasettet har ingen rader i denne utgaven.")
    | en("The dataset has no rows in this release."),
    "data.lineage.title": nb("Opphav") | en("Lineage"),
    "data.lineage.before": nb("Laget av") | en("Made of"),
    "data.lineage.after": nb("Brukes til å lage") | en("Goes into"),
    "data.lineage.stream": nb("Strømmen {title} ({name})") | en("The stream {title} ({name})"),
    "data.lineage.register": nb("Registeret {title} ({name})") | en("The register {title} ({name})"),
    "data.lineage.sources": nb("Kilder etter kontrakten: {sources}") | en("Sources by its contract: {sources}"),
    "data.lineage.none": nb("Lages av selve kjøringen, ikke av andre datasett.")
    | en("Made by the run itself, of no other dataset."),
    "data.lineage.last": nb("Ingen andre datasett. Sider og lesere bruker det som det er.")
    | en("No other dataset. Pages and readers use it as it is."),
    "data.lineage.untold": nb("Utgave {release} sier ikke hva som lages av hva.")
    | en("Release {release} does not say what is made of what."),
    "data.checks.title": nb("Kontroller: {said}") | en("Checks: {said}"),
    "data.checks.caption": nb("Hva datasettet er prøvd mot") | en("What the dataset was tried against"),
    "data.check.required_columns": nb("Kolonnene er dem kontrakten lover, og de som må ha verdi, har det.")
    | en("The columns are those of the contract, and those that must have a value have one."),
    "data.check.key_unique": nb("Ingen to rader har samme nøkkel.") | en("No two rows have the same key."),
    "data.check.across": nb("Henger sammen med andre datasett.") | en("Agrees with other datasets."),
    "column.looks_for": nb("Hva den ser etter") | en("What it looks for"),
    "data.files.title": nb("Last ned") | en("Download"),
    "data.file.one": nb("Last ned Parquet ({size})") | en("Download Parquet ({size})"),
    "data.file.many": nb("Last ned Parquet i en ZIP-fil, én mappe for hver måned ({parts:fil|filer}, {size})")
    | en("Download Parquet in a ZIP file, a folder for each month ({parts:file|files}, {size})"),
    "data.files.large": nb("Datasettet har {rows} rader. Regneark lages for inntil {most}; bruk Parquet.")
    | en("The dataset has {rows} rows. Spreadsheets are made of up to {most}; use Parquet."),
    "data.files.link": nb("Lenken til Parquet varer en halv time. Last siden på nytt for å få en ny.")
    | en("The link to Parquet holds for half an hour. Reload the page for a new one."),
    "data.code.title": nb("Åpne filen i verktøyet ditt") | en("Open the file in your tool"),
    "data.code.subtitle": nb(
        "Last ned først, og pakk ut en ZIP-fil der du arbeider. I Excel og Power BI limes linjene inn i avansert "
        "redigering; bytt ut mappen med din egen."
    )
    | en(
        "Download first, and unpack a ZIP file where you work. In Excel and Power BI, paste the lines in the advanced "
        "editor; put your own folder in."
    ),
    "data.code.folder": nb("C:\\mappen\\din") | en("C:\\your\\folder"),
    "data.organisation": nb("Virksomhet") | en("Organisation"),
    "data.lacking.not_in_release": nb("Utgave {release} er laget før det ble kjent hvem som skulle levert.")
    | en("Release {release} is older than the knowledge of who should have delivered."),
    "data.lacking.title": nb("Minst én levering mangler fra {n:virksomhet|virksomheter}")
    | en("{n:organisation lacks|organisations lack} a delivery or more"),
    "data.lacking.title.single": nb("Minst én levering mangler fra én virksomhet")
    | en("One organisation lacks a delivery or more"),
    "data.lacking.title.none": nb("Ingen leveringer mangler") | en("No delivery is missing"),
    "data.lacking.title.one": nb("{name} mangler {missing} av {due:dag|dager}")
    | en("{name} lacks {missing} of {due:day|days}"),
    "data.lacking.title.one.none": nb("{name} har levert alt som var ventet")
    | en("{name} has delivered all that was expected"),
    "data.lacking.title.nothing": nb("Ingenting var ventet fra virksomheten")
    | en("Nothing was expected of the organisation"),
    "data.lacking.subtitle": nb(
        "Dager fra {first} til {last}, norsk tid. Flest manglende dager først. Et hull er ikke null bruk."
    )
    | en("Days from {first} to {last}, Norwegian time. Most missing days first. A gap is not zero use."),
    "data.lacking.caption": nb("Leveringer dag for dag (på en smal skjerm: rull til siden for alle dagene)")
    | en("Deliveries by day (on a narrow screen: scroll sideways for all days)"),
    "data.lacking.words": nb("Kort sagt") | en("In short"),
    "data.lacking.row": nb("Mangler {missing} av {due:ventet dag|ventede dager}.")
    | en("Lacks {missing} of {due:day|days} expected."),
    "data.lacking.row.late": nb("{late} kom for sent.") | en("{late} came late."),
    "data.lacking.row.since": nb("Første hull {day}.") | en("First gap {day}."),
    "data.lacking.cut": nb("Viser de {shown} med flest hull, av {all}. Filene har alle.")
    | en("Shows the {shown} with most gaps, of {all}. The files have them all."),
    "data.sign.MISSING": nb("M") | en("M"),
    "data.sign.LATE": nb("S") | en("L"),
    "data.sign.NOT_YET_DUE": nb("v") | en("w"),
    "data.sign.RECEIVED": nb("✓") | en("✓"),
    "data.sign.MISSING.words": nb("mangler, fristen er ute") | en("missing, past its deadline"),
    "data.sign.LATE.words": nb("kom for sent") | en("came late"),
    "data.sign.NOT_YET_DUE.words": nb("ventet, fristen er ikke ute") | en("awaited, not due yet"),
    "data.sign.RECEIVED.words": nb("kom") | en("came"),
    "data.sign.none.words": nb("Tomt: ingenting var ventet om dagen") | en("Empty: nothing expected about the day"),
    "column.days_due": nb("Ventede dager") | en("Days expected"),
    "column.days_missing": nb("Manglende dager") | en("Days missing"),
    "column.days_late": nb("Dager som kom for sent") | en("Days that came late"),
    "column.missing_since": nb("Første hull") | en("First gap"),
    "data.received.title": nb("Sist mottatt") | en("Received last"),
    "data.received.subtitle": nb(
        "Hva hver produsent har sendt, og når det siste kom. Antall rader vises ikke for forsendelser: sammen med de "
        "åpne tallene ville det røpet hvor mange som gjelder personer."
    )
    | en(
        "What each producer has sent, and when the last came. Numbers of rows are not shown for dispatches: beside the "
        "open figures they would tell how many are about persons."
    ),
    "data.received.caption": nb("Sendinger etter strøm og produsent") | en("Batches by stream and producer"),
    "column.batches": nb("Sendinger") | en("Batches"),
    "data.quarantine.title": nb("{n:rad|rader} er satt til side, etter {rules:regel|regler}")
    | en("{n:row is|rows are} set aside, by {rules:rule|rules}"),
    "data.quarantine.title.none": nb("Ingen rader er satt til side") | en("No rows are set aside"),
    "data.quarantine.subtitle": nb(
        "Radene er ikke med i tallene. Produsenten retter og sender på nytt. En rad som brøt flere regler, telles "
        "under hver."
    )
    | en(
        "The rows are not in the numbers. The producer mends and sends again. A row that broke several rules counts "
        "under each."
    ),
    "data.quarantine.caption": nb("Rader til kontroll etter regel") | en("Rows set aside by rule"),
    "column.producers": nb("Produsenter") | en("Producers"),
    "data.accounting.title": nb("Hva som ble av hver rad som kom") | en("What became of each row that came"),
    "data.accounting.sums": nb(
        "Regnskapet går opp: alle {landed} mottatte rader er gjort rede for. Landet = gjeldende + erstattet + til "
        "kontroll + holdt tilbake + trukket."
    )
    | en(
        "It adds up: all {landed} rows received are accounted for. Landed = conformed + superseded + quarantined + "
        "held + withdrawn."
    ),
    "data.accounting.left_out": nb(
        "Av {landed} mottatte rader er {told} gjort rede for her. De siste {rest} gjelder følsomme tjenester og er "
        "holdt utenfor. Landet = gjeldende + erstattet + til kontroll + holdt tilbake + trukket + holdt utenfor."
    )
    | en(
        "Of {landed} rows received, {told} are accounted for here. The other {rest} are of sensitive services and left "
        "out. Landed = conformed + superseded + quarantined + held + withdrawn + left out."
    ),
    "data.accounting.caption": nb("Radregnskap etter strøm") | en("Accounting of rows by stream"),
    "data.unmapped.title": nb("{n:fagsystemnavn er ukjent|fagsystemnavn er ukjente}, {share} av forsendelsene")
    | en("{n:system name is|system names are} unknown, {share} of dispatches"),
    "data.unmapped.title.none": nb("Alle fagsystemnavn er kjente") | en("All system names are known"),
    "data.unmapped.subtitle": nb(
        "Navn som ble sendt de siste tolv hele månedene, og som registeret over fagsystemer ikke har. "
        "Føres de inn der, er de kjente fra neste utgave."
    )
    | en(
        "Names sent within the last twelve whole months that the register of source systems lacks. Entered there, they "
        "are known from the next release on."
    ),
    "data.unmapped.caption": nb("Fagsystemnavn uten system") | en("System names without a system"),
    "data.changed.title": nb("Dette er endret siden utgave {parent}") | en("What changed since release {parent}"),
    "data.changed.none": nb("Ingen tall er endret") | en("No numbers changed"),
    "data.changed.same": nb("Bruken er den samme som i utgave {parent}, eller tjenesten er ikke blant de endrede.")
    | en("Use is the same as in release {parent}, or the service is not among those that changed."),
    "data.changed.first": nb("Dette er den første utgaven, så det er ingenting å sammenlikne med.")
    | en("This is the first release: there is nothing to compare with."),
    "data.changed.subtitle": nb("Etter årsak og det som telles. Ulike mål summeres ikke.")
    | en("By reason and what is counted. Different measures are not summed."),
    "data.changed.caption": nb("Endringer etter årsak") | en("Changes by reason"),
    "data.changes.title": nb("Hvor det er endret") | en("Where it changed"),
    "data.changes.subtitle": nb(
        "Kommuner i dagens inndeling, største endring først. Mangler kommunen, er virksomheten ikke en kommune."
    )
    | en("Municipalities of now, the largest change first. No municipality: the organisation is none."),
    "data.changes.caption": nb("Endringer etter kommune, tjeneste og måned")
    | en("Changes by municipality, service and month"),
    "column.months": nb("Måneder") | en("Months"),
    "value.reason.WITHDRAWN": nb("sending trukket tilbake") | en("batch taken back"),
    "value.reason.HELD_BEFORE": nb("holdt tilbake før") | en("held before"),
    "value.reason.NEW_SENDER": nb("ny avsender") | en("new sender"),
    "value.reason.NEW_MAPPING": nb("nye regler eller registre") | en("new rules or registers"),
    "value.reason.CORRECTED": nb("rettet") | en("corrected"),
    "value.reason.LATE": nb("kom for sent") | en("came late"),
    "value.reason.NEW": nb("måneden pågår") | en("the month goes on"),
    "data.made.checks": nb(
        "**Kontroll**: en regel som et datasett er prøvd mot. Består den ikke, blir utgaven stoppet."
    )
    | en("**Check**: a rule that a dataset is tried against. Where it fails, the release is stopped."),
    "data.made.lacking": nb(
        "**Mangler levering**: noe var ventet om dagen, etter virksomhetens egen rytme eller fordi den er aktivert, og "
        "er ikke kommet til fristen. Fristen er den andre virkedagen etter."
    )
    | en(
        "**Lacks a delivery**: something was expected about the day, by the organisation's own rhythm or because it is "
        "activated, and had not come by the deadline. The deadline is the second working day after."
    ),
    "data.made.accounting": nb(
        "**Radregnskap**: gjeldende er med i tallene. Erstattet har en nyere versjon. Til kontroll brøt en regel. "
        "Holdt tilbake venter på neste utgave. Trukket er tatt tilbake av den som sendte."
    )
    | en(
        "**Accounting**: conformed is in the numbers. Superseded has a newer version. Quarantined broke a rule. Held "
        "waits for the next release. Withdrawn was taken back by who sent it."
    ),
    "data.made.changed": nb(
        "**Endret**: et tall for kommune, tjeneste, måned og mål som ikke er det samme som i utgaven før."
    )
    | en("**Changed**: a number of municipality, service, month and measure that differs from the release before."),
    "data.made.restricted": nb(
        "**Hvem som kan lese**: beskrivelsen av et datasett er åpen. Rader og filer er bare for dem som har rollen."
    )
    | en("**Who may read**: a dataset's description is open. Rows and files are only for those with the role."),
    "data.made.limits": nb(
        "Hva som er ventet, gjelder de siste 92 dagene. Følsomme tjenester er holdt utenfor leveringer og endringer. "
        "Tall som mangler, vises som `..`, og tall som ikke er mulige, som `.`."
    )
    | en(
        "What is expected is known for the last 92 days. Sensitive services are left out of deliveries and changes. "
        "A number that is missing shows as `..`, one that cannot be as `.`."
    ),
    "handing.unknown": nb("Lenken er ikke gyldig. Åpne siden på nytt for å få en ny.")
    | en("The link is not valid. Open the page again for a new one."),
    "handing.expired": nb("Lenken er for gammel. Last siden på nytt for å få en ny.")
    | en("The link is too old. Reload the page for a new one."),
    "handing.forbidden": nb("Du har ikke tilgang til denne filen.") | en("You have no access to this file."),
    "handing.gone": nb("Utgaven finnes ikke lenger. Åpne siden på nytt for den nyeste.")
    | en("The release is gone. Open the page again for the newest."),
}
