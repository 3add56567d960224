"""Quality: what was received, what was checked, and what was quarantined."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, DatasetContract
from catalog.text import en, nb

_OWNER = "team:dif"

_COARSE = nb(
    "Av forsendelser er rader av følsomme og ukjente tjenester rundet opp til nærmeste femti før de er lagt til: en "
    "slik rad er en person, og to utgaver ville vist hvor mange som kom til."
) | en(
    "Of dispatches, rows of sensitive and unknown services are rounded up to the next fifty before they are added: "
    "such a row is a person, and two releases would show how many came."
)
BATCH = DatasetContract(
    schema="quality",
    table="batch",
    title=nb("Sendinger") | en("Batches"),
    about=nb("Én rad per mottatt sending, fra journalen.") | en("One row per landed batch, from the journal."),
    owner=_OWNER,
    version=3,
    columns=(
        c.int64("journal_number", "Nummer i journalen", "Journal number", key=True),
        c.text("stream", "Strøm", "Stream"),
        c.PRODUCER,
        c.text("batch_id", "Sending", "Batch"),
        c.count("rows", "Rader", "Rows", "rader", null=True).explained(
            "Tom for forsendelser: det en sending har flere enn de åpne tjenestene viser, er personer.",
            "Null for dispatches: what a batch has more than the open services show, are persons.",
        ),
        c.timestamp("received_at", "Mottatt", "Received at"),
        c.int32("contract_version", "Kontraktens utgave", "Contract version"),
        c.count("masked_rows", "Rader med maskert felt", "Rows with a masked field", "rader"),
        c.timestamp("withdrawn_at", "Trukket tilbake", "Withdrawn at", null=True).explained(
            "Eller slettet. Da teller ingen av radene.", "Or erased. Then none of its rows count."
        ),
        c.text("withdrawn_because", "Begrunnelse", "Reason for it", null=True),
        c.SYNTHETIC,
    ),
)
CHECK_RESULT = DatasetContract(
    schema="quality",
    table="check_result",
    title=nb("Kontroller") | en("Check results"),
    about=nb("Én rad per datasett og kontroll i denne utgaven.") | en("One row per dataset and check of this release."),
    owner=_OWNER,
    columns=(
        c.text("dataset", "Datasett", "Dataset", key=True),
        c.text("check_name", "Kontroll", "Check", key=True),
        c.flag("passed", "Bestått", "Passed"),
        c.count("unexpected", "Avvik", "Unexpected rows", "rader", additivity=Additivity.NONE),
        c.count("examined", "Kontrollert", "Examined", "rader", additivity=Additivity.NONE),
        c.text("detail", "Forklaring", "Explanation", null=True),
        c.text("carried_from", "Videreført fra utgave", "Carried over from release", null=True).explained(
            "Utgaven som kontrollerte det som ikke er laget på nytt siden; tom når alt er kontrollert nå.",
            "The release that judged what was not made anew since; null where all was judged now.",
        ),
        c.timestamp("judged_at", "Kontrollert tidspunkt", "Judged at"),
    ),
)
QUARANTINE_SUMMARY = DatasetContract(
    schema="quality",
    table="quarantine_summary",
    title=nb("Rader til kontroll, samlet") | en("Quarantine summary"),
    about=nb("Én rad per strøm, måned, produsent og regel. En rad som brøt flere regler, telles under hver.")
    | en("One row per stream, month, producer and rule. A row that broke several rules counts under each."),
    owner=_OWNER,
    one_at_a_time=("rule",),
    columns=(
        c.text("stream", "Strøm", "Stream", key=True),
        c.MONTH.but(key=True, null=True),
        c.PRODUCER.but(key=True),
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
        "Én rad per strøm og måned: mottatt = gjeldende + erstattet + til kontroll + holdt tilbake + trukket eller "
        "slettet. Gjeldende forsendelser i følsomme tjenester er ikke med."
    )
    | en(
        "One row per stream and month: landed = conformed + superseded + quarantined + held + withdrawn or erased. "
        "Dispatches in force of sensitive services are left out."
    ),
    owner=_OWNER,
    columns=(
        c.text("stream", "Strøm", "Stream", key=True),
        c.MONTH.but(key=True, null=True),
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
    title=nb("Hva som kom om hver dag") | en("What came about each day"),
    about=nb(
        "Én rad per produsent, virksomhet, strøm, tjeneste og dag som det kom noe om. Et rapportert nulltall er "
        "kommet. Brukerhenvendelser og følsomme tjenester er holdt utenfor."
    )
    | en(
        "One row per producer, organisation, stream, service, day that something came about. A reported zero came. "
        "Support requests and sensitive services are left out."
    ),
    owner=_OWNER,
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
            "Da den siste nye nøkkelen kom første gang; rettelser teller ikke.",
            "When the last new key first came; corrections do not count.",
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
    title=nb("Hvem skulle levert") | en("Who should have delivered"),
    about=nb(
        "Én rad per produsent, virksomhet, strøm og dag der noe var ventet eller kom, for de siste 92 dagene til og "
        "med utgavens dag. Eldre dager står i tidligere utgaver, slik de endte. En manglende levering betyr "
        "aldri null bruk. Følsomme tjenester er holdt utenfor."
    )
    | en(
        "One row per producer, organisation, stream, day on which something was expected or came, of the last 92 days "
        "up to the day of the release. Older days stand in earlier releases, as they ended. A gap is a gap, never no "
        "use. Sensitive services are left out."
    ),
    owner=_OWNER,
    sources=("dispatch", "measurement", "adoption", "organisation"),
    columns=(
        c.PRODUCER.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("stream", "Strøm", "Stream", key=True).explained(
            "dispatch eller measurement.", "dispatch or measurement."
        ),
        c.DAY.but(key=True).explained(
            "Dagen radene gjelder, norsk tid. Er en uke eller måned ventet, dens siste virkedag.",
            "The day the rows are about, Europe/Oslo. Where a week or month is expected, its last working day.",
        ),
        c.flag("expected", "Ventet", "Expected").explained(
            "Etter virksomhetens egen rytme, eller fordi den er aktivert.",
            "By the organisation's own rhythm, or because it is activated.",
        ),
        c.text("expected_because", "Ventet fordi", "Expected because", null=True).explained(
            "RHYTHM (kom om minst 7 av de 8 siste dagene av samme slag eller ukene, eller hver av 3 måneder), "
            "ADOPTION (aktivert for en tjeneste den har levert om før); tom når den ikke var ventet.",
            "RHYTHM (came about at least 7 of the last 8 days of the kind or weeks, or each of 3 months), ADOPTION "
            "(activated for a service that it has delivered about before); null where not expected.",
        ),
        c.text("covers", "Ventet for", "Expected for", null=True).explained(
            "DAY, WEEK eller MONTH: noe om én av dagene er nok. Tom når den ikke var ventet.",
            "DAY, WEEK or MONTH: something about one of its days is enough. Null where not expected.",
        ),
        c.flag("received", "Mottatt", "Received"),
        c.timestamp("first_received_at", "Først mottatt", "First received at", null=True).explained(
            "Tom når ingenting er mottatt.", "Null where nothing was received."
        ),
        c.date("due_on", "Frist", "Due on", null=True).explained(
            "Til og med den andre virkedagen (mandag til fredag, ikke helligdag) etter; tom når den ikke var ventet.",
            "Up to and with the second working day (Monday to Friday, no public holiday) after; null where not "
            "expected.",
        ),
        c.int32("late_days", "Dager for sent", "Days late", "dager", null=True, additivity=Additivity.NONE).explained(
            "Kalenderdager, enda fristen er i virkedager: fra fredag til mandag er tre. Mottatt: etter fristen, "
            "0 når den ble holdt. Ikke mottatt: siden fristen; tom før den.",
            "Calendar days, though the deadline is in working days: from Friday to Monday is three. Received: past "
            "the deadline, 0 when kept. Not received: since the deadline; null before it.",
        ),
        c.text("status", "Status", "Status").explained(
            "RECEIVED (også en dag som ikke var ventet selv, i en uke eller måned som var det), LATE (kom for "
            "sent), MISSING, NOT_YET_DUE eller UNEXPECTED (kom uten å være ventet).",
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
            nb("Status må følge av om noe var ventet og kom.")
            | en("The status must follow from whether something was expected and came."),
        ),
        r.Rule(
            "expected_is_explained",
            "expected = (expected_because is not null) and expected = (covers is not null) "
            "and expected = (due_on is not null)",
            ("expected", "expected_because", "covers", "due_on"),
            nb("Det som er ventet, må ha grunn og frist; annet har ingen.")
            | en("What is expected must have a reason and a deadline; nothing else has."),
        ),
    ),
)
DIFF_REASONS = ("WITHDRAWN", "HELD_BEFORE", "NEW_SENDER", "NEW_MAPPING", "CORRECTED", "LATE", "NEW")
RELEASE_DIFF = DatasetContract(
    schema="quality",
    table="release_diff",
    title=nb("Endret siden forrige utgave") | en("Changed since the previous release"),
    about=nb(
        "Én rad per måned, kommune i dagens inndeling, tjeneste, mål og årsak der bruken er endret. Summer aldri på "
        "tvers av mål. Det som teller personer i følsomme tjenester, er holdt utenfor."
    )
    | en(
        "One row per month, municipality of now, service, measure, reason where use changed. Never sum across "
        "measures. What counts persons at sensitive services is left out."
    ),
    owner=_OWNER,
    one_at_a_time=("measure",),
    columns=(
        c.MONTH.but(key=True),
        c.MUNICIPALITY_CODE.but(key=True, null=True).explained(
            "I dagens inndeling; tom for virksomheter som ikke er kommuner.",
            "In the division of now; null for organisations that are no municipality.",
        ),
        c.SERVICE.but(key=True),
        c.text("measure", "Mål", "Measure", key=True).explained(
            "forsendelser, eller et mål i reference.measure.", "forsendelser (dispatches), or as in reference.measure."
        ),
        c.text("reason", "Årsak", "Reason", key=True).explained(
            "WITHDRAWN (trukket sending), HELD_BEFORE (holdt tilbake før), NEW_SENDER (ny avsender), NEW_MAPPING "
            "(nye regler eller registre), CORRECTED (rettet), LATE (kom for sent), NEW (måneden pågår).",
            "WITHDRAWN (batch taken back), HELD_BEFORE, NEW_SENDER, NEW_MAPPING (new rules or registers), "
            "CORRECTED, LATE (came late), NEW (the month goes on).",
        ),
        c.quantity("difference", "Endring", "Difference", "målets enhet").explained(
            "Delene summerer til after − before for måneden, kommunen, tjenesten og målet.",
            "Parts sum to after − before of the month, municipality, service and measure.",
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
UNMAPPED_SYSTEM = DatasetContract(
    schema="quality",
    table="unmapped_system",
    title=nb("Fagsystemnavn uten system") | en("Source system names without a system"),
    about=nb(
        "Én rad per navn som ble sendt de siste tolv hele månedene, og som registeret source_system ikke kjenner. "
        "Måneden som pågår, er ikke med. "
        "Det som er skjult i usage.connection_month, er ikke med i tallene."
    )
    | en(
        "One row per name sent within the last twelve whole months that the register source_system lacks. "
        "The month that goes on is not in it. "
        "What usage.connection_month hides is not in the figures."
    ),
    owner=_OWNER,
    columns=(
        c.SOURCE_SYSTEM.but(key=True, null=False),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.share("share", "Andel av alle forsendelser", "Share of all dispatches", additivity=Additivity.SUM).explained(
            "Navnets forsendelser delt på alle i de samme månedene, også dem uten oppgitt fagsystem. Over og under "
            "streken: bare dem som vises i usage.connection_month, der følsomme tjenester ikke er med.",
            "The name's dispatches over all of the same months, those with no system stated too. Above and below "
            "the line: only those that usage.connection_month shows, which has no sensitive services.",
        ),
        c.count("organisations", "Virksomheter", "Organisations", "virksomheter", additivity=Additivity.NONE),
        c.date("last_month", "Sist sett i måneden", "Last seen in the month"),
        c.SYNTHETIC,
    ),
)

DATASETS = (BATCH, ACCOUNTING, CHECK_RESULT, QUARANTINE_SUMMARY, EXPECTED_REPORTER, RELEASE_DIFF, UNMAPPED_SYSTEM)
