"""A new stream is a contract and a made-up row: its rows then land, are conformed, accounted for and published.

One of its rules holds rows against a register, in one line. A new dataset of it is a contract and a declaration.

In a process of its own, as the streams are a table of the whole program.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ADDED = """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules
from catalog.contracts.language import Repeats, StreamContract
from catalog.tables import registers, streams
from catalog.text import en, nb
from transport.ingest import sample

TOY = StreamContract(
    name="toy",
    title=nb("Prøve") | en("Toy"),
    about=nb("Én rad per prøve og dag.") | en("One record per toy and day."),
    owner="team:dif",
    month_of="day",
    partitioned=True,
    repeats=Repeats.LATEST,
    ordered_by="reported_at",
    columns=(
        c.text("toy_id", "Prøve", "Toy", key=True),
        c.DAY.but(key=True),
        c.int64("quantity", "Antall", "Quantity"),
        c.timestamp("reported_at", "Meldt", "Reported at"),
    ),
    rules=(rules.at_least("quantity", 0), rules.listed("toy_id", "contact", "function")),
)
streams.STREAMS["toy"] = streams.PUSHED["toy"] = TOY
sample._ROWS["toy"] = lambda i, number: {
    "toy_id": f"syntetisk-{i}", "day": date(2026, 4, 3), "quantity": 7, "reported_at": first
}

from assets import usage as built
from assets.build import builds
from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Query
from catalog.tables import conformed, usage

TOY_MONTH = DatasetContract(
    schema="usage",
    table="toy_month",
    title=TOY.title,
    about=TOY.about,
    owner=TOY.owner,
    partitioned=True,
    sources=("toy",),
    columns=(c.MONTH.but(key=True), c.count("toys", "Prøver", "Toys", "rader"), c.SYNTHETIC),
)
usage.DATASETS = (*usage.DATASETS, TOY_MONTH)


@builds(TOY_MONTH, conformed.of(TOY))
def toy_month(month, toy):
    sql = "select $month as month, sum(quantity)::bigint as toys, bool_or(synthetic) as synthetic from toy group by all"
    return Query(sql, {"toy": toy}, {"month": month})


built.BUILDS = (*built.BUILDS, toy_month)

from catalog.tables.quality import CHECK_RESULT
from pipelines.run import metrics, steps
from pipelines.run.check import Verdict
from pipelines.run.tables import conformed_tables
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import registers as ingest_registers
from transport.ingest.batch_validator import BatchValidator
from transport.storage.landing import Arrival, open_landing

home = Settings(home=Path(sys.argv[1]), settle_seconds=0)
first, later = (datetime(2026, 5, 1, hour, tzinfo=UTC) for hour in (8, 9))
rows = [
    {"toy_id": "a", "day": date(2026, 4, 1), "quantity": 1, "reported_at": first},
    {"toy_id": "a", "day": date(2026, 4, 1), "quantity": 2, "reported_at": later},
    {"toy_id": "b", "day": date(2026, 4, 2), "quantity": -1, "reported_at": first},
    {"toy_id": "c", "day": date(2026, 4, 2), "quantity": 5, "reported_at": first},
]
sample.check_samples([TOY])
assert sample.is_sample(sample.sample(TOY, 3), TOY)
assert not sample.is_sample(pa.Table.from_pylist(rows, TOY.schema), TOY)
landing = open_landing(home)
temporary = landing.temporary("toy", "system", "one")
with BatchValidator(TOY, temporary, producer="system", synthetic=True) as validator:
    validator.add(pa.Table.from_pylist(rows, TOY.schema))
    validator.add(sample.sample(TOY, 1).cast(TOY.schema))
    validated = validator.close()
landing.keep([Arrival(temporary, validated, TOY, "system", "one")], now=later)


def ran() -> dict[str, object]:
    run = steps.start(home, datetime(2026, 6, 1, tzinfo=UTC))
    release = steps.run_all(run, check=lambda _run: Verdict(CHECK_RESULT.arrow_schema.empty_table(), ()))
    good, aside, _ = (run.session().table(run.lake.scan(t)).to_pylist() for t in conformed_tables(TOY))
    [account] = [a for a in metrics.accounting(run.lake, run.session()).to_pylist() if a["stream"] == "toy"]
    return {
        "released": release is not None,
        "of_months": run.session().table(run.lake.scan(TOY_MONTH)).to_pylist(),
        "quantities": sorted(row["quantity"] for row in good),
        "rules": sorted(rule for row in aside for rule in row["rules"]),
        "account": account,
    }


with atomic_files.locked(home.home):
    before = ran()
    listed = [{"municipality_code": "0301", "service": None, "function": "a", "address": "post@x.no"}]
    ingest_registers.apply(landing, registers.CONTACT, listed, by="team", reason="first", now=later)
    print(json.dumps([before, ran()], default=str))
"""


@pytest.mark.slow("a home and a process of its own; the same steps are tried on the streams that there are")
def test_a_stream_and_a_dataset_that_are_contracts_land_are_conformed_accounted_for_made_and_published(tmp_path):
    command = [sys.executable, "-c", ADDED, str(tmp_path / "home")]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout.splitlines()[-1])
    assert before["released"], "the latest wins, and a row that breaks a rule is aside"
    assert (before["quantities"], before["rules"]) == ([2, 5, 7], ["quantity_at_least_0"])
    account = {name: before["account"][name] for name in ("landed", "conformed", "superseded", "quarantined")}
    assert account == {"landed": 5, "conformed": 3, "superseded": 1, "quarantined": 1}
    assert [(row["month"], row["toys"]) for row in before["of_months"]] == [("2026-04-01", 14)]
    assert [row["toys"] for row in after["of_months"]] == [2], "and what is made of them is made again"
    assert after["quantities"] == [2], "a register that changes judges anew what landed before"
    assert after["rules"] == ["quantity_at_least_0", *["toy_id_listed"] * 3]
