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


@pytest.mark.parametrize(
    "doing",
    [
        "import pipelines.cli.main, pipelines.cli.commands.run, pipelines.cli.commands.serve, pipelines.definitions",
        "import transport.servers.http.app, transport.servers.flight_server, transport.servers.share.app",
        "import dashboards.server.start, dashboards.app",
        _RUN,
    ],
    ids=["commands", "servers", "pages", "a run"],
)
def test_one_machine_imports_nothing_of_several(tmp_path, doing):
    told = "print([m for m in sys.modules if m.split('.')[0] in given or '.'.join(m.split('.')[:2]) in given])"
    script = f"import sys\ngiven = {_CLUSTER!r}\n{doing}\n{told}"
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
