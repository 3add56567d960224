"""The protocol's own words: the lines of an answer, in the forms `parquet` and `delta`, and types as Delta has them.

Source: https://github.com/delta-io/delta-sharing/blob/main/PROTOCOL.md; for `delta`, the actions of the Delta log.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from catalog.contracts.language import DatasetContract
from catalog.errors import WrongUse

Json = dict[str, Any]
CAPABILITIES: Final = "delta-sharing-capabilities"
VERSION: Final = "Delta-Table-Version"
NDJSON: Final = "application/x-ndjson; charset=utf-8"
FORMATS: Final = ("parquet", "delta")
"""Response formats. A reader that takes both gets the first, which the official client decodes on every core."""
_NAMESPACE: Final = uuid.UUID("6d1f3f4e-6a5c-5b1e-9d0e-5f6b7a8c9d10")
_TYPES: Final = {
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.int8(): "byte",
    pa.int16(): "short",
    pa.int32(): "integer",
    pa.int64(): "long",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.binary(): "binary",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a table, as an answer names it.

    Attributes:
        id: of its content: files of equal content have the same.
        months: of its rows, in order; none in a table without months.
        partitioned: whether the month is the partition column; else it is a column of the file.
        url: a signed link.
        expires: when the link expires, in milliseconds since 1970.
        version, timestamp: of the table.
    """

    id: str
    months: tuple[str, ...]
    partitioned: bool
    url: str
    expires: int
    size: int
    rows: int
    version: int
    timestamp: int

    @property
    def _partition(self) -> dict[str, str]:
        return {"month": self.months[0]} if self.months and self.partitioned else {}

    @property
    def _stats(self) -> str:
        facts: Json = {"numRecords": self.rows}
        if self.months and not self.partitioned:  # a reader skips by them what it does not want
            first, last = self.months[0], self.months[-1]
            facts |= {"minValues": {"month": first}, "maxValues": {"month": last}, "nullCount": {"month": 0}}
        return json.dumps(facts)

    def line(self, form: str) -> Json:
        """The file as a line of a table."""
        facts = {"id": self.id, "size": self.size, "version": self.version, "timestamp": self.timestamp}
        facts["expirationTimestamp"] = self.expires
        if form == "parquet":
            place = {"url": self.url, "partitionValues": self._partition, "stats": self._stats}
            return {"file": {**place, **facts}}
        add = {
            "path": self.url,
            "partitionValues": self._partition,
            "size": self.size,
            "modificationTime": self.timestamp,
            "dataChange": True,
            "stats": self._stats,
        }
        return {"file": {**facts, "deltaSingleAction": {"add": add}}}

    def change(self, action: str) -> Json:
        """The file as a change: its rows came (`add`) or went (`remove`)."""
        facts: Json = {"url": self.url, "id": self.id, "partitionValues": self._partition, "size": self.size}
        facts |= {"version": self.version, "timestamp": self.timestamp, "expirationTimestamp": self.expires}
        return {action: facts | ({"stats": self._stats} if action == "add" else {})}


def form_of(capabilities: str) -> str:
    """The response format that a reader asks for; `parquet` where it says nothing or takes both.

    Args:
        capabilities: the header, such as `responseformat=delta,parquet;readerfeatures=…`.

    Raises:
        WrongUse: it takes neither.
    """
    for capability in capabilities.lower().split(";"):
        name, _, value = capability.partition("=")
        if name.strip() == "responseformat" and value.strip():
            forms = [form.strip() for form in value.split(",")]
            form = next((form for form in FORMATS if form in forms), None)
            if form is None:
                raise WrongUse(f"responseformat is {value.strip()[:40]!r}.", f"Give {' or '.join(FORMATS)}.")
            return form
    return "parquet"


def id_of(*names: str) -> str:
    """The lasting id of a share or a table."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))


def type_of(kind: pa.DataType) -> str | Json:
    """An Arrow type as Delta names it.

    Raises:
        TypeError: Delta has no such type; no contract may use it in a dataset.
    """
    if kind in _TYPES:
        return _TYPES[kind]
    if pa.types.is_decimal128(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind) and kind.unit == "us" and kind.tz == "UTC":
        return "timestamp"
    if pa.types.is_list(kind):
        return {"type": "array", "elementType": type_of(kind.value_type), "containsNull": True}
    message = f"Delta has no type {kind}"
    raise TypeError(message)


def schema_string(contract: DatasetContract, fields: Iterable[pa.Field]) -> str:
    """The schema of a table, each column with its comment. Every column may be null, as in the files."""
    columns = [
        {
            "name": field.name,
            "type": type_of(field.type),
            "nullable": True,
            "metadata": {"comment": contract.comment_of(contract[field.name])},
        }
        for field in fields
    ]
    return json.dumps({"type": "struct", "fields": columns}, ensure_ascii=False)


def head(form: str, contract: DatasetContract, schema: str, share: str, partitions: Sequence[str]) -> list[Json]:
    """The first two lines of an answer: the protocol and the table's metadata."""
    facts: Json = {
        "id": id_of(share, contract.name),
        "name": contract.name,
        "description": f"{contract.title.nb}. {contract.about.nb}",
        "schemaString": schema,
        "partitionColumns": list(partitions),
    }
    if form == "delta":
        delta = facts | {"format": {"provider": "parquet", "options": {}}, "configuration": {}}
        protocol = {"minReaderVersion": 1, "minWriterVersion": 2}
        return [{"protocol": {"deltaProtocol": protocol}}, {"metaData": {"deltaMetadata": delta}}]
    changes = {"enableChangeDataFeed": "true"}  # between releases; they are given in this form only
    facts |= {"format": {"provider": "parquet"}, "configuration": changes}
    return [{"protocol": {"minReaderVersion": 1}}, {"metaData": facts}]


def lines(actions: Iterable[Json]) -> bytes:
    """The body of an answer: one JSON object a line."""
    return "".join(json.dumps(action, ensure_ascii=False) + "\n" for action in actions).encode()
