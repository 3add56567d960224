"""The files of a release for download: its own files, and each dataset and metric in several forms.

A dataset's file is written to scratch at the first request, and removed after an hour without requests
(`transport.operations.doctor.janitor`), or sooner where made files take too much room, the oldest first. So it has a
length, downloads can be resumed, and it is made once.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from catalog.contracts.language import FILES, Audience, Column, DatasetContract
from catalog.contracts.sharing import Right
from catalog.errors import NoRoom, TryAgain, UnknownName, WrongUse
from catalog.metrics.metrics import METRICS, files_of
from catalog.tables.datasets import DATASETS, READABLE
from transport.base import atomic_files, encoding, spreadsheets
from transport.base.settings import Settings
from transport.releases import dataset_reader, sql
from transport.releases.folder import RELEASE_FILE, SIGNATURE, SUMS, rights_of
from transport.releases.intact import verified_path
from transport.releases.store import Release
from transport.storage.backends import ROOM, free_bytes, is_full

if TYPE_CHECKING:
    import pyarrow as pa

FORMS: Final = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""The forms of a dataset's file, by the ending of its name, with their content types."""
MOST_OF_A_METRIC: Final = 100_000
"""Rows of a metric's file, which is made in memory each time it is asked for."""
MOST_MADE: Final = 8 << 30
"""Bytes that files made for readers may take together; anybody may have them made where there is open access."""
_FOLDERS_OF_FILES: Final = ("files", "share")
"""The folders in scratch that hold them."""
_METRICS: Final = {metric.name: metric for metric in METRICS}
_OWN: Final = {*FILES.values(), RELEASE_FILE, *SUMS.values(), *(f"{name}{SIGNATURE}" for name in SUMS.values())}
_KINDS: Final = {"dataset": "datasett", "metric": "måltall"}
_TEXT: Final = "text/plain; charset=utf-8"
_BYTES: Final = "application/octet-stream"
_making: Final[defaultdict[Path, threading.Lock]] = defaultdict(threading.Lock)
"""Locks by path: of two requests for one file, one makes it."""


class DescribedColumn(NamedTuple):
    """A column's name and description."""

    name: str
    title: str
    type: str
    unit: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Described:
    """The description that a file carries beside its rows, in Norwegian.

    Attributes:
        kind: `dataset` or `metric`.
        synthetic: whether any number is made up.
    """

    kind: str
    name: str
    title: str
    about: str
    columns: Sequence[DescribedColumn]
    release: str
    published_at: str
    synthetic: bool

    def sheets(
        self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[spreadsheets.Sheet | spreadsheets.Notes]:
        """The sheets of its workbook: rows, columns and release."""
        rows = (tuple(row.values()) for batch in batches for row in batch.to_pylist())
        yield spreadsheets.Sheet("Data", schema.names, rows)
        meanings = [
            (c.name, c.title, c.unit or ("UTC" if c.type.startswith("timestamp") else ""), c.about)
            for c in self.columns
        ]
        yield spreadsheets.Sheet("Kolonner", ("kolonne", "navn", "enhet", "forklaring"), meanings, filtered=False)
        about = {
            _KINDS[self.kind]: self.name,
            "tittel": self.title,
            "innhold": self.about,
            "utgave": self.release,
            "publisert": self.published_at,
            "tall": "syntetiske: laget av en simulator, ikke virkelige" if self.synthetic else "innsendte",
        }
        yield spreadsheets.Notes("Utgave", about)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release for download.

    Attributes:
        name: to save it under.
        dataset: its dataset; the file's own name if it holds several.
        rights: the rights that a reader needs.
        release: its release.
        etag: changes with the content.
        content_type: its media type.
        rows: the number of rows; 0 if it holds several datasets.
        synthetic: whether any row is made up.
        path: its present or future place.
        write: writes it; None for a file of the release itself.
    """

    name: str
    dataset: str
    rights: frozenset[Right]
    release: str
    etag: str
    content_type: str
    rows: int
    synthetic: bool
    path: Path
    write: Callable[[Path], None] | None = None

    def make(self, settings: Settings) -> None:
        """Make the file if it does not exist.

        Raises:
            WrongUse: its form cannot hold so many rows.
            NoRoom, TryAgain: as `make_once`.
        """
        if self.write is not None:
            make_once(settings, self.path, self.write)


def make_once(settings: Settings, path: Path, write: Callable[[Path], None]) -> None:
    """Make a file in scratch if it does not exist. Of two concurrent callers, one makes it.

    Raises:
        NoRoom: the disk has less than its reserve, also without the other made files.
        TryAgain: an erasure, or the removal of its release, removed it meanwhile.
    """
    with _making[path]:
        if path.exists():
            return
        _make_room(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = atomic_files.temporary_beside(path)
        try:
            write(half)
            half.replace(path)
        except FileNotFoundError:
            raise TryAgain("The file was removed while it was made.", "Ask for it again.") from None
        except Exception as problem:
            if is_full(settings, problem):
                raise NoRoom("The disk has no room for the file.", ROOM) from problem
            raise
        finally:
            half.unlink(missing_ok=True)
        _make_room(settings)


def _make_room(settings: Settings) -> None:
    """Remove the oldest made files while they take more than `MOST_MADE`, or while the disk lacks its reserve.

    Raises:
        NoRoom: all were removed, and the disk still lacks it.
    """
    derived = []
    for path in (path for folder in _FOLDERS_OF_FILES for path in (settings.scratch / folder).rglob("*")):
        with suppress(FileNotFoundError):
            status = path.lstat()
            if path.is_file() and not path.name.startswith(atomic_files.TEMPORARY):
                derived.append((status.st_mtime, path, status.st_size))
    total_bytes = sum(size for _, _, size in derived)
    for _, path, size in sorted(derived):
        if total_bytes <= MOST_MADE and _has_room(settings):
            return
        path.unlink(missing_ok=True)
        total_bytes -= size
    if not _has_room(settings):
        raise NoRoom("The disk is nearly full; no files are made for readers.", ROOM)


def _has_room(settings: Settings) -> bool:
    scratch = next(place for place in (settings.scratch, *settings.scratch.parents) if place.exists())
    return min(free_bytes(settings), shutil.disk_usage(scratch).free) >= settings.disk_reserve_mb << 20


def own_file(
    release: Release, path: str, admit: Callable[[frozenset[Right], str], None] = lambda _rights, _dataset: None
) -> ReleaseFile:
    """A release's own file: a database, a list of files, or a dataset's Parquet file.

    Args:
        release: whose.
        path: in the release, as its manifest names it.
        admit: raises where the reader lacks a right to the dataset; called before the file is looked at, so that only
            who may read it is told that it is damaged, and again where the file holds more than its contract names.

    Raises:
        UnknownName: the release has no such file, or does not offer it.
        ChangedFile: the file is missing, or has changed since publication.
    """
    record = release.section("files").get(path)
    if record is None or not (path in _OWN or path.startswith("parquet/")):
        raise UnknownName("file", path[:80], choices=sorted(_OWN & set(release.section("files"))))
    datasets = release.section("datasets")
    first, _, rest = path.partition("/")
    dataset = rest.partition("/")[0] if first == "parquet" else path
    rights = rights_of(path, {n: d["audience"] for n, d in datasets.items()})
    admit(rights, dataset)
    lies = verified_path(release, path)
    if first == "parquet" and dataset in DATASETS and _has_more(lies, record["sha256"], DATASETS[dataset]):
        # whose the columns are that a later version of the program gave up, nobody knows: who reads the database may
        rights |= rights_of(FILES[DATASETS[dataset].audience], {})
        admit(rights, dataset)
    return ReleaseFile(
        name=path.rpartition("/")[2],
        dataset=dataset,
        rights=rights,
        release=release.name,
        etag=record["sha256"][:32],
        content_type=FORMS["parquet"]
        if first == "parquet"
        else _TEXT
        if path in {RELEASE_FILE, *SUMS.values()}
        else _BYTES,
        rows=0,
        synthetic=bool(datasets[dataset]["synthetic"] if dataset in datasets else release.manifest.get("synthetic")),
        path=lies,
    )


def _has_more(path: Path, sha256: str, contract: DatasetContract) -> bool:
    """Whether a Parquet file of an older release has a column that today's contract does not name."""
    return not _columns_in(path, sha256) <= {column.name for column in contract.columns}


@functools.lru_cache(maxsize=10_000)
def _columns_in(path: Path, sha256: str) -> frozenset[str]:  # noqa: ARG001 - says which content is remembered
    import pyarrow.parquet as pq

    return frozenset(pq.read_schema(path).names)


def dataset_file(
    settings: Settings, release: Release, name: str, may_read: Callable[[DatasetContract], DatasetContract]
) -> ReleaseFile:
    """A dataset, or a view of one, as a file with the columns that the reader may see.

    Args:
        settings: give the scratch folder.
        release: the release.
        name: dataset and form: `usage.dispatch_month.xlsx`.
        may_read: returns a dataset as the reader may see it.

    Raises:
        Forbidden: the reader may not read the dataset.
        UnknownName: there is no such dataset or form, or the release does not have it.
        ChangedFile: the file is not as published.
    """
    dataset, _, form = name.rpartition(".")
    if form not in FORMS:
        error = UnknownName("file", name[:80], choices=())
        error.mend = f"Ask for a dataset with its form ({', '.join(FORMS)}), as uptake.funnel.csv, or for dif.duckdb."
        raise error
    if dataset not in READABLE:
        raise UnknownName("dataset", dataset[:80], choices=READABLE)
    contract = may_read(READABLE[dataset])
    entry = release.section("datasets").get((contract.of or contract).name)
    if entry is None:
        raise UnknownName("dataset", dataset, choices=[*release.section("datasets")])
    lies = [path for path in release.section("files") if path.startswith(f"parquet/{dataset}/")]
    as_published = verified_path(release, lies[0]) if form == "parquet" and len(lies) == 1 and not contract.of else None
    sha256 = release.section("files")[lies[0]]["sha256"] if as_published is not None else ""
    if as_published is not None and not _has_more(as_published, sha256, contract):
        path, write, etag = as_published, None, sha256
    else:
        shape = hashlib.sha256(" ".join(contract.arrow_schema.names).encode()).hexdigest()[:8]
        path = settings.scratch / "files" / release.name / shape / name  # readers of fewer columns have their own file
        write = _Writer(release, contract, form, rows=entry["rows"], synthetic=bool(entry["synthetic"]))
        # of the rows alone: what a part was made of would tell that something came which nobody is told of
        rows = {m: p.get("content_hash") or p.get("values") or p for m, p in entry["partitions"].items()}
        content = [rows, [*contract.arrow_schema.names], form]
        release_names = [] if form == "csv" else [release.name]  # the others name their release
        etag = hashlib.sha256(json.dumps([*content, *release_names], sort_keys=True).encode()).hexdigest()
    return ReleaseFile(
        name=f"{dataset}_{release.name}.{form}",
        dataset=dataset,
        rights=frozenset(),  # `may_read` has judged
        release=release.name,
        etag=etag[:32],
        content_type=FORMS[form],
        rows=entry["rows"],
        synthetic=bool(entry["synthetic"]),
        path=path,
        write=write,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a dataset as a file, in constant memory."""

    release: Release
    contract: DatasetContract
    form: str
    rows: int
    synthetic: bool

    def __call__(self, path: Path) -> None:
        if self.form == "xlsx" and self.rows > spreadsheets.MOST_ROWS:
            raise WrongUse(
                f"{self.contract.name} has {self.rows} rows; a sheet holds {spreadsheets.MOST_ROWS}.",
                f"Ask for {self.contract.name}.csv or .parquet, or for some of it: /v1/datasets/{self.contract.name}.",
            )
        opened = dataset_reader.open_dataset(self.release, self.contract)
        described = Described(
            "dataset",
            self.contract.name,
            self.contract.title.nb,
            self.contract.about.nb,
            [_described(column) for column in self.contract.columns],
            self.release.name,
            str(self.release.manifest["published_at"]),
            self.synthetic,
        )
        with path.open("wb") as file:
            _write(file, path, self.form, described, opened.schema, opened.batches)


def _described(column: Column) -> DescribedColumn:
    return DescribedColumn(column.name, column.title.nb, str(column.type), column.unit, column.about.nb)


def _write(
    file: BinaryIO,
    path: Path | None,
    form: str,
    described: Described,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """Write rows in a form; a workbook in constant memory where it has a path."""
    if form == "xlsx":
        published_at = datetime.fromisoformat(described.published_at)
        spreadsheets.write_workbook(path or file, described.sheets(schema, batches), created=published_at)
    elif form == "csv":
        file.writelines(spreadsheets.csv_of_batches(schema, batches))
    elif form == "json":
        file.writelines(_json(described, batches))
    else:
        file.writelines(encoding.encoded_pieces(schema, batches, form))


def _json(described: Described, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """One object, with the rows last: `encoding.rows_as_texts` says how values are written."""
    first = {
        described.kind: described.name,
        "title": described.title,
        "about": described.about,
        "release": described.release,
        "published_at": described.published_at,
        "synthetic": described.synthetic,
        "columns": [{"name": c.name, "title": c.title, "type": c.type, "unit": c.unit} for c in described.columns],
    }
    yield json.dumps(first, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    before = b"\n"
    for batch in batches:
        for row in encoding.rows_as_texts(batch):
            yield before + json.dumps(row, ensure_ascii=False).encode()
            before = b",\n"
    yield b"\n]}\n"


# --- numbers of the pages ---------------------------------------------------------------------------------------------


def metric_file(release: Release, name: str, condition: object) -> ReleaseFile:
    """A metric as a file, filtered by a condition. `metric_rows` makes its content.

    Args:
        release: the release.
        name: metric and form: `municipalities_active.csv`.
        condition: as for a dataset.

    Raises:
        UnknownName: there is no such metric or form, or the release does not have its dataset.
    """
    metric, _, form = name.rpartition(".")
    if form not in FORMS:
        raise UnknownName("form", form[:20], choices=FORMS)
    if metric not in _METRICS:
        raise UnknownName("metric", metric[:80], choices=_METRICS)
    of = _METRICS[metric]
    entry = release.section("datasets").get(of.dataset)
    if entry is None:
        raise UnknownName("dataset", of.dataset, choices=[*release.section("datasets")])
    content = json.dumps([release.name, of.sql, condition, form], sort_keys=True)
    return ReleaseFile(
        name=f"{metric}_{release.name}.{form}",
        dataset=of.dataset,
        rights=of.rights,
        release=release.name,
        etag=hashlib.sha256(content.encode()).hexdigest()[:32],
        content_type=FORMS[form],
        rows=0,
        synthetic=bool(entry["synthetic"]),
        path=Path(name),
    )


def metric_rows(settings: Settings, release: Release, file: ReleaseFile, condition: object) -> tuple[bytes, int]:
    """The content of a metric's file and its number of rows.

    Raises:
        UnknownName: the condition names a column that the metric does not have.
        WrongUse: a value does not fit its column, or there are more than `MOST_OF_A_METRIC` rows.
        QueryFailed: it takes too long or too much memory.
        ChangedFile: a database that it reads is not as published.
    """
    metric = _METRICS[file.path.stem]
    for name in files_of(metric.sql):
        verified_path(release, name)
    table = sql.query(settings, release, metric.sql, ledger=FILES[Audience.LEDGER] in files_of(metric.sql))
    table = dataset_reader.filter_rows(table, metric.name, condition)
    if table.num_rows > MOST_OF_A_METRIC:
        raise WrongUse(
            f"{metric.name} has {table.num_rows} rows; a file holds {MOST_OF_A_METRIC}.",
            'Ask for some: filter={"service": "svarut"}.',
        )
    described_columns = {c.name: _described(c) for c in DATASETS[metric.dataset].columns}
    # DuckDB's order changes between answers
    table = table.sort_by([(name, "ascending") for name in table.column_names])
    columns = [
        described_columns.get(f.name, DescribedColumn(f.name, f.name, "", None, ""))._replace(type=str(f.type))
        for f in table.schema
    ]
    marked = table["synthetic"].to_pylist() if "synthetic" in table.column_names else []
    described = Described(
        "metric",
        metric.name,
        metric.title.nb,
        f"{metric.definition.nb} Enhet: {metric.unit}.",
        columns,
        release.name,
        str(release.manifest["published_at"]),
        any(marked) if marked else file.synthetic,
    )
    out = io.BytesIO()
    _write(out, None, file.path.suffix[1:], described, table.schema, table.to_batches())
    return out.getvalue(), table.num_rows
