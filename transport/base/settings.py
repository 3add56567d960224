"""Settings: one frozen value, built once from the environment and `dif.toml`, and passed in. The only reader of either.

A setting is given as the environment variable `DIF_<NAME>` or as `name = value` in `dif.toml` in the working folder;
the environment wins.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_type_hints

from catalog.errors import BadSetting, UnknownName

PROJECT = Path(__file__).resolve().parents[2]
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much they may take.

    Attributes:
        home: DIF_HOME, an absolute folder that one writer at a time changes.
        mirror: a folder on another disk that has every batch before its receipt; none is no mirror.
        landing_url: object storage that the landing lies on (`s3://bucket/folder`); empty is the home's own disk.
        lake_folder: where derived tables lie; None is `home/lake`. A rebuild works in another.
        memory_mb: what one DuckDB connection may hold before it spills to disk.
        threads: how many threads a computation takes.
        readers: how many child processes read arriving files at once.
        reader_memory_mb: a reader's limit on its own memory; a file that needs more is refused.
        reader_seconds: how long one file may take to read.
        settle_seconds: how long an arriving file must have been left alone before it is taken in.
        max_columns: more columns than this in an arriving file are refused unread.
        max_rows: more rows than this in one batch are refused.
        query_memory_mb, query_seconds, query_rows: bounds of a reader's SQL.
        server: where `dif push` sends.
        token: what it shows there; a secret, so it is never printed.
        tls_roots: whose server certificates it trusts (PEM); the system's when not given.
        tls_client_cert, tls_client_key: what it shows to a server that asks for a client certificate.
        server_memory_mb: a server process's limit on its own memory; what exceeds it ends the process.
        streams, streams_per_producer: batches that are taken in at the same time, in all and of one producer.
        queue_seconds: how long a batch waits for its turn before it is asked to come again.
        idle_seconds: how long a sender may be silent.
        max_chunk_rows, max_chunk_mb: caps of one record batch on the wire.
        max_body_mb: cap of one batch over HTTP.
        quota_batches_per_minute, quota_mb_per_hour: what one producer may send; 0 is no bound.
        tls_cert, tls_key: the servers' certificate and key (PEM); without them they speak in the clear.
        tls_client_ca: whose client certificates are asked for (mutual TLS).
        tls_elsewhere: a proxy before the servers speaks TLS, so they may listen beyond this machine in the clear.
        contact: the function address that pages show; empty says that none is set.
        map_geometry: a TopoJSON or GeoJSON of municipalities, in degrees; without it no geographic map is offered.
        disk_reserve_mb: free space below which batches are refused and somebody is woken.
        release_days, release_months: for how long the last release of each day, and of each month, is kept.
        run_every_minutes: how long after a run what arrives is gathered for the next one.
        run_days: how long Dagster remembers a run.
        log_days, audit_days: how long the log of batches and servers is kept, and the audit of reads.
        alert_silence_hours: how long a stream that normally gets batches may be without one before somebody is woken.
        alert_repeat_hours: how often an alert that lasts is told again.
        alert_backup_hours: how old the last whole backup may be before somebody is woken; 0: nobody ever is.
        alert_webhook: where alerts are posted as JSON; a secret often stands in it, so it is never shown.
        alert_urls: other services that alerts are told by: addresses of Apprise, space between; secrets, never shown.
        heartbeat_url: asked each minute while all is well, so that its silence tells; a secret, as above.
        alert_mail_to, alert_mail_from: addresses, comma between; both and `smtp_host` are needed for mail.
        smtp_host, smtp_port, smtp_starttls: the mail server, and whether it must speak TLS.
    """

    home: Path = PROJECT / "data"
    mirror: Path | None = None
    landing_url: str = ""
    lake_folder: Path | None = None
    memory_mb: int = 1200
    threads: int = 2
    readers: int = 2
    reader_memory_mb: int = 1500
    reader_seconds: int = 900
    settle_seconds: float = 2.0
    max_columns: int = 200
    max_rows: int = 50_000_000
    query_memory_mb: int = 1000
    query_seconds: int = 30
    query_rows: int = 1_000_000
    server: str = "grpc://127.0.0.1:8815"
    token: str = field(default="", repr=False)
    tls_roots: Path | None = None
    tls_client_cert: Path | None = None
    tls_client_key: Path | None = None
    server_memory_mb: int = 3000
    streams: int = 8
    streams_per_producer: int = 4
    queue_seconds: float = 30.0
    idle_seconds: float = 30.0
    max_chunk_rows: int = 1_048_576
    max_chunk_mb: int = 64
    max_body_mb: int = 4096
    quota_batches_per_minute: int = 6000
    quota_mb_per_hour: int = 200_000
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    tls_elsewhere: bool = False
    contact: str = ""
    map_geometry: Path | None = None
    disk_reserve_mb: int = 1000
    release_days: int = 31
    release_months: int = 24
    run_every_minutes: float = 5.0
    run_days: int = 30
    log_days: int = 90
    audit_days: int = 400
    alert_silence_hours: float = 6.0
    alert_repeat_hours: float = 24.0
    alert_backup_hours: float = 30.0
    alert_webhook: str = field(default="", repr=False)
    alert_urls: str = field(default="", repr=False)
    heartbeat_url: str = field(default="", repr=False)
    alert_mail_to: str = ""
    alert_mail_from: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_starttls: bool = True

    @property
    def inbox(self) -> Path:
        """Where producers drop files: `inbox/<stream>/[<producer>/]`."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Immutable batch files and the journal: the truth."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Derived tables; may be removed and made again."""
        return self.lake_folder or self.home / "lake"

    @property
    def releases(self) -> Path:
        """Immutable releases and the pointer `current`."""
        return self.home / "releases"

    @property
    def scratch(self) -> Path:
        """Spill and half-made files; emptied at the start of a run."""
        return self.home / "tmp"

    def but(self, **changes: object) -> Settings:
        """These settings with some changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def _parsed(name: str, kind: object, value: object) -> object:
    if kind is bool:
        if str(value).lower() not in _YES_NO:
            raise BadSetting(name, value, "true or false")
        return _YES_NO[str(value).lower()]
    try:
        if kind is int:
            return int(str(value))
        if kind is float:
            return float(str(value))
    except ValueError:
        raise BadSetting(name, value, "a number") from None
    return str(value) if kind is str else Path(str(value)).expanduser().resolve()


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        environment: stands in for the process's environment.
        folder: where `dif.toml` is looked for; the working folder when not given.

    Raises:
        UnknownName: `dif.toml` names a setting that does not exist.
        BadSetting: a value cannot be read.
    """
    environment = os.environ if environment is None else environment
    kinds = get_type_hints(Settings)
    given: dict[str, object] = {}
    file = (folder or Path.cwd()) / "dif.toml"
    if file.is_file():
        try:
            given = dict(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise BadSetting("dif.toml", str(problem), "a TOML file in UTF-8") from None
        for name in given:
            if name not in kinds:
                raise UnknownName("setting", name, known=kinds)
    given |= {name: environment[key] for name in kinds if (key := f"DIF_{name.upper()}") in environment}
    return Settings(**{name: _parsed(name, kinds[name], value) for name, value in given.items()})  # type: ignore[arg-type]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process of ours: this one's, and more."""
    return {**os.environ, **more}
