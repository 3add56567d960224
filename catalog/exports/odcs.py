"""Data contracts of a release in the Open Data Contract Standard, one for each dataset.

A tool that knows the standard reads the columns, keys, rules and freshness of a dataset, and holds the files or the
database of the release to them.

Source: https://bitol-io.github.io/open-data-contract-standard/v3.1.0/.
"""

from __future__ import annotations

import copy
from typing import Final

import pyarrow as pa

from catalog.contracts.language import FILES, Audience, Column, DatasetContract
from catalog.contracts.rules import InSet, Rule
from catalog.domain.perturbation import METHOD
from catalog.exports.published import Published, PublishedDataset

_PREFIX: Final = "dif-data"
"""Begins the id of each contract, so that it is ours among those of others."""


def contract(dataset: PublishedDataset, published: Published) -> dict[str, object]:
    """The contract of one dataset. Paths in it are relative to the release's folder, where a tool is to be started.

    Args:
        dataset: of the release.
        published: the release.

    Returns:
        Values that JSON and YAML can write, the same for the same release. Descriptions have a paragraph in each
        language, Norwegian first.
    """
    of = dataset.contract
    document: dict[str, object] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{_PREFIX}.{of.name}",
        "name": of.title.nb,
        "version": str(of.version),
        "status": "deprecated" if of.deprecated else "active",
        "domain": of.schema,
        "description": {"purpose": f"{of.about.nb}\n\n{of.title.en}. {of.about.en}"},
        "schema": [_table(of)],
        "slaProperties": [{"property": "freshness", "value": of.freshness_hours, "unit": "h"}],
        "team": {"name": of.owner.removeprefix("team:")},
        "customProperties": _facts(dataset, published),
    }
    if servers := _servers(dataset):
        document["servers"] = servers
    if published.mail:
        document["support"] = [{"channel": published.mail, "url": f"mailto:{published.mail}", "tool": "email"}]
    return document


def _servers(dataset: PublishedDataset) -> list[dict[str, object]]:
    """The database first: a tool takes the first server unless told otherwise, and only there does it see types."""
    of, servers = dataset.contract, list[dict[str, object]]()
    if database := FILES.get(of.audience):
        servers.append({"server": "database", "type": "duckdb", "database": database, "schema": of.schema})
    if dataset.files:
        servers.append({"server": "files", "type": "local", "path": _path(dataset), "format": "parquet"})
    return servers


def _path(dataset: PublishedDataset) -> str:
    """The only file, or a pattern for all; months lie in folders below the dataset's own."""
    if len(dataset.files) == 1:
        return dataset.files[0].path
    return f"parquet/{dataset.contract.name}/**/*.parquet"


def _facts(dataset: PublishedDataset, published: Published) -> list[dict[str, object]]:
    """What the standard has no place for."""
    facts: dict[str, object] = {
        "audience": str(dataset.contract.audience),
        "release": published.release,
        "publishedAt": published.published_at.isoformat(),
        "rows": dataset.rows,
        "synthetic": dataset.synthetic,
    }
    if end := dataset.contract.deprecated:
        facts["deprecatedUntil"] = end.until.isoformat()
        facts |= {"successor": end.successor} if end.successor else {}
    if dataset.first_month and dataset.last_month:
        facts |= {"firstMonth": dataset.first_month.isoformat(), "lastMonth": dataset.last_month.isoformat()}
    if published.licence and dataset.contract.audience is Audience.OPEN:
        facts["licence"] = published.licence
    return [{"property": name, "value": value} for name, value in facts.items()]


def _table(of: DatasetContract) -> dict[str, object]:
    table: dict[str, object] = {
        "name": of.table,
        "physicalName": of.table,
        "logicalType": "object",
        "physicalType": "table",
        "businessName": of.title.nb,
        "description": f"{of.about.nb}\n\n{of.title.en}. {of.about.en}",
        "properties": [_property(of, column) for column in of.columns],
    }
    quality = [_sql(rule) for rule in of.rules if len(rule.columns) > 1]
    if of.key and not _has_primary_key(of):
        quality.insert(0, _no_repeats(of.key))
    return table | ({"quality": quality} if quality else {})


def _has_primary_key(of: DatasetContract) -> bool:
    """Whether the key can be the standard's primary key, which holds no null."""
    return bool(of.key) and not any(of[name].null for name in of.key)


def _no_repeats(key: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": "key_is_unique",
        "type": "library",
        "metric": "duplicateValues",
        "arguments": {"properties": list(key)},
        "mustBe": 0,
        "description": f"Nøkkelen gjentas ikke: {', '.join(key)}.\n\nThe key is not repeated: {', '.join(key)}.",
        "dimension": "uniqueness",
    }


def _property(of: DatasetContract, column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "businessName": column.title.nb,
        "description": f"{of.comment_of(column)}\n\n{column.description.en}",
        **_type(column.type),
        "required": not column.null,
    }
    if column.key and _has_primary_key(of):
        described |= {"primaryKey": True, "primaryKeyPosition": of.key.index(column.name) + 1}
        described |= {"unique": True} if of.key == (column.name,) else {}
    if of.partitioned and column.name == "month":
        described |= {"partitioned": True, "partitionKeyPosition": 1}
    if quality := [_quality(rule) for rule in of.rules if rule.columns == (column.name,)]:
        described["quality"] = quality
    facts = {"unit": column.unit, "additivity": str(column.additivity) if column.additivity else None}
    facts["perturbation"] = METHOD if column.perturbed else None
    if properties := [{"property": name, "value": value} for name, value in facts.items() if value]:
        described["customProperties"] = properties
    return described


def _quality(rule: Rule) -> dict[str, object]:
    """A rule over one column: by the standard's own metric where there is one, else by its SQL."""
    if not isinstance(rule.form, InSet):
        return _sql(rule)
    return {
        "name": rule.name,
        "type": "library",
        "metric": "invalidValues",
        "arguments": {"validValues": list(rule.form.values)},
        "mustBe": 0,
        "description": _says(rule),
        "dimension": "conformity",
    }


def _sql(rule: Rule) -> dict[str, object]:
    """Counts the rows that break the rule. A null condition counts as met, in SQL as in the house."""
    return {
        "name": rule.name,
        "type": "sql",
        "query": f"select count(*) from ${{object}} where not ({rule.condition})",  # noqa: S608 - of the contract
        "mustBe": 0,
        "description": _says(rule),
        "dimension": "conformity" if len(rule.columns) == 1 else "consistency",
    }


def _says(rule: Rule) -> str:
    return f"{rule.says.nb}\n\n{rule.says.en}"


_TYPES: Final[dict[pa.DataType, dict[str, object]]] = {
    pa.string(): {"logicalType": "string", "physicalType": "VARCHAR"},
    pa.bool_(): {"logicalType": "boolean", "physicalType": "BOOLEAN"},
    pa.int32(): {"logicalType": "integer", "physicalType": "INTEGER", "logicalTypeOptions": {"format": "i32"}},
    pa.int64(): {"logicalType": "integer", "physicalType": "BIGINT", "logicalTypeOptions": {"format": "i64"}},
    pa.date32(): {"logicalType": "date", "physicalType": "DATE"},
    pa.timestamp("us", tz="UTC"): {"logicalType": "timestamp", "logicalTypeOptions": {"timezone": True}},
}
"""What is described of each Arrow type that takes no parameters. A physical type is DuckDB's."""


def _type(arrow: pa.DataType) -> dict[str, object]:
    """The types of a column.

    Moments and lists have no physical type: datacontract-cli reads Parquet by it, and knows neither
    `TIMESTAMP WITH TIME ZONE` nor `VARCHAR[]`. From the logical type it makes just these.

    Raises:
        TypeError: no dataset had a column of this type before; add it here.
    """
    if pa.types.is_decimal(arrow):
        return {"logicalType": "number", "physicalType": f"DECIMAL({arrow.precision},{arrow.scale})"}
    if pa.types.is_list(arrow):
        return {"logicalType": "array", "items": _type(arrow.value_type)}
    if arrow not in _TYPES:
        message = f"catalog/exports/odcs.py has no type for {arrow}; add it there."
        raise TypeError(message)
    return copy.deepcopy(_TYPES[arrow])
