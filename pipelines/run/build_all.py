"""Every table of the lake, in order: registers, reference tables, the streams that producers send, and the marts."""

from __future__ import annotations

from collections.abc import Callable

from assets import reference
from pipelines.run.build import build_table
from pipelines.run.conform import conform_stream
from pipelines.run.context import RunContext
from pipelines.run.tables import KEPT_BY_PEOPLE, MARTS, SENT


def make_tables(run: RunContext, *, after: Callable[[str], None] = lambda _stream: None) -> None:
    """Conform every stream and build every table, where their inputs have changed.

    Args:
        run: the run.
        after: called with the name of each stream that producers send, once it is conformed.
    """
    for stream in KEPT_BY_PEOPLE:
        conform_stream(run, stream)
    for build in reference.BUILDS:
        build_table(run, build)
    for stream in SENT:
        conform_stream(run, stream)
        after(stream.name)
    for build in MARTS:
        build_table(run, build)
