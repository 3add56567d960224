"""Dagster's storage of a home: runs, events and ticks in SQLite under `DIF_HOME/dagster`, with connections kept open.

`dagster.yaml` names `HomeStorage`, so every process that Dagster starts (`dif run`, `dagster dev`, `dg dev`, `make up`)
reads and writes the history of the same home.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Self

from dagster import Field, StringSource
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from transport.base.settings import load

FOLDER = "dagster"
"""The folder of a home in which Dagster keeps its history."""
_KEPT_OPEN = 4
"""Databases kept open: the index, and the runs last written. Each run has a database of its own."""


class EventLog(SqliteEventLogStorage):
    """Dagster's event log with each database's connection kept open.

    Dagster's own opens a connection for each of the three statements that an event takes. A run has 1 100 events, so
    that took eight of the eighteen seconds of a run that made one month again.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open nothing yet."""
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            try:
                with engine.begin() as connection:
                    yield connection
            except BaseException:
                self._engines.pop(shard, engine).dispose()  # whatever broke, the next statement begins anew
                raise

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            while len(self._engines) >= _KEPT_OPEN:
                self._engines.popitem(last=False)[1].dispose()
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _without_waiting_for_the_disk)
            self._engines[shard] = engine
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
        self._engines.move_to_end(shard)
        return self._engines[shard]

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether the database has the table of checks, which Dagster would look for at each check."""
        return bool(super().supports_asset_checks)

    def dispose(self) -> None:
        """Close every connection."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own
    """With a write-ahead log this loses no consistency; a power cut may lose the last events of the history.

    The log is merged into the database, which waits for the disk, when nobody has the database open any more or the log
    has 32 MB, which is several runs: not while a run writes its events.
    """
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma wal_autocheckpoint = 8000")


class HomeStorage(DagsterSqliteStorage):
    """Dagster's storage in a home, by default the one that the settings name: the history stays where the home is."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Make the folders and databases that are missing."""
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(_event_logs_directory(base_dir))

    @classmethod
    def config_type(cls) -> Mapping[str, Any]:
        """`base_dir`; without one it is in the home that the settings name."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The storage of a home."""
        return cls.from_local(config_value.get("base_dir") or str(load().home / FOLDER), inst_data)
