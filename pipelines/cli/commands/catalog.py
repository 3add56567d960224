"""`dif catalog export`: a release as the world's catalogues and tools read it."""

from __future__ import annotations

import hashlib
import json as json_text
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from catalog.contracts.language import Audience, DatasetContract
from catalog.errors import BadOption
from catalog.exports.published import File, Published, published
from catalog.tables.datasets import DATASETS
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Note, Result, command
from transport.base import atomic_files, encoding
from transport.base.settings import load
from transport.releases import dataset_reader
from transport.releases.store import Release, Releases


@command("the files that were written, for a program.")
def export(
    to: Path,
    /,
    *,
    formats: Annotated[tuple[str, ...], Parameter(name="--format", consume_multiple=True, negative="")] = (),
    release: str = "current",
    ledger: bool = False,
) -> Result:
    """Write a release's catalogue: DCAT-AP-NO, a Frictionless data package, data contracts (ODCS), Croissant.

    Args:
        to: the folder to write in; made if it is not there. A file of the same name is replaced.
        formats: some of dcat, datapackage, odcs, croissant; all when not given.
        release: which release; the current one when not given.
        ledger: also what is not open: the ledgers, for those who may see them.
    """
    chosen = [name for value in formats for name in value.replace(",", " ").split()]
    for name in chosen:
        if name not in _FORMATS:
            raise BadOption("--format", name, f"some of {', '.join(_FORMATS)}")
    settings = load()
    of = Releases(settings).get(release)
    contracts = {
        n: d for n, d in DATASETS.items() if d.audience is Audience.OPEN or (ledger and d.audience is Audience.LEDGER)
    }
    facts = published(
        of.manifest,
        contracts,
        address=settings.public_url,
        contact=settings.contact,
        licence=settings.licence_url,
        open_access=settings.open_access,
    )
    to.mkdir(parents=True, exist_ok=True)
    if "datapackage" in (chosen or _FORMATS) or ("croissant" in (chosen or _FORMATS) and not facts.address):
        _copy_described_files(facts, of, to)
    written = []
    for name in chosen or _FORMATS:
        for path, text in _FORMATS[name](facts, of, to):
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            atomic_files.write_text(to / path, text)
            written.append(path)
    lines = [f"{to}: {counted(len(written), 'file')} of release {facts.release}."]
    if not settings.public_url:
        lines.append(
            Note("No public_url is set, so the catalogue has no addresses to fetch data from (docs/settings.md).")
        )
    return Result({"release": facts.release, "folder": str(to), "files": written}, lines)


_Files = Iterator[tuple[str, str]]


def _dcat(facts: Published, _release: Release, _to: Path) -> _Files:
    from catalog.exports import dcat

    yield "catalog.ttl", dcat.turtle(facts)
    yield "catalog.jsonld", dcat.json_ld(facts)


def _datapackage(facts: Published, release: Release, to: Path) -> _Files:
    from catalog.exports.datapackage import datapackage

    files = {d.contract.name: _write_csv(d.contract, release, to) for d in facts.datasets if d.files}
    yield "datapackage.json", _json(datapackage(facts, files))


def _odcs(facts: Published, _release: Release, _to: Path) -> _Files:
    from catalog.exports.odcs import contract

    for dataset in facts.datasets:  # JSON is YAML, and tools look for the ending
        yield f"odcs/{dataset.contract.name}.odcs.yaml", _json(contract(dataset, facts))


def _croissant(facts: Published, _release: Release, _to: Path) -> _Files:
    from catalog.exports.croissant import croissant

    for dataset in facts.datasets:  # beside the files, which it names from where it lies
        yield f"{dataset.contract.name}.croissant.json", _json(croissant(dataset, facts))


def _write_csv(contract: DatasetContract, release: Release, to: Path) -> File:
    """Write a dataset as CSV beside its description, as `format=csv` over HTTP has it."""
    opened = dataset_reader.open_dataset(release, contract)
    path = f"csv/{contract.name}.csv"
    (to / path).parent.mkdir(parents=True, exist_ok=True)
    (to / path).unlink(missing_ok=True)  # it may be a link to somewhere else
    with (to / path).open("wb") as file:
        file.writelines(encoding.encoded_pieces(opened.schema, opened.batches, "csv", for_sheets=True))
    with (to / path).open("rb") as file:
        return File(path, (to / path).stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _copy_described_files(facts: Published, release: Release, to: Path) -> None:
    """Copy the files that a description names beside it: who changes one of them there changes no release."""
    for file in (file for dataset in facts.datasets for file in dataset.files):
        target = to / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # it may be a link to somewhere else
        shutil.copyfile(release.file(file.path), target)


def _json(value: Mapping[str, object]) -> str:
    return json_text.dumps(value, ensure_ascii=False, indent=1) + "\n"


_FORMATS: Mapping[str, Callable[[Published, Release, Path], _Files]] = {
    "dcat": _dcat,
    "datapackage": _datapackage,
    "odcs": _odcs,
    "croissant": _croissant,
}
