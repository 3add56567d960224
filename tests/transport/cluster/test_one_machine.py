"""Who stays on one machine imports nothing of several machines."""

import subprocess
import sys

import pytest

_CLUSTER = "pipelines.cluster", "transport.cluster", "obstore", "dask", "distributed"
_RUN = """
from datetime import UTC, datetime
from pathlib import Path
from pipelines.run import steps
from transport.base.settings import Settings
settings = Settings(home=Path(sys.argv[1]))
with steps.exclusive_run(settings):
    run = steps.start(settings, datetime(2026, 3, 1, tzinfo=UTC))
    steps.prepare(run)
    run.session(), run.lake, run.landing, run.releases.current(), run.engine
    run.exit_stack.close()
"""


_DOING = {
    "commands": "import pipelines.cli.main, pipelines.cli.commands.run, pipelines.cli.commands.serve",
    "Dagster": "import pipelines.definitions",
    "servers": "import transport.servers.http.app, transport.servers.flight_server, transport.servers.share.app",
    "pages": "import dashboards.server.start, dashboards.app",
    "a run": _RUN,
}


@pytest.mark.slow("imports the product anew; import-linter holds the rule of the rooms")
def test_one_machine_imports_nothing_of_several(tmp_path):
    """One process does all of it in turn, and tells after each what it holds of several machines."""
    told = "print([m for m in sys.modules if m.split('.')[0] in given or '.'.join(m.split('.')[:2]) in given])"
    script = f"import sys\ngiven = {_CLUSTER!r}\n" + "\n".join(
        f"{doing}\nprint({name!r})\n{told}" for name, doing in _DOING.items()
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    said = done.stdout.strip().splitlines()
    assert {name: said[said.index(name) + 1] for name in _DOING} == dict.fromkeys(_DOING, "[]")
