"""`dif catalog export`: a release as the world's catalogues and tools read it."""

from __future__ import annotations

import json as json_text
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from catalog.contracts.language import Audience
from catalog.errors import BadOption
from catalog.exports.published import Published, published
from catalog.tables.datasets import DATASETS
from pipelines.cli.commands import screen
from transport.base import atomic_files
from transport.base.settings import load
from transport.releases.store import Release, Releases


def export(
    to: Path,
    /,
    *,
    formats: Annotated[tuple[str, ...], Parameter(name="--format")] = (),
    release: str = "current",
    ledger: bool = False,
    json: bool = False,
) -> int:
    """Write a release's catalogue: DCAT-AP-NO, a Frictionless data package, data contracts (ODCS), Croissant.

    Args:
        to: the folder to write in; made if it is not there. A file of the same name is replaced.
        formats: dcat, datapackage, odcs, croissant; repeat the option for several. All when not given.
        release: which release; the current one when not given.
        ledger: also what is not open: the ledgers, for those who may see them.
        json: the files that were written, for a program.
    """
    chosen = [name for given in formats for name in given.replace(",", " ").split()]
    for name in chosen:
        if name not in _FORMATS:
            raise BadOption("--format", name, f"one of {', '.join(_FORMATS)}")
    settings = load()
    of = Releases(settings).get(release)
    contracts = {
        n: d for n, d in DATASETS.items() if d.audience is Audience.OPEN or (ledger and d.audience is Audience.LEDGER)
    }
    told = published(
        of.manifest, contracts, address=settings.public_url, contact=settings.contact, licence=settings.licence_url
    )
    to.mkdir(parents=True, exist_ok=True)
    written = []
    for name in chosen or _FORMATS:
        for path, text in _FORMATS[name](told, of, to):
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            atomic_files.write_text(to / path, text)
            written.append(path)
    if json:
        screen.as_json({"release": told.release, "folder": str(to), "files": written})
    else:
        screen.out(f"{to}: {screen.counted(len(written), 'file')} of release {told.release}.")
        if not settings.public_url:
            screen.say("No public_url is set, so the catalogue has no addresses to fetch data from (README, Settings).")
    return 0


_Files = Iterator[tuple[str, str]]


def _dcat(told: Published, _release: Release, _to: Path) -> _Files:
    from catalog.exports import dcat

    yield "catalog.ttl", dcat.turtle(told)
    yield "catalog.jsonld", dcat.json_ld(told)


def _datapackage(told: Published, release: Release, to: Path) -> _Files:
    from catalog.exports.datapackage import datapackage

    _lay_beside(told, release, to)
    yield "datapackage.json", _json(datapackage(told))


def _odcs(told: Published, _release: Release, _to: Path) -> _Files:
    from catalog.exports.odcs import contract

    for dataset in told.datasets:  # JSON is YAML, and tools look for the ending
        yield f"odcs/{dataset.contract.name}.odcs.yaml", _json(contract(dataset, told))


def _croissant(told: Published, release: Release, to: Path) -> _Files:
    from catalog.exports.croissant import croissant

    if not told.address:
        _lay_beside(told, release, to)
    for dataset in told.datasets:  # beside the files, which it names from where it lies
        yield f"{dataset.contract.name}.croissant.json", _json(croissant(dataset, told))


def _lay_beside(told: Published, release: Release, to: Path) -> None:
    """Lay the files that a description names beside it: linked where the disk allows, else copied."""
    for file in (file for dataset in told.datasets for file in dataset.files):
        target = to / file.path
        if target.exists() and target.samefile(release.folder / file.path):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            os.link(release.folder / file.path, target)
        except OSError:
            shutil.copyfile(release.folder / file.path, target)


def _json(value: Mapping[str, object]) -> str:
    return json_text.dumps(value, ensure_ascii=False, indent=1) + "\n"


_FORMATS: Mapping[str, Callable[[Published, Release, Path], _Files]] = {
    "dcat": _dcat,
    "datapackage": _datapackage,
    "odcs": _odcs,
    "croissant": _croissant,
}
