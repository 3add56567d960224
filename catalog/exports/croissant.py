"""A dataset of a release for search engines and machine learning: MLCommons Croissant, which is schema.org's too.

It is made from the contract and the release's list of files; no rows are read.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts.language import Audience, Column
from catalog.exports.published import PUBLISHER, File, Published, PublishedDataset

PARQUET = "application/vnd.apache.parquet"
"""The registered media type of Parquet."""
_OLD_PARQUET = "application/x-parquet"
"""The only name by which the reference reader of Croissant, mlcroissant 1.1, knows Parquet."""
_CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_CONDITIONS = {
    "PUBLIC": "PUBLIC: anybody may read it, without a token.",
    "RESTRICTED": "RESTRICTED: readers need a token from the publisher.",
    "NON_PUBLIC": "NON_PUBLIC: only those whom it concerns may read it.",
}
"""The text for schema.org about each access right."""
_SYNTHETIC = "Contains synthetic figures."

_TERMS = (
    "annotation",
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "excludes",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "readLines",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "sdVersion",
    "separator",
    "source",
    "subField",
    "transform",
    "unArchive",
    "value",
)
"""Terms of Croissant's context: those of the specification's appendix, and four that the reference reader expects."""

_DATA_TYPES = (
    (pa.types.is_string, "sc:Text"),
    (pa.types.is_integer, "sc:Integer"),
    (pa.types.is_boolean, "sc:Boolean"),
    (pa.types.is_date, "sc:Date"),
    (pa.types.is_timestamp, "sc:DateTime"),
    (pa.types.is_floating, "sc:Float"),
    # Croissant has no decimals; the file keeps every digit
    (pa.types.is_decimal, "sc:Float"),
)


def croissant(dataset: PublishedDataset, published: Published) -> dict[str, object]:
    """One dataset as Croissant 1.1 in JSON-LD, in English.

    Without an address the document belongs in the release's folder: paths are relative to it, each file has its
    checksum, and several files form a file set. With an address the data is one download. That address serves the
    current release, so the document then describes a live dataset and gives no checksum.

    Args:
        dataset: one of `published.datasets`.
        published: the release.

    Raises:
        ValueError: the dataset is internal, or a column has a type without a counterpart in Croissant.
    """
    contract = dataset.contract
    facts = _facts(dataset, published)
    description = f"{contract.title.en}. {contract.about.en} {_SYNTHETIC if dataset.synthetic else ''}".strip()
    source, distribution = _distribution(dataset, published)
    sums = (
        f" Sum within one value of {' and '.join(contract.non_additive_across)}."
        if contract.non_additive_across
        else ""
    )
    records: dict[str, object] = {
        "@type": "cr:RecordSet",
        "@id": contract.name,
        "name": contract.name,
        "description": f"{contract.about.en}{sums}",
    }
    if contract.key:
        records["key"] = [{"@id": f"{contract.name}/{column}"} for column in contract.key]
    records["field"] = [_field(contract.name, column, source) for column in contract.columns]
    return {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        "name": contract.name,
        "alternateName": {"@value": contract.title.nb, "@language": "nb"},
        "description": description,
        **facts,
        "creator": _organisation(),
        **({"isLiveDataset": True} if published.address else {}),
        "distribution": distribution,
        "recordSet": [records],
    }


def _facts(dataset: PublishedDataset, published: Published) -> dict[str, object]:
    """What schema.org has words for.

    Raises:
        ValueError: the dataset is internal.
    """
    contract = dataset.contract
    if contract.audience is Audience.INTERNAL:
        message = f"{contract.name} is internal and is never described outside the lake."
        raise ValueError(message)
    facts: dict[str, object] = {
        "version": published.release,
        "datePublished": published.published_at.isoformat(),
        "publisher": _organisation(),
        "spatialCoverage": {"@type": "Place", "name": "Norway"},
    }
    if dataset.first_month and dataset.last_day:
        # whole days: readers disagree on whether an interval of months includes the last one
        facts["temporalCoverage"] = f"{dataset.first_month.isoformat()}/{dataset.last_day.isoformat()}"
    if published.address:
        facts["url"] = _address(dataset, published)
    access = published.access_of(dataset)
    facts["conditionsOfAccess"] = _CONDITIONS[access]
    if access == "PUBLIC":
        facts["isAccessibleForFree"] = True
    if published.licence and contract.audience is Audience.OPEN:
        facts["license"] = published.licence
    return facts


def _organisation() -> dict[str, object]:
    return {"@type": "Organization", "name": PUBLISHER}


def _address(dataset: PublishedDataset, published: Published) -> str:
    return f"{published.address}/v1/datasets/{dataset.contract.name}"


def _download(dataset: PublishedDataset, published: Published) -> str:
    return f"{published.address}/releases/current/{dataset.contract.name}.parquet"


def _distribution(dataset: PublishedDataset, published: Published) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Where the fields come from, and the resources."""
    name = dataset.contract.name
    if published.address:
        at = f"{name}.parquet"
        return {"fileObject": {"@id": at}}, [_file_object(at, at, _download(dataset, published))]
    files = [_file(name, file) for file in dataset.files]
    if len(files) == 1:
        return {"fileObject": {"@id": files[0]["@id"]}}, files
    together: dict[str, object] = {
        "@type": "cr:FileSet",
        "@id": "parquet-files",
        "name": f"Parquet files of {name}",
        "encodingFormat": [PARQUET, _OLD_PARQUET],
        "includes": f"parquet/{name}/**/*.parquet",
    }
    return {"fileSet": {"@id": together["@id"]}}, [*files, together]


def _file(dataset: str, file: File) -> dict[str, object]:
    name = file.path.removeprefix(f"parquet/{dataset}/")
    return _file_object(file.path, name, file.path) | {"contentSize": f"{file.bytes} B", "sha256": file.sha256}


def _file_object(at: str, name: str, url: str) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": at,
        "name": name,
        "contentUrl": url,
        "encodingFormat": [PARQUET, _OLD_PARQUET],
    }


def _field(dataset: str, column: Column, source: dict[str, object]) -> dict[str, object]:
    is_list = pa.types.is_list(column.type)
    unit = f" Unit: {column.unit}." if column.unit else ""
    return {
        "@type": "cr:Field",
        "@id": f"{dataset}/{column.name}",
        "name": column.name,
        "description": f"{column.description.en}{unit}",
        "dataType": _data_type(column.type.value_type if is_list else column.type),
        **({"isArray": True, "arrayShape": "-1"} if is_list else {}),
        "source": source | {"extract": {"column": column.name}},
    }


def _data_type(kind: pa.DataType) -> str:
    """The data type of one value.

    Raises:
        ValueError: Croissant has none for it.
    """
    for is_of, data_type in _DATA_TYPES:
        if is_of(kind):
            return data_type
    message = f"No Croissant data type for {kind}: add one to _DATA_TYPES."
    raise ValueError(message)


def _context() -> dict[str, object]:
    """The context of the specification's appendix, with schema.org on https as the reference reader requires."""
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "name": {"@container": "@language"},
        "description": {"@container": "@language"},
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        **{term: f"cr:{term}" for term in _TERMS},
    }
