"""Quality: what was taken in, what was checked, and what was set aside."""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
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
    about=nb("Én rad per landet sending, fra journalen.") | en("One row per landed batch, from the journal."),
    owner=_OWNER,
    version=3,
    columns=(
        Column("journal_number", pa.int64(), nb("Nummer i journalen") | en("Journal number"), key=True),
        Column("stream", pa.string(), nb("Strøm") | en("Stream")),
        c.PRODUCER,
        Column("batch_id", pa.string(), nb("Sending") | en("Batch")),
        c.count("rows", "Rader", "Rows", "rader", null=True).but(
            about=nb("Tom for forsendelser: det en sending har flere enn de åpne tjenestene viser, er personer.")
            | en("Null for dispatches: what a batch has more than the open services show, are persons.")
        ),
        Column("received_at", c.TIMESTAMP, nb("Mottatt") | en("Received at")),
        Column("contract_version", pa.int32(), nb("Kontraktens utgave") | en("Contract version")),
        c.count("masked_rows", "Rader med maskert felt", "Rows with a masked field", "rader"),
        Column(
            "withdrawn_at",
            c.TIMESTAMP,
            nb("Trukket tilbake") | en("Withdrawn at"),
            nb("Da teller ingen av radene.") | en("Then none of its rows count."),
            null=True,
        ),
        Column("withdrawn_because", pa.string(), nb("Begrunnelse") | en("Reason for it"), null=True),
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
        Column("dataset", pa.string(), nb("Datasett") | en("Dataset"), key=True),
        Column("check_name", pa.string(), nb("Kontroll") | en("Check"), key=True),
        Column("passed", pa.bool_(), nb("Bestått") | en("Passed")),
        c.count("unexpected", "Avvik", "Unexpected rows", "rader").but(additivity=Additivity.NONE),
        c.count("examined", "Kontrollert", "Examined", "rader").but(additivity=Additivity.NONE),
        Column("detail", pa.string(), nb("Forklaring") | en("Explanation"), null=True),
        Column("judged_at", c.TIMESTAMP, nb("Kontrollert tidspunkt") | en("Judged at")),
    ),
)
QUARANTINE_SUMMARY = DatasetContract(
    schema="quality",
    table="quarantine_summary",
    title=nb("Rader til kontroll, samlet") | en("Quarantine, summed up"),
    about=nb("Én rad per strøm, måned, produsent og regel. En rad som brøt flere regler, telles under hver.")
    | en("One row per stream, month, producer and rule. A row that broke several rules counts under each."),
    owner=_OWNER,
    one_at_a_time=("rule",),
    columns=(
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.MONTH.but(key=True, null=True),
        c.PRODUCER.but(key=True),
        Column("rule", pa.string(), nb("Regel") | en("Rule"), key=True),
        c.count("rows", "Rader", "Rows", "rader").but(about=_COARSE),
        Column("says", pa.string(), nb("Hva som er galt") | en("What is wrong"), null=True),
    ),
)
ACCOUNTING = DatasetContract(
    schema="quality",
    table="accounting",
    title=nb("Radregnskap") | en("Accounting of rows"),
    about=nb(
        "Én rad per strøm og måned: landet = gjeldende + erstattet + til kontroll + holdt tilbake + trukket. "
        "Gjeldende forsendelser i følsomme tjenester er ikke med."
    )
    | en(
        "One row per stream and month: landed = conformed + superseded + quarantined + held + withdrawn. "
        "Dispatches in force of sensitive services are left out."
    ),
    owner=_OWNER,
    columns=(
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.MONTH.but(key=True, null=True),
        c.count("landed", "Landet", "Landed", "rader"),
        c.count("conformed", "Gjeldende", "Conformed", "rader"),
        c.count("superseded", "Erstattet", "Superseded", "rader"),
        c.count("quarantined", "Til kontroll", "Quarantined", "rader").but(about=_COARSE),
        c.count("held", "Holdt tilbake", "Held", "rader").but(about=_COARSE),
        c.count("withdrawn", "Trukket", "Withdrawn", "rader").but(about=_COARSE),
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
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.SERVICE.but(key=True),
        c.DAY.but(key=True),
        c.count("rows", "Gjeldende rader", "Rows in force", "rader"),
        Column("first_received_at", c.TIMESTAMP, nb("Først mottatt") | en("First received at")),
        Column(
            "last_received_at",
            c.TIMESTAMP,
            nb("Sist mottatt") | en("Last received at"),
            nb("Da den siste nye nøkkelen kom første gang; rettelser teller ikke.")
            | en("When the last new key first came; corrections do not count."),
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
        "med utgavens dag. Eldre dager står i tidligere utgaver, slik de endte. Et hull er et hull: det er aldri null "
        "bruk. Følsomme tjenester er holdt utenfor."
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
        Column(
            "stream",
            pa.string(),
            nb("Strøm") | en("Stream"),
            nb("dispatch eller measurement.") | en("dispatch or measurement."),
            key=True,
        ),
        c.DAY.but(
            key=True,
            about=nb("Dagen radene gjelder, norsk tid. Er en uke eller måned ventet, dens siste virkedag.")
            | en("The day the rows are about, Europe/Oslo. Where a week or month is expected, its last working day."),
        ),
        Column(
            "expected",
            pa.bool_(),
            nb("Ventet") | en("Expected"),
            nb("Etter virksomhetens egen rytme, eller fordi den er aktivert.")
            | en("By the organisation's own rhythm, or because it is activated."),
        ),
        Column(
            "expected_because",
            pa.string(),
            nb("Ventet fordi") | en("Expected because"),
            nb(
                "RHYTHM (kom om minst 7 av de 8 siste dagene av samme slag eller ukene, eller hver av 3 måneder), "
                "ADOPTION (aktivert for en tjeneste den har levert om før); tom når den ikke var ventet."
            )
            | en(
                "RHYTHM (came about at least 7 of the last 8 days of the kind or weeks, or each of 3 months), ADOPTION "
                "(activated for a service that it has delivered about before); null where not expected."
            ),
            null=True,
        ),
        Column(
            "covers",
            pa.string(),
            nb("Ventet for") | en("Expected for"),
            nb("DAY, WEEK eller MONTH: noe om én av dagene er nok. Tom når den ikke var ventet.")
            | en("DAY, WEEK or MONTH: something about one of its days is enough. Null where not expected."),
            null=True,
        ),
        Column("received", pa.bool_(), nb("Mottatt") | en("Received")),
        Column(
            "first_received_at",
            c.TIMESTAMP,
            nb("Først mottatt") | en("First received at"),
            nb("Tom når ingenting er mottatt.") | en("Null where nothing was received."),
            null=True,
        ),
        Column(
            "due_on",
            pa.date32(),
            nb("Frist") | en("Due on"),
            nb(
                "Til og med den andre virkedagen (mandag til fredag, ikke helligdag) etter; tom når den ikke var "
                "ventet."
            )
            | en(
                "Up to and with the second working day (Monday to Friday, no public holiday) after; null where not "
                "expected."
            ),
            null=True,
        ),
        Column(
            "late_days",
            pa.int32(),
            nb("Dager for sent") | en("Days late"),
            nb(
                "Kalenderdager, enda fristen er i virkedager: fra fredag til mandag er tre. Mottatt: etter fristen, "
                "0 når den ble holdt. Ikke mottatt: siden fristen; tom før den."
            )
            | en(
                "Calendar days, though the deadline is in working days: from Friday to Monday is three. Received: past "
                "the deadline, 0 when kept. Not received: since the deadline; null before it."
            ),
            null=True,
            unit="dager",
            additivity=Additivity.NONE,
        ),
        Column(
            "status",
            pa.string(),
            nb("Status") | en("Status"),
            nb(
                "RECEIVED (også en dag som ikke var ventet selv, i en uke eller måned som var det), LATE (kom for "
                "sent), MISSING, NOT_YET_DUE eller UNEXPECTED (kom uten å være ventet)."
            )
            | en(
                "RECEIVED (also a day not expected itself, in a week or month that was), LATE (came late), MISSING, "
                "NOT_YET_DUE or UNEXPECTED (came without being expected)."
            ),
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
DIFF_REASONS = (
    "WITHDRAWN",
    "HELD_BEFORE",
    "NEW_SENDER",
    "NEW_MAPPING",
    "CORRECTED",
    "LATE",
    "NEW",
)
RELEASE_DIFF = DatasetContract(
    schema="quality",
    table="release_diff",
    title=nb("Endret siden forrige utgave") | en("Changed since the release before"),
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
        c.MUNICIPALITY_CODE.but(
            key=True,
            null=True,
            about=nb("I dagens inndeling; tom for virksomheter som ikke er kommuner.")
            | en("In the division of now; null for organisations that are no municipality."),
        ),
        c.SERVICE.but(key=True),
        Column(
            "measure",
            pa.string(),
            nb("Mål") | en("Measure"),
            nb("forsendelser, eller et mål i reference.measure.")
            | en("forsendelser (dispatches), or as in reference.measure."),
            key=True,
        ),
        Column(
            "reason",
            pa.string(),
            nb("Årsak") | en("Reason"),
            nb(
                "WITHDRAWN (trukket sending), HELD_BEFORE (holdt tilbake før), NEW_SENDER (ny avsender), NEW_MAPPING "
                "(nye regler eller registre), CORRECTED (rettet), LATE (kom for sent), NEW (måneden pågår)."
            )
            | en(
                "WITHDRAWN (batch taken back), HELD_BEFORE, NEW_SENDER, NEW_MAPPING (new rules or registers), "
                "CORRECTED, LATE (came late), NEW (the month goes on)."
            ),
            key=True,
        ),
        Column(
            "difference",
            c.QUANTITY,
            nb("Endring") | en("Difference"),
            nb("Delene summerer til after − before for måneden, kommunen, tjenesten og målet.")
            | en("Parts sum to after − before of the month, municipality, service and measure."),
            unit="målets enhet",
            additivity=Additivity.SUM,
        ),
        Column(
            "before",
            c.QUANTITY,
            nb("Før") | en("Before"),
            nb("0 når utgaven ikke har noe tall.") | en("0 where the release has no figure."),
            unit="målets enhet",
            additivity=Additivity.NONE,
            null=True,
        ),
        Column(
            "after",
            c.QUANTITY,
            nb("Etter") | en("After"),
            nb("0 når utgaven ikke har noe tall.") | en("0 where the release has no figure."),
            unit="målets enhet",
            additivity=Additivity.NONE,
            null=True,
        ),
        Column("release", pa.string(), nb("Utgave") | en("Release")),
        Column("compared_with", pa.string(), nb("Sammenliknet med") | en("Compared with"), null=True),
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
        Column(
            "share",
            c.SHARE,
            nb("Andel av alle forsendelser") | en("Share of all dispatches"),
            nb(
                "Navnets forsendelser delt på alle i de samme månedene, også dem uten oppgitt fagsystem. Over og under "
                "streken: bare dem som vises i usage.connection_month, der følsomme tjenester ikke er med."
            )
            | en(
                "The name's dispatches over all of the same months, those with no system stated too. Above and below "
                "the line: only those that usage.connection_month shows, which has no sensitive services."
            ),
            unit="andel",
            additivity=Additivity.SUM,
        ),
        c.count("organisations", "Virksomheter", "Organisations", "virksomheter").but(additivity=Additivity.NONE),
        Column("last_month", pa.date32(), nb("Sist sett i måneden") | en("Last seen in the month")),
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
    UNMAPPED_SYSTEM,
)
