"""A new stream is one contract: nothing else is changed, and its rows land, are conformed, accounted for and published.

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
from catalog.contracts.language import Column, Repeats, StreamContract
from catalog.tables import streams
from catalog.text import en, nb

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
        Column("toy_id", pa.string(), nb("Prøve") | en("Toy"), key=True),
        c.DAY.but(key=True),
        Column("quantity", pa.int64(), nb("Antall") | en("Quantity")),
        Column("reported_at", c.TIMESTAMP, nb("Meldt") | en("Reported at")),
    ),
    rules=(rules.at_least("quantity", 0),),
)
streams.STREAMS["toy"] = streams.PUSHED["toy"] = TOY

from catalog.tables.quality import CHECK_RESULT
from pipelines.run import metrics, steps
from pipelines.run.judge import Verdict
from pipelines.run.tables import conformed_tables
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.storage.landing import Arrival, open_landing

home = Settings(home=Path(sys.argv[1]), settle_seconds=0)
first, later = (datetime(2026, 5, 1, hour, tzinfo=UTC) for hour in (8, 9))
rows = [
    {"toy_id": "a", "day": date(2026, 4, 1), "quantity": 1, "reported_at": first},
    {"toy_id": "a", "day": date(2026, 4, 1), "quantity": 2, "reported_at": later},
    {"toy_id": "b", "day": date(2026, 4, 2), "quantity": -1, "reported_at": first},
]
landing = open_landing(home)
temporary = landing.temporary("toy", "system", "one")
with BatchValidator(TOY, temporary, producer="system", synthetic=True) as validator:
    validator.add(pa.Table.from_pylist(rows, TOY.schema))
    validated = validator.close()
landing.keep([Arrival(temporary, validated, TOY, "system", "one")], now=later)
with atomic_files.locked(home.home):
    run = steps.start(home, datetime(2026, 6, 1, tzinfo=UTC))
    release = steps.run_all(run, judge=lambda _run: Verdict(CHECK_RESULT.arrow_schema.empty_table(), ()))
    conformed = run.session().table(run.lake.scan(conformed_tables(TOY)[0])).to_pylist()
    [account] = [a for a in metrics.accounting(run.lake, run.session()).to_pylist() if a["stream"] == "toy"]
quantities = [row["quantity"] for row in conformed]
print(json.dumps({"released": release is not None, "quantities": quantities, "account": account}, default=str))
"""


@pytest.mark.long("a run of a home of its own, in a process of its own")
def test_a_stream_that_is_one_contract_lands_and_is_conformed_accounted_for_and_published(tmp_path):
    command = [sys.executable, "-c", ADDED, str(tmp_path / "home")]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert (made["released"], made["quantities"]) == (True, [2]), (
        "the latest wins, and a row that breaks a rule is aside"
    )
    account = {name: made["account"][name] for name in ("landed", "conformed", "superseded", "quarantined")}
    assert account == {"landed": 3, "conformed": 1, "superseded": 1, "quarantined": 1}
