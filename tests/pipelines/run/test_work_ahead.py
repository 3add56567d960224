"""An engine that works ahead is asked for months as soon as what they are made of is there, and for each once."""

from collections import Counter

import pytest

from catalog.contracts.scan import Query
from catalog.errors import StatementFailed
from catalog.tables import usage
from catalog.tables.streams import DISPATCH, REGISTER
from pipelines.engine.local import LocalEngine
from pipelines.run import steps
from pipelines.run.build import build_table
from pipelines.run.conform import conform_stream
from pipelines.run.tables import BUILD_OF
from tests.pipelines.conftest import APRIL, MARCH


class Noting(LocalEngine):
    """Makes tasks as usual, and notes when it was asked."""

    def __init__(self, run, threads: int) -> None:
        def opened():
            self.opened.append(run.session_of_one_thread())
            return self.opened[-1]

        super().__init__(run.session, opened, threads)
        self.asked: list[str] = []
        self.opened = []

    def begin(self, tasks):
        self.asked += [task.name for task in tasks]
        return super().begin(tasks)


def months_of(name: str) -> set[str]:
    return {f"{name} {month}" for month in (MARCH, APRIL)}


def test_months_are_asked_for_when_their_inputs_are_made_and_each_once(home):
    with home.begun(full=True) as run:
        engine = vars(run)["engine"] = Noting(run, threads=2)
        steps.prepare(run)
        conform_stream(run, REGISTER)
        assert months_of("conformed.dispatch") <= {*engine.asked}
        assert not any(name.startswith("usage.") for name in engine.asked)
        before = run.lake.parts(usage.DISPATCH_DAY)
        conform_stream(run, DISPATCH)
        assert months_of("usage.dispatch_day") | months_of("usage.connection_exact_month") <= {*engine.asked}
        assert not months_of("usage.dispatch_month") & {*engine.asked}, "it reads dispatch_day, which is not made yet"
        made = build_table(run, BUILD_OF[usage.DISPATCH_DAY.name])
        assert made.rows.keys() == {MARCH, APRIL}
        assert run.lake.parts(usage.DISPATCH_DAY) == before
        assert months_of("usage.dispatch_month") <= {*engine.asked}
        assert set(Counter(engine.asked).values()) == {1}
        assert made.by.keys() == {MARCH, APRIL}, "by threads"
        engine.end()
        assert engine.opened
        for session in engine.opened:  # closed, so that what it has spilled is gone
            with pytest.raises(StatementFailed, match="Connection Error"):
                session.table(Query("select 1"))


def test_an_engine_that_does_not_is_asked_by_each_step(home):
    with home.begun(full=True) as run:
        engine = vars(run)["engine"] = vars(run)["here"] = Noting(run, threads=1)
        steps.prepare(run)
        conform_stream(run, REGISTER)
    assert {name.partition(" ")[0] for name in engine.asked} == {f"conformed.{REGISTER.name}"}
