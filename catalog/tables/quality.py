"""Quality: what was received, what was checked, and what was quarantined."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, DatasetContract
from catalog.text import en, nb

_OF_MONTH = nb(
    "Første dag i måneden, norsk tid. Bare for dispatch og measurement; andre strømmer telles samlet, og har tom måned."
) | en(
    "The first day of the month, Europe/Oslo. Of dispatch and measurement alone; other streams are counted whole, and "
    "have null."
)
_COARSE = nb(
    "Antall rader fra følsomme og ukjente tjenester er rundet opp til nærmeste femti: Hver slik rad "
    "kan være en person, og to utgaver ville ellers vist hvor mange som kom til."
) | en(
    "Counts of rows from sensitive and unknown services are rounded up to the next fifty: each such row "
    "may be an individual, and two releases would otherwise show how many were added."
)
_SENDER = c.PRODUCER.explained(
    "Systemet som sendte raden. En leverandør som sender for en virksomhet, vises som virksomheten.",
    "The system that sent the row. A supplier that sends for an organisation is shown as the organisation.",
)
BATCH = DatasetContract(
    schema="quality",
    table="batch",
    title=nb("Sendinger") | en("Batches"),
    about=nb("Én rad per mottatt sending, hentet fra journalen.") | en("One row per batch received, from the journal."),
    version=3,
    columns=(
        c.int64("journal_number", "Nummer i journalen", "Journal number", key=True),
        c.text("stream", "Strøm", "Stream"),
        _SENDER,
        c.text("batch_id", "Sending", "Batch"),
        c.count("rows", "Rader", "Rows", "rader", null=True).explained(
            "Tom for forsendelser, målinger og fakturalinjer: Rader ut over dem i de åpne tjenestene ville røpet "
            "antall personer.",
            "Null for dispatches, measurements and invoice lines: rows beyond those of the open services would reveal "
            "a number of individuals.",
        ),
        c.timestamp("received_at", "Mottatt", "Received at"),
        c.int32("contract_version", "Kontraktens utgave", "Contract version"),
        c.count("masked_rows", "Rader med maskert felt", "Rows with a masked field", "rader").explained(
            "Rundet opp til nærmeste femti der antall rader er tomt.",
            "Rounded up to the next fifty where rows is null.",
        ),
        c.timestamp("withdrawn_at", "Trukket tilbake", "Withdrawn at", null=True).explained(
            "Også når sendingen er slettet. Da teller ingen av radene.",
            "Also when the batch is erased. None of its rows then count.",
        ),
        c.text("withdrawn_because", "Begrunnelse", "Reason", null=True),
        c.SYNTHETIC,
    ),
)
CHECK_RESULT = DatasetContract(
    schema="quality",
    table="check_result",
    title=nb("Kontroller") | en("Check results"),
    about=nb("Én rad per datasett og kontroll i denne utgaven.") | en("One row per dataset and check of this release."),
    version=2,
    replaces_at_once="The former version told how many rows tables have that are not published.",
    columns=(
        c.text("dataset", "Datasett", "Dataset", key=True),
        c.text("check_name", "Kontroll", "Check", key=True),
        c.flag("passed", "Bestått", "Passed"),
        c.count("unexpected", "Avvik", "Unexpected rows", "rader", additivity=Additivity.NONE),
        c.count("examined", "Kontrollert", "Examined", "rader", null=True, additivity=Additivity.NONE).explained(
            "Tom for datasett som ikke publiseres, og for kontroller som leser dem: Antallet ville vist hvor mange "
            "rader som kom til.",
            "Null for datasets that are not published, and for checks that read them: the number would show how many "
            "rows were added.",
        ),
        c.text("detail", "Forklaring", "Explanation", null=True),
        c.text("carried_from", "Kontrollert i utgave", "Carried over from release", null=True).explained(
            "Utgaven som kontrollerte data som siden er uendret; tom når alt er kontrollert i denne utgaven.",
            "The release that checked data not rebuilt since; null if everything was checked in this release.",
        ),
        c.timestamp("judged_at", "Tidspunkt for kontrollen", "Checked at"),
        c.text("severity", "Alvor", "Severity").explained(
            "ERROR: Kontrollen stanser utgaven når den ikke er bestått. WARN: Den varsler bare, og avvik er 0 der "
            "antallet ikke kan vises.",
            "ERROR: nothing is published when the check fails. WARN: it only warns, and the number of unexpected "
            "rows is 0 where it may not be shown.",
        ),
    ),
)
QUARANTINE_SUMMARY = DatasetContract(
    schema="quality",
    table="quarantine_summary",
    title=nb("Sammendrag av rader til kontroll") | en("Quarantine summary"),
    about=nb("Én rad per strøm, måned, produsent og regel. En rad som brøt flere regler, telles under hver av dem.")
    | en("One row per stream, month, producer and rule. A row that broke several rules counts under each."),
    non_additive_across=("rule",),
    columns=(
        c.text("stream", "Strøm", "Stream", key=True),
        c.MONTH.but(key=True, null=True).explained(_OF_MONTH.nb, _OF_MONTH.en),
        _SENDER.but(key=True),
        c.text("rule", "Regel", "Rule", key=True),
        c.count("rows", "Rader", "Rows", "rader", about=_COARSE),
        c.text("says", "Hva som er galt", "What is wrong", null=True),
    ),
)
ACCOUNTING = DatasetContract(
    schema="quality",
    table="accounting",
    title=nb("Radregnskap") | en("Row accounting"),
    about=nb(
        "Én rad per strøm og måned: mottatt = gjeldende + erstattet + til kontroll + holdt tilbake + "
        "trukket eller slettet. Gjeldende forsendelser i følsomme tjenester er utelatt. Målinger og "
        "fakturalinjer som gjelder, er erstattet, holdt tilbake eller trukket, er rundet opp til nærmeste femti, og "
        "mottatt er summen av de avrundede."
    )
    | en(
        "One row per stream and month: received = conformed + superseded + quarantined + held + "
        "withdrawn or erased. Conformed dispatches of sensitive services are left out. Measurements and invoice "
        "lines conformed, superseded, held and withdrawn are rounded up to the next fifty, and received is the sum of "
        "the rounded."
    ),
    columns=(
        c.text("stream", "Strøm", "Stream", key=True),
        c.MONTH.but(key=True, null=True).explained(_OF_MONTH.nb, _OF_MONTH.en),
        c.count("landed", "Mottatt", "Received", "rader"),
        c.count("conformed", "Gjeldende", "Conformed", "rader"),
        c.count("superseded", "Erstattet", "Superseded", "rader"),
        c.count("quarantined", "Til kontroll", "Quarantined", "rader", about=_COARSE),
        c.count("held", "Holdt tilbake", "Held", "rader", about=_COARSE),
        c.count("withdrawn", "Trukket eller slettet", "Withdrawn or erased", "rader", about=_COARSE),
    ),
)

ARRIVAL_DAY = DatasetContract(
    schema="conformed",
    table="arrival_day",
    title=nb("Mottatte data per dag") | en("Data received per day"),
    about=nb(
        "Én rad per produsent, virksomhet, strøm, tjeneste og dag med mottatte data. Et rapportert "
        "nulltall regnes som mottatt. Brukerhenvendelser og følsomme tjenester er utelatt."
    )
    | en(
        "One row per producer, organisation, stream, service and day with data received. A reported zero "
        "counts as received. Support requests and sensitive services are left out."
    ),
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement"),
    columns=(
        c.MONTH,
        c.PRODUCER.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("stream", "Strøm", "Stream", key=True),
        c.SERVICE.but(key=True),
        c.DAY.but(key=True),
        c.count("rows", "Gjeldende rader", "Rows in force", "rader"),
        c.timestamp("first_received_at", "Først mottatt", "First received at"),
        c.timestamp("last_received_at", "Sist mottatt", "Last received at").explained(
            "Da den siste nye nøkkelen først kom; rettelser teller ikke.",
            "When the last new key first arrived; corrections do not count.",
        ),
        c.SYNTHETIC,
    ),
)
REPORTER_STREAMS = ("dispatch", "measurement")
REPORTER_COVERS = ("DAY", "WEEK", "MONTH")
REPORTER_BECAUSE = ("RHYTHM", "ADOPTION")
REPORTER_STATUS = ("RECEIVED", "LATE", "MISSING", "NOT_YET_DUE", "UNEXPECTED")
EXPECTED_REPORTER = DatasetContract(
    schema="quality",
    table="expected_reporter",
    title=nb("Forventede og mottatte leveringer") | en("Expected and received deliveries"),
    about=nb(
        "Én rad per produsent, virksomhet, strøm og dag med forventet eller mottatt levering, for de "
        "siste 92 dagene til og med utgavens dag. Eldre dager står i tidligere utgaver. En manglende "
        "levering betyr aldri null bruk. Følsomme tjenester er utelatt."
    )
    | en(
        "One row per producer, organisation, stream and day with a delivery expected or received, for "
        "the last 92 days through the day of the release. Older days are in earlier releases. A missing "
        "delivery never means no use. Sensitive services are left out."
    ),
    sources=("dispatch", "measurement", "adoption", "organisation"),
    columns=(
        c.PRODUCER.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("stream", "Strøm", "Stream", key=True).explained(
            "dispatch eller measurement.", "dispatch or measurement."
        ),
        c.DAY.but(key=True).explained(
            "Dagen radene gjelder, norsk tid. For en forventet uke eller måned: siste virkedag.",
            "The day the rows cover, Europe/Oslo. For an expected week or month: its last working day.",
        ),
        c.flag("expected", "Forventet", "Expected").explained(
            "Ut fra virksomhetens egen rytme, eller fordi den er aktivert.",
            "From the organisation's own rhythm, or because it is activated.",
        ),
        c.text("expected_because", "Grunn til forventningen", "Reason for expectation", null=True).explained(
            "RHYTHM (data for minst 7 av de 8 siste dagene av samme slag eller ukene, eller for hver av 3 "
            "måneder), ADOPTION (aktivert for en tjeneste den har levert data om før); tom når ingenting var "
            "forventet.",
            "RHYTHM (data for at least 7 of the last 8 days of the same kind or weeks, or each of 3 months), "
            "ADOPTION (activated for a service it has delivered data on before); null if nothing was "
            "expected.",
        ),
        c.text("covers", "Forventet periode", "Expected period", null=True).explained(
            "DAY, WEEK eller MONTH: data for én av dagene er nok. Tom når ingenting var forventet.",
            "DAY, WEEK or MONTH: data for one of its days is enough. Null if nothing was expected.",
        ),
        c.flag("received", "Mottatt", "Received"),
        c.timestamp("first_received_at", "Først mottatt", "First received at", null=True).explained(
            "Tom når ingenting er mottatt.", "Null where nothing was received."
        ),
        c.date("due_on", "Frist", "Due on", null=True).explained(
            "Til og med den andre virkedagen etterpå (mandag til fredag, ikke helligdag); tom når ingenting "
            "var forventet.",
            "Through the second working day afterwards (Monday to Friday, not a public holiday); null if "
            "nothing was expected.",
        ),
        c.int32("late_days", "Dager for sent", "Days late", "dager", null=True, additivity=Additivity.NONE).explained(
            "Kalenderdager, selv om fristen regnes i virkedager: Fra fredag til mandag er tre dager. "
            "Mottatt: dager etter fristen, 0 når den ble holdt. Ikke mottatt: dager siden fristen; tom før "
            "fristen.",
            "Calendar days, although the deadline is in working days: Friday to Monday is three. Received: "
            "days past the deadline, 0 if met. Not received: days since the deadline; null before it.",
        ),
        c.text("status", "Status", "Status").explained(
            "RECEIVED (også en dag som selv ikke var forventet, i en uke eller måned som var det), LATE (kom "
            "for sent), MISSING, NOT_YET_DUE eller UNEXPECTED (kom uten å være forventet).",
            "RECEIVED (also a day not expected itself, in a week or month that was), LATE (came late), MISSING, "
            "NOT_YET_DUE or UNEXPECTED (came without being expected).",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.modulus_11("organisation_number"),
        r.one_of("stream", REPORTER_STREAMS),
        r.one_of("expected_because", REPORTER_BECAUSE),
        r.one_of("covers", REPORTER_COVERS),
        r.one_of("status", REPORTER_STATUS),
        r.at_least("late_days", 0),
        r.Rule(
            "status_follows",
            "case status when 'MISSING' then expected and not received "
            "when 'NOT_YET_DUE' then expected and not received "
            "when 'LATE' then expected and received when 'RECEIVED' then received else received and not expected end",
            ("status", "expected", "received"),
            nb("Status må følge av om noe var forventet og kom.")
            | en("The status must follow from whether something was expected and arrived."),
        ),
        r.Rule(
            "expected_is_explained",
            "expected = (expected_because is not null) and expected = (covers is not null) "
            "and expected = (due_on is not null)",
            ("expected", "expected_because", "covers", "due_on"),
            nb("Forventede leveringer, og bare de, må ha grunn, periode og frist.")
            | en("Expected deliveries, and only those, must have a reason, a period and a deadline."),
        ),
    ),
)
DIFF_REASONS = ("WITHDRAWN", "HELD_BEFORE", "NEW_SENDER", "NEW_MAPPING", "CORRECTED", "LATE", "NEW")
RELEASE_DIFF = DatasetContract(
    schema="quality",
    table="release_diff",
    title=nb("Endret siden forrige utgave") | en("Changed since the previous release"),
    about=nb(
        "Én rad per måned, kommune i dagens inndeling, tjeneste, mål og årsak der bruken er endret. "
        "Summer aldri på tvers av mål. Mål som teller personer i følsomme tjenester, er utelatt."
    )
    | en(
        "One row per month, current municipality, service, measure and reason where use changed. Never "
        "sum across measures. Measures that count individuals at sensitive services are left out."
    ),
    non_additive_across=("measure",),
    columns=(
        c.MONTH.but(key=True),
        c.MUNICIPALITY_CODE.but(key=True, null=True).explained(
            "I dagens inndeling; tom for virksomheter som ikke er kommuner.",
            "In the current division; null for organisations that are not municipalities.",
        ),
        c.SERVICE.but(key=True),
        c.text("measure", "Mål", "Measure", key=True).explained(
            "forsendelser, eller et mål i reference.measure.", "forsendelser (dispatches), or as in reference.measure."
        ),
        c.text("reason", "Årsak", "Reason", key=True).explained(
            "WITHDRAWN (trukket sending), HELD_BEFORE (tidligere holdt tilbake), NEW_SENDER (ny avsender), "
            "NEW_MAPPING (nye regler eller registre), CORRECTED (rettet), LATE (kom for sent), NEW (måneden "
            "pågår).",
            "WITHDRAWN (batch withdrawn), HELD_BEFORE (held back before), NEW_SENDER, NEW_MAPPING (new rules "
            "or registers), CORRECTED, LATE (came late), NEW (the month is in progress).",
        ),
        c.quantity("difference", "Endring", "Difference", "målets enhet").explained(
            "Delene summerer til after − before for måneden, kommunen, tjenesten og målet.",
            "The parts sum to after − before for the month, municipality, service and measure.",
        ),
        c.quantity("before", "Før", "Before", "målets enhet", additivity=Additivity.NONE, null=True).explained(
            "0 når utgaven ikke har noe tall.", "0 where the release has no figure."
        ),
        c.quantity("after", "Etter", "After", "målets enhet", additivity=Additivity.NONE, null=True).explained(
            "0 når utgaven ikke har noe tall.", "0 where the release has no figure."
        ),
        c.text("release", "Utgave", "Release"),
        c.text("compared_with", "Sammenlignet med", "Compared with", null=True),
        c.SYNTHETIC,
    ),
)
_DATASET_COLUMNS = (
    c.text("dataset", "Datasett", "Dataset", key=True),
    c.text("column_name", "Kolonne", "Column", key=True, null=True).explained(
        "Kolonnen som er summert. Tom i raden som teller datasettets rader.",
        "The column summed. Null in the row that counts the dataset's rows.",
    ),
    c.text("unit", "Enhet", "Unit"),
    c.quantity("before", "Før", "Before", "etter unit", digits=38, null=True, additivity=Additivity.NONE).explained(
        "Summen av alle rader, uansett måned og mål: en kontrollsum, ikke et tall å vise. Tom når utgaven ikke har "
        "kolonnen.",
        "The sum of all rows, whatever the month and measure: a control sum, not a figure to show. Null if the release "
        "lacks the column.",
    ),
    c.quantity("after", "Etter", "After", "etter unit", digits=38, null=True, additivity=Additivity.NONE).explained(
        "Som før; tom når utgaven ikke har kolonnen.", "As before; null if the release lacks the column."
    ),
    c.quantity(
        "difference", "Endring", "Difference", "etter unit", digits=38, null=True, additivity=Additivity.NONE
    ).explained("after − before; tom når en av dem er tom.", "after − before; null if either is null."),
    c.count("removed", "Rader som er borte", "Rows removed", "rader", null=True).explained(
        "Rader som bare utgaven før har; en endret rad er både borte og ny. Tom i rader som summerer en kolonne.",
        "Rows that only the release before has; a changed row is also added. Null in rows that sum a column.",
    ),
    c.count("added", "Rader som er nye", "Rows added", "rader", null=True).explained(
        "Rader som bare denne utgaven har. Tom i rader som summerer en kolonne.",
        "Rows that only this release has. Null in rows that sum a column.",
    ),
    c.text("release", "Utgave", "Release"),
    c.text("compared_with", "Sammenlignet med", "Compared with"),
    c.SYNTHETIC,
)
RELEASE_DIFF_DATASET = DatasetContract(
    schema="quality",
    table="release_diff_dataset",
    title=nb("Datasett som er endret siden forrige utgave") | en("Datasets that changed since the previous release"),
    about=nb(
        "For hvert åpne datasett som er endret: én rad som teller radene, og én rad per beløp, antall og mengde der "
        "summen er endret. Regnskapets datasett står i ledger.release_diff_dataset. Tom etter en sletting."
    )
    | en(
        "For each open dataset that changed: a row that counts its rows, and a row per amount, count and quantity "
        "whose sum changed. Datasets of the ledgers are in ledger.release_diff_dataset. Empty after an erasure."
    ),
    columns=_DATASET_COLUMNS,
)
LEDGER_DIFF_DATASET = DatasetContract(
    schema="ledger",
    table="release_diff_dataset",
    title=nb("Regnskapsdatasett som er endret siden forrige utgave")
    | en("Datasets of the ledgers that changed since the previous release"),
    about=nb(
        "Som quality.release_diff_dataset, for regnskapets datasett: én rad som teller radene, og én rad per beløp, "
        "antall og mengde der summen er endret. Uten det enkeltkunder betaler for bruk av følsomme tjenester."
    )
    | en(
        "As quality.release_diff_dataset, for the datasets of the ledgers: a row that counts the rows, and a row per "
        "amount, count and quantity whose sum changed. Without what single customers pay for use of sensitive services."
    ),
    audience=Audience.LEDGER,
    columns=_DATASET_COLUMNS,
)
UNMAPPED_SYSTEM = DatasetContract(
    schema="quality",
    table="unmapped_system",
    title=nb("Ukjente fagsystemnavn") | en("Unknown source system names"),
    about=nb(
        "Én rad per navn som ble sendt de siste tolv hele månedene, og som mangler i registeret "
        "source_system. Inneværende måned og navn på skjermede fagsystemer er utelatt. Antall er rundet "
        "opp til hele femti."
    )
    | en(
        "One row per name sent within the last twelve whole months that the register source_system "
        "lacks. The current month and names of shielded systems are left out. Counts are rounded up to "
        "whole fifties."
    ),
    columns=(
        c.SOURCE_SYSTEM.but(key=True, null=False),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.share("share", "Andel av alle forsendelser", "Share of all dispatches", additivity=Additivity.SUM).explained(
            "Navnets forsendelser delt på alle i de samme månedene, også de uten oppgitt fagsystem. Begge "
            "tall omfatter bare forsendelser som vises i usage.connection_month, uten følsomme tjenester.",
            "The name's dispatches divided by all in the same months, including those with no system stated. "
            "Both figures cover only dispatches shown in usage.connection_month, without sensitive services.",
        ),
        c.count("organisations", "Virksomheter", "Organisations", "virksomheter", additivity=Additivity.NONE),
        c.date("last_month", "Siste måned sett", "Last month seen"),
        c.SYNTHETIC,
    ),
)

DATASETS = (
    BATCH,
    ACCOUNTING,
    CHECK_RESULT,
    QUARANTINE_SUMMARY,
    EXPECTED_REPORTER,
    RELEASE_DIFF,
    RELEASE_DIFF_DATASET,
    LEDGER_DIFF_DATASET,
    UNMAPPED_SYSTEM,
)
