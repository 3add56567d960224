"""Dagster's storage of a home: runs, events and ticks in SQLite under `DIF_HOME/dagster`, with connections kept open.

`dagster.yaml` names `HomeStorage`, so every process that Dagster starts (`dif run`, `dagster dev`, `dg dev`, `make up`)
reads and writes the history of the same home.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Self

from dagster import AssetKey, AssetRecordsFilter, DagsterEventType, Field, StringSource
from dagster._core.event_api import AssetEventType
from dagster._core.storage.event_log.base import AssetEventSummaryRecord
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from transport.base.settings import load

FOLDER = "dagster"
"""The folder of a home in which Dagster keeps its history."""
_AT_ONCE = 1000
_KEPT_OPEN = 4
"""Databases kept open: the index, and the runs last written. Each run has a database of its own."""
WITHOUT_DATA = "without data"
"""Metadata of an observation that a month of an asset has no data, so that nothing was made for it."""


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

    def get_asset_event_summary_records(
        self,
        event_type: AssetEventType,
        asset_key: AssetKey | None = None,
        run_id: str | None = None,
        storage_ids: Sequence[int] | None = None,
        after_storage_id: int | None = None,
        before_storage_id: int | None = None,
        limit: int | None = None,
        ascending: bool = False,  # noqa: FBT001, FBT002 - Dagster's own
    ) -> Sequence[AssetEventSummaryRecord]:
        """Events of assets in short. Who goes on from one event to the next is told of months without data too.

        That is a backfill, which asks what became of its months. What was not materialized would be failed, and so
        would everything that is made of it, up to the release. The month itself stays unmarked.
        """
        found = super().get_asset_event_summary_records(
            event_type, asset_key, run_id, storage_ids, after_storage_id, before_storage_id, limit, ascending
        )
        made = event_type is DagsterEventType.ASSET_MATERIALIZATION
        if not (made and ascending and asset_key and after_storage_id is not None):
            return found
        since = AssetRecordsFilter(asset_key, after_storage_id=after_storage_id)
        seen = self.fetch_observations(since, limit or _AT_ONCE, ascending=True).records
        without = [
            AssetEventSummaryRecord(
                storage_id=s.storage_id,
                run_id=s.run_id,
                asset_key=asset_key,
                partition=s.partition_key,
                timestamp=s.timestamp,
            )
            for s in seen
            if s.asset_observation and WITHOUT_DATA in s.asset_observation.metadata
        ]
        return sorted([*found, *without], key=lambda record: record.storage_id)[:limit]

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
