"""Settings: one frozen value, built once from the environment and `dif.toml`, and passed in. Nothing else reads either.

Set the environment variable `DIF_<NAME>`, or `name = value` in `dif.toml` in the working folder. The environment wins.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from catalog.errors import BadSetting, RemovedSetting, UnknownName, WrongUse, nearest

PROJECT = Path(__file__).resolve().parents[2]
"""The folder that the code stands in: a checkout, or what pip installs into."""
CHECKOUT = (PROJECT / "pyproject.toml").exists()
HOME = PROJECT / "data" if CHECKOUT else Path.home() / ".local" / "share" / "dif"
"""The home where no setting names one. An installed wheel keeps nothing beside its code, where another user could not
write (XDG Base Directory Specification)."""


def _path(value: object) -> object:
    """The absolute path of a text. An empty text is none: it would be the working folder."""
    return Path(value).expanduser().resolve() if value and isinstance(value, str) else value or None


def _by_tls(address: str) -> str:
    if address and not address.startswith("tls://"):
        message = "an address that begins with tls://: the engine always uses mutual TLS"
        raise ValueError(message)
    return address


_CONSTANT = "It has one value now. Take it out."
_ENGINE_TLS = "Set engine_tls, a folder with ca.crt, tls.crt and tls.key."
REMOVED = {
    "alert_mail_from": "Put the sender in alert_urls: mailtos://user:password@host?from=...&to=...",
    "alert_mail_to": "Put the recipients in alert_urls: mailtos://user:password@host?from=...&to=...",
    "alert_repeat_hours": _CONSTANT,
    "alert_silence_hours": _CONSTANT,
    "alert_webhook": "Put the address of the service in alert_urls; of one that takes JSON, jsons://host/path.",
    "bucket_rows": _CONSTANT,
    "engine": "Set engine_address alone: without it a run makes all tables itself.",
    "engine_retries": _CONSTANT,
    "engine_tls_ca": _ENGINE_TLS,
    "engine_tls_cert": _ENGINE_TLS,
    "engine_tls_key": _ENGINE_TLS,
    "engine_wait_seconds": _CONSTANT,
    "max_chunk_mb": _CONSTANT,
    "max_chunk_rows": _CONSTANT,
    "max_columns": _CONSTANT,
    "max_rows": _CONSTANT,
    "perturbation_secret": "Put the secret in DIF_HOME/access/perturbation.key, with mode 600.",
    "lineage_namespace": "Set the environment variable OPENLINEAGE_NAMESPACE.",
    "mail_from": "Put the sender in smtp_url: smtp://user:password@host:587?from=tall@example.no.",
    "query_rows": _CONSTANT,
    "quota_batches_per_minute": "Set quota_per_minute.",
    "quota_mb_per_hour": _CONSTANT,
    "quota_reads_per_minute": "Set quota_per_minute.",
    "run_days": _CONSTANT,
    "share_url": "Set public_url, without /delta-sharing at its end.",
    "smtp_host": "Set smtp_url, such as smtp://user:password@host:587.",
    "smtp_password_file": "Put the password in smtp_url: smtp://user:password@host:587.",
    "smtp_port": "Put the port in smtp_url: smtp://host:587.",
    "smtp_starttls": "Set smtp_url: smtp://host?starttls=no.",
    "smtp_user": "Put the user in smtp_url: smtp://user:password@host:587.",
    "streams_per_producer": "Half of `streams` are for one producer. Take it out.",
    "wait_minutes": _CONSTANT,
    "worker_slots": "Give the number to the command: dif serve worker --slots 4.",
}
"""Settings of earlier versions, with what to do where one is still set."""


Folder = Annotated[Path, BeforeValidator(_path)]
File = Annotated[Path | None, BeforeValidator(_path)]
Secret = Annotated[str, Field(repr=False)]
_EXPECTED = {"int": "a number", "float": "a number", "bool": "true or false", "path": "a folder", "string": "a text"}


class Settings(BaseSettings):
    """Locations, limits and addresses.

    Attributes:
        home: DIF_HOME, an absolute folder that one writer at a time changes: `data` in a checkout,
            `~/.local/share/dif` where a wheel is installed.
        mirror: a folder on another disk that holds every batch before its receipt; None means no mirror.
        landing_url: object storage for the landing (`s3://bucket/folder`); empty means the home's own disk.
        shards: with `landing_url`, into how many journals doors write, each producer's batches into one of them; chosen
            once for a landing. 1 means the journal itself, which one door serves well.
        lake_url, releases_url: object storage that several machines share, for the lake and for the releases, both or
            neither; empty means the home. The home then holds copies.
        lease_seconds: how long a run that has died or is cut off keeps other machines from running.
        lake_folder: the folder of derived tables; None means `home/lake`. A rebuild uses another.
        engine_address: the scheduler (`tls://host:8786`) whose workers make the parts of tables; empty means this
            process.
        engine_task_mb: a task that reads less is made by the run itself, as sending it takes longer.
        engine_tls: what scheduler, workers and runs prove to each other: a folder with ca.crt, tls.crt and tls.key.
        worker_memory_mb: memory that one process of `dif serve worker` may take; a task that needs more fails. More
            than `memory_mb`.
        memory_mb: memory of one DuckDB connection before it spills to disk.
        threads: threads per computation, and how many make small months of tables at a time.
        readers: how many child processes read arriving files at once.
        reader_memory_mb: memory limit of a reader; a file that needs more is refused.
        reader_seconds: how long one file may take to read.
        settle_seconds: how long an arriving file must stay unchanged before it is taken in.
        query_memory_mb, query_seconds: limits of a reader's SQL.
        server: where `dif push` sends.
        token: the token that `dif push` sends; a secret, never printed.
        tls_roots: CA certificates that `dif push` trusts (PEM); the system's by default.
        tls_client_cert, tls_client_key: what `dif push` presents to a server that asks for a client certificate.
        server_memory_mb: memory limit of a server process; exceeding it ends the process.
        streams: batches taken in at the same time; half of them from one producer.
        queue_seconds: how long a batch waits for a slot before its sender is asked to retry.
        idle_seconds: how long a sender may be silent over HTTP; over Flight a proxy says it.
        max_body_mb: limit of one batch over HTTP, and of one file in the inbox.
        quota_per_minute: batches that one producer may send, files of releases that one caller may ask for over HTTP,
            and tables that one visitor may ask the pages for; 0 means no limit.
        tls_cert, tls_key: the servers' certificate and key (PEM); without them the servers do not use TLS.
        tls_client_ca: the CA of the client certificates that are asked for (mutual TLS).
        tls_elsewhere: a proxy in front of the servers speaks TLS, so they may listen beyond this machine without it.
        public_url: where others reach the HTTP door, such as `https://dif.example.no`; the catalogue points there, and
            recipients' profiles and links to files to `/delta-sharing` below it. Empty means the address that a call
            came to.
        signing_key: an Ed25519 key (PEM) that releases are signed with, so that recipients can prove what they got.
        pages_url: where visitors reach the pages; answers to assistants link there. The address in `access/pages.toml`
            comes first.
        open_access: whether callers without a token read what is public (docs/access.md), over HTTP, shares and MCP.
        embed: `open` lets other sites show charts of open datasets although visitors of the pages log in.
        licence_url: the licence of open datasets, for the catalogue; empty means that none is named.
        company_number: the organisation number whose accounts SAF-T files bring, and whose invoices EHF files; those of
            others are refused.
        schemas_folder: a folder with official schemas that the product may not carry, such as those of SAF-T; files
            are then checked against them too.
        contact: the function address that pages show; empty means that none is set.
        map_geometry: a TopoJSON or GeoJSON of municipalities, in degrees; without it no geographic map is offered.
        disk_reserve_mb: free space below which batches are refused and an alert is sent.
        release_days, release_months: how long the last release of each day, and of each month, is kept.
        run_every_minutes: how long arrivals are gathered after a run before the next one.
        automatic_runs: Dagster's schedule and sensors start switched on; `dif up` sets it.
        log_stderr: each line of the log goes to stderr too, for whoever gathers what containers say.
        log_days, audit_days: how long the log of batches and servers is kept, and the audit of reads.
        alert_backup_hours: how old the last whole backup may be before an alert is sent; 0 means never.
        alert_urls: where alerts go: Apprise URLs, separated by spaces; secrets, never shown.
        traces_url: an OpenTelemetry collector (OTLP over HTTP: `http://127.0.0.1:4318`) that gets the traces of runs,
            of batches at the doors and of pages.
        lineage_url: where each run's OpenLineage events go: the absolute path of a file, or a server's address.
        lineage_token: the bearer token for that server; a secret, never printed.
        heartbeat_url: requested at each check of alerts while all is well, so that its silence is an alarm; a secret,
            as above.
        smtp_url: the mail server of subscribers: `smtp://host:587` must offer STARTTLS, `smtps://host` speaks TLS at
            once, `smtp://localhost?starttls=no` does neither. `user:password@` before the host logs in, `?from=` after
            it is the function address that mail comes from; never shown.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    home: Folder = HOME
    mirror: File = None
    landing_url: str = ""
    shards: int = 1
    lake_url: str = ""
    releases_url: str = ""
    lease_seconds: float = 30.0
    lake_folder: File = None
    engine_address: Annotated[str, AfterValidator(_by_tls)] = ""
    engine_task_mb: int = 8
    engine_tls: File = None
    worker_memory_mb: int = 3000
    memory_mb: int = 1200
    threads: int = 2
    readers: int = 2
    reader_memory_mb: int = 1500
    reader_seconds: int = 900
    settle_seconds: float = 2.0
    query_memory_mb: int = 1000
    query_seconds: int = 30
    server: str = "grpc://127.0.0.1:8815"
    token: Secret = ""
    tls_roots: File = None
    tls_client_cert: File = None
    tls_client_key: File = None
    server_memory_mb: int = 3000
    streams: int = 8
    queue_seconds: float = 30.0
    idle_seconds: float = 30.0
    max_body_mb: int = 4096
    quota_per_minute: int = 6000
    tls_cert: File = None
    tls_key: File = None
    tls_client_ca: File = None
    tls_elsewhere: bool = False
    public_url: str = ""
    signing_key: File = None
    pages_url: str = "http://127.0.0.1:8501"
    open_access: bool = False
    embed: str = ""
    licence_url: str = ""
    company_number: str = ""
    schemas_folder: File = None
    contact: str = ""
    map_geometry: File = None
    disk_reserve_mb: int = 1000
    release_days: int = 31
    release_months: int = 24
    run_every_minutes: float = 5.0
    automatic_runs: bool = False
    log_stderr: bool = False
    log_days: int = 90
    audit_days: int = 400
    alert_backup_hours: float = 30.0
    alert_urls: Secret = ""
    traces_url: str = ""
    lineage_url: str = ""
    lineage_token: Secret = ""
    heartbeat_url: Secret = ""
    smtp_url: Secret = ""

    @property
    def engine(self) -> str:
        """Who makes the parts of tables: `local`, this process, or `dask`, the workers of a scheduler."""
        return "dask" if self.engine_address else "local"

    @property
    def streams_per_producer(self) -> int:
        """Batches of one producer that are taken in at the same time."""
        return max(1, self.streams // 2)

    @property
    def inbox(self) -> Path:
        """Where producers drop files: `inbox/<stream>/[<producer>/]`."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Immutable batch files and the journal: the source of truth."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Derived tables; may be removed and rebuilt."""
        return self.lake_folder or self.home / "lake"

    @property
    def releases(self) -> Path:
        """Immutable releases and the pointer `current`."""
        return self.home / "releases"

    @property
    def scratch(self) -> Path:
        """Spill and temporary files; emptied at the start of a run."""
        return self.home / "tmp"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what the caller gives: `load` reads the environment and `dif.toml`."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    def but(self, **changes: object) -> Settings:
        """These settings with some changed."""
        if unknown := changes.keys() - type(self).model_fields:
            raise TypeError(", ".join(unknown))
        return self.model_copy(update=changes)


def load(folder: Path | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        folder: the folder of `dif.toml`; the working folder by default.

    Raises:
        UnknownName: `dif.toml` names a setting that does not exist.
        RemovedSetting: an earlier version had a setting that is given.
        WrongUse: `dif.toml` is no TOML.
        BadSetting: a value cannot be read.
    """
    file = (folder or Path.cwd()) / "dif.toml"
    try:
        values = TomlConfigSettingsSource(Settings, file)()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WrongUse(f"{file} cannot be read: {problem}.", "Correct it: a TOML file in UTF-8.") from None
    for name, mend in REMOVED.items():
        if name in values or f"DIF_{name.upper()}" in os.environ:
            raise RemovedSetting(name, mend)
    values |= EnvSettingsSource(Settings, env_prefix="DIF_")()
    try:
        return Settings(**values)
    except ValidationError as problem:
        raise _worded(problem) from None


_OF_DEPLOYMENT = {"DIF_ACCESS", "DIF_ENGINE_CERTIFICATES", "DIF_PAGES_LISTEN"}
"""Variables that compose files and units read, whose names are like a setting's."""


def misspelt() -> dict[str, str]:
    """Name the environment's variables that are no setting but like one, each with the nearest setting's variable."""
    variables = {name for name in os.environ if name.startswith("DIF_")} - _OF_DEPLOYMENT
    settings = {name: nearest(name[4:], [*Settings.model_fields, *REMOVED]) for name in sorted(variables)}
    return {
        name: f"DIF_{setting.upper()}" for name, setting in settings.items() if setting and setting != name[4:].lower()
    }


def _worded(problem: ValidationError) -> UnknownName | BadSetting:
    """The first fault, with the setting's name, its value and what is expected."""
    fault = problem.errors(include_url=False)[0]
    name = str(fault["loc"][0])
    if fault["type"] == "extra_forbidden":
        return UnknownName("setting", name, choices=Settings.model_fields)
    value = fault["input"] if Settings.model_fields[name].repr else "(not shown)"
    expected = _EXPECTED.get(fault["type"].partition("_")[0]) or fault["msg"].removeprefix("Value error, ")
    return BadSetting(name, "" if value is None else value, expected)


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process: this one's, plus `more`."""
    return {**os.environ, **more}
