"""A release as a Frictionless Data Package: its datasets as CSV beside the schema that their contracts promise.

The Parquet files are in it as files, by size and hash, and not as tables: Frictionless reads Parquet by way of pandas,
where a missing whole number is a NaN and so no whole number.

The package says what Table Schema can say of a contract. Rules over several columns, or in SQL alone, have no such
terms; the data contracts of `odcs` state them.

Source: https://datapackage.org/standard/data-package/ and https://datapackage.org/standard/table-schema/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from catalog.contracts.language import Audience, Column, DatasetContract
from catalog.contracts.rules import Between, InSet
from catalog.domain.perturbation import METHOD
from catalog.exports.published import TITLE, File, Published, PublishedDataset
from catalog.text import en, nb

NAME: Final = "dif-data"
"""What the package is called; the release is its version."""
_OPEN: Final = nb("Bruk og utbredelse av kommunenes fellestjenester, slik denne utgaven har dem.") | en(
    "Use and uptake of the shared municipal services, as this release has them."
)
_WITH_LEDGERS: Final = nb(
    "Bruk, utbredelse og økonomi for kommunenes fellestjenester, slik denne utgaven har dem."
) | en("Use, uptake and ledger data of the shared municipal services, as this release has them.")
_SYNTHETIC: Final = nb("Noen av tallene er syntetiske: laget av en simulator.") | en(
    "Some of the figures are synthetic: made by a simulator."
)


def datapackage(published: Published, files: Mapping[str, File]) -> dict[str, object]:
    """The descriptor of a release, to lie as `datapackage.json` in its folder.

    The licence stands on each open dataset and not on the package, since it covers no other dataset. `synthetic`, a
    property of ours, says of the package and of each resource whether any row is made up.

    Args:
        published: the release. Datasets without a CSV file, and internal ones, are left out.
        files: the CSV files, by dataset. Its Parquet files are those of `published`.

    Returns:
        Values that JSON can write, the same for the same release. Datasets are in the release's order, fields in that
        of the file. Titles are in Norwegian; descriptions have a paragraph in each language.
    """
    described = [
        d for d in published.datasets if d.contract.name in files and d.contract.audience is not Audience.INTERNAL
    ]
    about = _OPEN if all(d.contract.audience is Audience.OPEN for d in described) else _WITH_LEDGERS
    synthetic = any(d.synthetic for d in described)
    package: dict[str, object] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE.nb,
        "description": "\n\n".join(f"{about[of]} {_SYNTHETIC[of] if synthetic else ''}".strip() for of in ("nb", "en")),
        "synthetic": synthetic,
        "version": published.release,
        "created": published.published_at.isoformat(),
    }
    if published.mail:
        package["contributors"] = [{"title": published.mail, "email": published.mail, "roles": ["contact"]}]
    tables = [_table(d, files[d.contract.name], published) for d in described]
    return package | {"resources": tables + [_parquet(d, file, published) for d in described for file in d.files]}


def _table(dataset: PublishedDataset, file: File, published: Published) -> dict[str, object]:
    contract = dataset.contract
    resource: dict[str, object] = {
        "name": _name(contract.name),
        "type": "table",
        "title": contract.title.nb,
        "description": f"{contract.about.nb}\n\n{contract.title.en}. {contract.about.en}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    return resource | _file(dataset, file, published) | {"schema": schema(contract)}


def _parquet(dataset: PublishedDataset, file: File, published: Published) -> dict[str, object]:
    resource = {
        "name": _name(file.path.removesuffix("/part.parquet")),
        "type": "file",
        "title": f"{dataset.contract.title.nb} (Parquet)",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
    return resource | _file(dataset, file, published)


def _file(dataset: PublishedDataset, file: File, published: Published) -> dict[str, object]:
    """Where a file lies, what its bytes are, whether its rows are made up, and how they may be used."""
    resource: dict[str, object] = {"path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    resource["synthetic"] = dataset.synthetic
    if published.licence and dataset.contract.audience is Audience.OPEN:
        resource["licenses"] = [{"path": published.licence}]
    return resource


def _name(text: str) -> str:
    """As a data package lets things be named."""
    return text.translate(str.maketrans("._/", "---")).lower()


def schema(contract: DatasetContract) -> dict[str, object]:
    """The Table Schema of a dataset.

    A primary key may hold no null, so a key that may is stated as a unique key. CSV does not tell an empty text from
    none, so a text is required in a key only.

    Args:
        contract: of the dataset.
    """
    described: dict[str, object] = {
        "fields": [_field(contract, column) for column in contract.columns],
        "missingValues": [""],
    }
    if not contract.key:
        return described
    key = list(contract.key)
    return described | ({"uniqueKeys": [key]} if any(contract[name].null for name in key) else {"primaryKey": key})


def _field(contract: DatasetContract, column: Column) -> dict[str, object]:
    field: dict[str, object] = {
        "name": column.name,
        "type": kind(column.type),
        "title": column.title.nb,
        "description": f"{contract.comment_of(column)}\n\n{column.description.en}",
    }
    if column.unit:
        field["unit"] = column.unit
    if column.perturbed:
        field["perturbation"] = METHOD
    told_apart = column.name in contract.key or not pa.types.is_string(column.type)
    constraints = {"required": True} if told_apart and not column.null else {}
    return field | ({"constraints": limits} if (limits := constraints | _bounds(contract, column)) else {})


def _bounds(contract: DatasetContract, column: Column) -> dict[str, object]:
    """What the rules over this column alone say, by constraint. Two rules of one kind: what both allow."""
    values: list[str] | None = None
    lows: list[int] = []
    highs: list[int] = []
    for rule in contract.rules:
        if rule.columns != (column.name,):
            continue
        match rule.form:
            case InSet(allowed):
                values = [v for v in allowed if values is None or v in values]
            case Between(low, high):
                lows += [] if low is None else [low]
                highs += [] if high is None else [high]
    bounds: dict[str, object] = {} if values is None else {"enum": values}
    bounds |= {"minimum": max(lows)} if lows else {}
    return bounds | ({"maximum": min(highs)} if highs else {})


def kind(of: pa.DataType) -> str:
    """The Table Schema type of an Arrow type. Codes are text in the contracts, so they keep their leading zeros.

    Raises:
        TypeError: no dataset had a column of this type before; add it here.
    """
    for name, is_of in (
        ("string", pa.types.is_string),
        ("boolean", pa.types.is_boolean),
        ("integer", pa.types.is_integer),
        ("number", pa.types.is_decimal),
        ("number", pa.types.is_floating),
        ("date", pa.types.is_date),
        ("datetime", pa.types.is_timestamp),
        ("array", pa.types.is_list),
    ):
        if is_of(of):
            return name
    message = f"Table Schema has no type for {of} in catalog/exports/datapackage.py; add it there."
    raise TypeError(message)
