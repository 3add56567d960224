"""What a run read and made, as OpenLineage events.

The run is the job `run`; below it are the jobs `run.<table>`, the gate and the release. `run` is sent at its start; the
others at its end, from its trace, the lake, the verdict and the release. Datasets are named `landing.<stream>`,
`<schema>.<table>` in the lake, and `release.<schema>.<table>` as published. A replay sends only its own job, since its
lake is temporary.

Events hold names, columns, descriptions, statements, rows, bytes and numbers of failing rows, and no data. Rows and
bytes of internal tables, and of streams whose rows may count persons, are left out. Imported only where `lineage_url`
is set, as it loads OpenLineage's client.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata, resources

from openlineage.client import facet_v2 as facets
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState, set_producer
from openlineage.client.facet_v2 import DatasetFacet, InputDatasetFacet, JobFacet, OutputDatasetFacet, RunFacet
from openlineage.client.uuid import generate_new_uuid
from opentelemetry.sdk.trace import ReadableSpan

from assets import quality
from catalog.contracts.language import Audience, Column, DatasetContract, StreamContract
from catalog.domain import identity
from catalog.errors import SharingError
from catalog.tables.datasets import DATASETS
from catalog.tables.quality import CHECK_RESULT
from catalog.tables.streams import STREAMS
from catalog.version import VERSION
from pipelines.quality import gate
from pipelines.quality.checks import ERROR, Check, Kind
from pipelines.run import batches, column_lineage
from pipelines.run.check import Verdict
from pipelines.run.context import RunContext
from pipelines.run.tables import BUILDS, LAKE, LISTS, PUBLISHED, conformed_tables, conformed_with, tables_of
from transport.lake.session import sql_type
from transport.lake.tables import ENGINE
from transport.releases.store import Release
from transport.telemetry.lineage import Lineage
from transport.telemetry.traces import KIND, STEP, fact, kind_of

_RUN, _RELEASE = "run", "release"
_LANDING = "landing"


@dataclass(frozen=True, slots=True)
class _Step:
    """A job below the run, with the lake tables that it reads and makes.

    Attributes:
        lands: the stream whose landed batches it reads.
    """

    about: str
    reads: tuple[DatasetContract, ...]
    makes: tuple[DatasetContract, ...]
    lands: StreamContract | None = None


def _steps() -> dict[str, _Step]:
    """By the name of a step in a run's trace."""
    steps = {}
    for stream in STREAMS.values():
        tables = conformed_tables(stream)
        makes = (*tables, *([LISTS[stream.name]] if stream.name in LISTS else []))
        about = f"Conforms what landed of {stream.name}."
        steps[tables[0].name] = _Step(about, conformed_with(stream), makes, stream)
    for build in BUILDS:
        sources = [table for source in build.inputs.values() for table in tables_of(source)]
        about = f"Builds {build.contract.name}."
        steps[build.contract.name] = _Step(about, tuple(dict.fromkeys(sources)), (build.contract,))
    judged = tuple(build.contract for build in BUILDS)
    steps[CHECK_RESULT.name] = _Step("Judges the tables by their contracts.", judged, (CHECK_RESULT,))
    steps[_RELEASE] = _Step("Publishes a release.", tuple(build.contract for build in PUBLISHED), ())
    return steps


class RunLineage:
    """Sends the events of one run."""

    def __init__(self, run: RunContext) -> None:
        """Send the start of the run.

        Raises:
            BadSetting: nothing could be sent to `lineage_url`.
        """
        self._run = run
        self._namespace = os.environ.get("OPENLINEAGE_NAMESPACE", "dif")  # noqa: TID251 - OpenLineage's own variable
        set_producer(run.settings.public_url or f"urn:dif:dif-data:{VERSION}")
        self._sink = Lineage(run.settings)
        self._began = _moment(run.trace.began)
        self._id = str(generate_new_uuid(self._began))
        self._tell(RunState.START, self._began, self._id, _RUN, "Takes in what waits, makes, judges and publishes.")

    def end(
        self, verdict: Verdict | None, release: Release | None, problem: Exception | None, *, interrupted: bool
    ) -> None:
        """Send the run's outputs and its end. Waits briefly for delivery and never fails the run.

        Args:
            verdict: of the gate; None if the gate did not run.
            release: the published release; None if nothing was published.
            problem: the error that stopped the run, if any.
            interrupted: a person or the machine stopped it.
        """
        try:
            if not self._run.replay:
                self._tell_of_steps(verdict, release)
        except Exception as broken:  # noqa: BLE001 - a lake that is damaged, as the run may have found: it ended all the same
            self._sink.miss(kind_of(broken))
        state = RunState.ABORT if interrupted else RunState.FAIL if problem else RunState.COMPLETE
        self._tell(state, datetime.now(UTC), self._id, _RUN, problem=_words(problem) if problem else "")
        self._sink.close()

    def _tell_of_steps(self, verdict: Verdict | None, release: Release | None) -> None:
        steps = _steps()
        spans: dict[str, list[ReadableSpan]] = {}
        for span in self._run.trace.spans:
            if fact(span, KIND) == STEP and span.name in steps:
                spans.setdefault(span.name, []).append(span)  # a step that was tried again has several
        for name, tried in spans.items():
            step, last = steps[name], tried[-1]
            began, ended = _moment(tried[0].start_time), _moment(last.end_time)
            run_id = str(generate_new_uuid(began))
            failed = name == CHECK_RESULT.name and verdict is not None and verdict.failed
            problem = str(verdict.refusal) if failed and verdict else last.status.description or ""
            state = RunState.FAIL if problem else RunState.COMPLETE
            about, statements = step.about, _statements(step.makes)
            self._tell(RunState.START, began, run_id, f"{_RUN}.{name}", about, statements=statements)
            inputs = [self._read(table) for table in step.reads]
            outputs = [self._output_dataset(table, step, last) for table in step.makes]
            if step.lands:
                inputs.append(self._landed(step.lands))
            if name == CHECK_RESULT.name and verdict:
                inputs, outputs = self._judged(verdict), [self._output_dataset(CHECK_RESULT, step, last, verdict)]
            if name == _RELEASE and release:
                outputs = [self._published(name, entry) for name, entry in release.section("datasets").items()]
            self._tell(
                state,
                ended,
                run_id,
                f"{_RUN}.{name}",
                about,
                inputs,
                outputs,
                statements=statements,
                problem=problem or "",
            )

    def _tell(  # noqa: PLR0913 - what an event holds
        self,
        state: RunState,
        at: datetime,
        run: str,
        job: str,
        about: str = "",
        inputs: Sequence[InputDataset] = (),
        outputs: Sequence[OutputDataset] = (),
        *,
        statements: str = "",
        problem: str = "",
    ) -> None:
        engine, version = ENGINE.split()
        of_run: dict[str, RunFacet] = {
            "nominalTime": facets.nominal_time_run.NominalTimeRunFacet(self._run.as_of.isoformat()),
            "processing_engine": facets.processing_engine_run.ProcessingEngineRunFacet(
                version, engine, metadata.version("openlineage-python")
            ),
        }
        if run != self._id:
            parent = facets.parent_run
            of_run["parent"] = parent.ParentRunFacet(
                parent.Run(self._id),
                parent.Job(self._namespace, _RUN),
                parent.Root(parent.RootRun(self._id), parent.RootJob(self._namespace, _RUN)),
            )
        if problem:
            of_run["errorMessage"] = facets.error_message_run.ErrorMessageRunFacet(identity.mask(problem), "PYTHON")
        kind = "TASK" if run != self._id else "DAG"
        of_job: dict[str, JobFacet] = {"jobType": facets.job_type_job.JobTypeJobFacet("BATCH", "DIF", kind)}
        if about:
            of_job["documentation"] = facets.documentation_job.DocumentationJobFacet(about)
        if statements:
            of_job["sql"] = facets.sql_job.SQLJobFacet(statements, "duckdb")
        self._sink.send(
            RunEvent(
                eventType=state,
                eventTime=at.isoformat(),
                run=Run(run, of_run),
                job=Job(self._namespace, job, of_job),
                inputs=[*inputs],
                outputs=[*outputs],
            )
        )

    # --- datasets ----------------------------------------------------------------------------------------------------

    def _read(self, table: DatasetContract) -> InputDataset:
        return InputDataset(self._namespace, table.name, facets=self._version(self._fingerprint(table)))

    def _landed(self, stream: StreamContract) -> InputDataset:
        """A stream's landed batches, up to the last."""
        entries = batches.seen(self._run, stream)
        about = f"What producers sent of: {stream.title.en}. {stream.about.en}"
        described = self._described(about, stream.owner, stream.columns, synthetic=any(e.synthetic for e in entries))
        described |= self._version(str(entries[-1].number) if entries else "0")
        is_public = stream.row_counts_are_public
        statistics = facets.input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
            sum(e.rows for e in entries) if is_public else None,
            sum(e.bytes for e in entries) if is_public else None,
            len(entries),
        )
        return InputDataset(
            self._namespace, f"{_LANDING}.{stream.name}", {"inputStatistics": statistics}, facets=described
        )

    def _output_dataset(
        self, table: DatasetContract, step: _Step, span: ReadableSpan, verdict: Verdict | None = None
    ) -> OutputDataset:
        """A table of the lake; a published one has the rows and bytes written by its step."""
        synthetic = any(e.synthetic for e in batches.live(self._run, step.lands)) if step.lands else self._synthetic
        described = self._described(_about(table), table.owner, table.columns, synthetic=synthetic)
        described |= self._version(self._fingerprint(table))
        origins = column_lineage.of(table)
        if step.lands and table is step.makes[0]:
            own = {c.name for c in step.lands.columns}
            origins = {c.name: [f"{_LANDING}.{step.lands.name}.{c.name}"] for c in table.columns if c.name in own}
        described |= self._origins(origins)
        rows_written, bytes_written = self._run.trace.written.get(span.context.span_id, (0, 0))
        if rows_written and table in step.makes:
            change = facets.lifecycle_state_change_dataset
            described["lifecycleStateChange"] = change.LifecycleStateChangeDatasetFacet(
                change.LifecycleStateChange.OVERWRITE
            )
        written: dict[str, OutputDatasetFacet] = {}
        if table is step.makes[0] and table.audience is not Audience.INTERNAL:
            rows, size = (verdict.results.num_rows, None) if verdict else (rows_written, bytes_written)
            written["outputStatistics"] = facets.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                rows, size
            )
        return OutputDataset(self._namespace, table.name, written, facets=described)

    def _judged(self, verdict: Verdict) -> list[InputDataset]:
        """Every table with its checks: verdict and number of failing rows, without the rows."""
        inputs = []
        results: dict[str, list[Mapping[str, object]]] = {}
        for row in verdict.results.to_pylist():
            results.setdefault(row["dataset"], []).append(row)
        contracts = {table.name: table for table in (*LAKE, *DATASETS.values())}
        for name, rows in results.items():
            table = contracts.get(name)
            checks = {check.name: check for check in gate.checks_of(table)} if table else {}
            checks |= {r.name: Check(r.name, Kind.SQL, says=r.says) for r in quality.TABLE_RULES if r.dataset == name}
            of_input: dict[str, InputDatasetFacet] = {
                "dataQualityAssertions": facets.data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
                    [_assertion(row, checks.get(str(row["check_name"]))) for row in rows]
                )
            }
            version = self._version(self._fingerprint(table)) if table else {}
            inputs.append(InputDataset(self._namespace, name, of_input, facets=version))
        return inputs

    def _published(self, name: str, entry: Mapping[str, object]) -> OutputDataset:
        """A dataset of the release, by the hash of its content."""
        table = DATASETS[name]
        described = self._described(_about(table), table.owner, table.columns, synthetic=bool(entry["synthetic"]))
        described |= self._version(str(entry["content_hash"] or ""))
        if any(table.name == build.contract.name for build in PUBLISHED):
            described |= self._origins({c.name: [f"{name}.{c.name}"] for c in table.columns})
        statistics = facets.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            int(str(entry["rows"])), None
        )
        return OutputDataset(self._namespace, f"{_RELEASE}.{name}", {"outputStatistics": statistics}, facets=described)

    # --- facets ------------------------------------------------------------------------------------------------------

    def _described(
        self, about: str, owner: str, columns: Iterable[Column], *, synthetic: bool
    ) -> dict[str, DatasetFacet]:
        schema, tags, owners = facets.schema_dataset, facets.tags_dataset, facets.ownership_dataset
        described: dict[str, DatasetFacet] = {
            "schema": schema.SchemaDatasetFacet(
                [
                    schema.SchemaDatasetFacetFields(c.name, sql_type(c.type), c.comment, ordinal_position=nth)
                    for nth, c in enumerate(columns, 1)
                ]
            ),
            "documentation": facets.documentation_dataset.DocumentationDatasetFacet(about, "text/plain"),
            "ownership": owners.OwnershipDatasetFacet([owners.Owner(owner)]),
            "dataSource": facets.datasource_dataset.DatasourceDatasetFacet(self._namespace, self._source),
        }
        if synthetic:
            described["tags"] = tags.TagsDatasetFacet([tags.TagsDatasetFacetFields("synthetic", "true", "DIF")])
        return described

    @property
    def _source(self) -> str:
        """The public address of the data, if there is one; never a local path."""
        settings = self._run.settings
        return settings.public_url or settings.releases_url or f"urn:dif:{self._namespace}"

    @property
    def _synthetic(self) -> bool:
        """Whether any batch of the run is synthetic."""
        return any(e.synthetic for e in batches.live(self._run))

    def _origins(self, columns: Mapping[str, Sequence[str]]) -> dict[str, DatasetFacet]:
        lineage = facets.column_lineage_dataset
        fields = {}
        for column, sources in columns.items():
            parts = (source.rpartition(".") for source in sources)
            fields[column] = lineage.Fields(
                [lineage.InputField(self._namespace, name, field) for name, _, field in parts]
            )
        return {"columnLineage": lineage.ColumnLineageDatasetFacet(fields)} if fields else {}

    def _version(self, version: str) -> dict[str, DatasetFacet]:
        return {"version": facets.dataset_version_dataset.DatasetVersionDatasetFacet(version)} if version else {}

    def _fingerprint(self, table: DatasetContract) -> str:
        """A hash of the fingerprints of a table's files; empty without files."""
        parts = sorted(part.fingerprint for part in self._run.lake.files(table))
        return hashlib.sha256(" ".join(parts).encode()).hexdigest() if parts else ""


def _moment(nanoseconds: int | None) -> datetime:
    """A span's time; now, while it runs."""
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if nanoseconds else datetime.now(UTC)


def _statements(tables: Iterable[DatasetContract]) -> str:
    """The tables' statements by file name."""
    files = [file for table in tables for file in column_lineage.files_of(table)]
    texts = (resources.files("assets").joinpath(*file.split("/")[1:]).read_text("utf-8") for file in files)
    return "\n".join(f"-- {file}\n{text}" for file, text in zip(files, texts, strict=True))


def _about(table: DatasetContract) -> str:
    return f"{table.title.en}. {table.about.en}"


def _assertion(row: Mapping[str, object], check: Check | None) -> facets.data_quality_assertions_dataset.Assertion:
    columns, sql = (check.columns, check.sql) if check else ((), None)
    return facets.data_quality_assertions_dataset.Assertion(
        assertion=str(check.kind if check else row["check_name"]),
        success=bool(row["passed"]),
        column=columns[0] if len(columns) == 1 else None,
        severity="error" if row["severity"] == ERROR else "warn",
        name=str(row["check_name"]),
        description=(check.says if check else "") or None,
        expected="0 rows",
        actual=_failing_rows(row),
        content=sql,
        contentType="sql" if sql else None,
    )


def _failing_rows(row: Mapping[str, object]) -> str:
    """The number of failing rows; for an internal table, only whether there are any."""
    if row["examined"] is None:
        return "some rows" if row["unexpected"] else "0 rows"
    return f"{row['unexpected']} of {row['examined']} rows"


def _words(problem: Exception) -> str:
    """Why the run stopped. Only the name of a library's error, since its text may quote a row."""
    return str(problem) if isinstance(problem, SharingError) else f"The run stopped unexpectedly ({kind_of(problem)})."
