"""What perturbed counts are still good for: municipalities of their real sizes, published with twenty secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assets.build import BuildWindow
from catalog import facts
from catalog.domain.calendar import months_between
from catalog.domain.perturbation import D, Secret, V, digest, record_hash
from catalog.tables.usage import PROTECTED_MEASURE_MONTH
from tests.reliability.cells import MEASURED, Publisher

SECRETS = 20
MONTHS = [*months_between(date(2025, 1, 1), date(2025, 12, 1))]
_PER_1000 = 1.5
"""Cases of a month by a thousand inhabitants."""
_ORDERED = 0.99
"""The least rank correlation of municipalities' published counts of a year with the true ones."""
_WITHIN_TWO = 0.94
"""Two standard errors hold 95 of 100 sums, in the mean of many."""


def useful(publisher: Publisher, seed: int) -> tuple[dict[str, object], list[str]]:
    """How far published counts are off, in words; and what is wrong with them."""
    places = [r for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY" and r["municipality_code"]]
    people = {r["municipality_code"]: int(r["inhabitants"]) for r in facts.read("population")}
    sizes = np.array([people[r["municipality_code"]] for r in places])
    truth = np.random.default_rng(seed).poisson(_PER_1000 * sizes / 1000, (len(MONTHS), len(places)))
    table = _protected([r["organisation_number"] for r in places], truth)
    counties = np.array([r["municipality_code"][:2] for r in places])
    off, of_country, of_counties, of_months, of_years = [], [], [], [], []
    for cells, country in _published(publisher, table, truth.shape):
        off.append((cells - truth)[truth > 0])
        of_country.append(country - truth.sum(axis=1))
        for county in set(counties):
            here = counties == county
            of_counties.append((cells - truth)[:, here].sum(axis=1) / np.sqrt(V * (truth[:, here] > 0).sum(axis=1)))
        of_months += [correlation(one, other) for one, other in zip(cells, truth, strict=True)]
        of_years.append(correlation(cells.sum(axis=0), truth.sum(axis=0)))
    noise, sums = np.concatenate(off), np.concatenate(of_counties)
    error = np.sqrt(V / len(noise))
    within, farthest = float(np.mean(np.abs(sums) <= 2)), int(np.abs(np.concatenate(of_country)).max())
    wrong = []
    if abs(noise.mean()) > 3 * error:
        wrong.append(f"published counts are {noise.mean():.4f} off in the mean of {len(noise)}")
    if farthest > D:
        wrong.append(f"the country's month is {farthest} off")
    if within < _WITHIN_TWO:
        wrong.append(f"{within:.1%} of counties are within two standard errors")
    if min(of_years) < _ORDERED:
        wrong.append(f"ranks of municipalities correlate {min(of_years):.4f} in a year")
    said = {
        f"mean of published less true, {SECRETS} secrets": f"{noise.mean():+.4f} ± {error:.4f} over {len(noise)} cells",
        "the country's month": f"within {farthest}",
        "a county of n municipalities within 2·√(3n)": f"{within:.1%}",
        "Spearman's correlation of municipalities": f"in a year {min(of_years):.4f} at least, in a month "
        f"{np.mean(of_months):.4f}, of {_PER_1000} cases by a thousand inhabitants",
    }
    return said, wrong


def _protected(names: list[str], truth: NDArray[np.int64]) -> pa.Table:
    rows = []
    for month, counts in zip(MONTHS, truth.tolist(), strict=True):
        for name, count in zip(names, counts, strict=True):
            xor, total = digest([record_hash(MEASURED, "soknader", name, month.isoformat(), f"{count}.0000")])
            rows.append(
                {
                    "month": month,
                    "service": MEASURED,
                    "measure": "soknader",
                    "organisation_number": name,
                    "quantity": Decimal(count),
                    "digest_xor": Decimal(xor),
                    "digest_sum": Decimal(total),
                    "synthetic": True,
                }
            )
    return pa.Table.from_pylist(rows, PROTECTED_MEASURE_MONTH.arrow_schema)


def _published(
    publisher: Publisher, table: pa.Table, shape: tuple[int, int]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """By month and municipality, and by month; once for each secret."""
    months = {m: n for n, m in enumerate(MONTHS)}
    places = {name: n for n, name in enumerate(table["organisation_number"].to_pylist()[: shape[1]])}
    for number in range(SECRETS):
        window = BuildWindow(datetime(2026, 6, 1, tzinfo=UTC), None, Secret(bytes([number] * 32)))
        cells, country = np.zeros(shape, int), np.zeros(shape[0], int)
        for row in publisher.flows(window, table, MEASURED).to_pylist():
            month, name = months[row["month"]], row["organisation_number"]
            if name is None:
                country[month] = row["quantity"]
            else:
                cells[month, places[name]] = row["quantity"]
        yield cells, country


def correlation(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Spearman's: of the ranks, those of equal values their mean."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: NDArray[np.int64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place]
