"""A cluster on this machine, for trying, drills and benchmarks: a scheduler, workers, and their certificates.

Everything listens on loopback. Certificates are made anew each time, by a certificate authority that is forgotten.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from transport.base.settings import PROJECT, Settings, environment

_LOOPBACK = "127.0.0.1"


def certificates(folder: Path) -> dict[str, Path]:
    """Make an authority and one certificate, which scheduler, workers and runs all present.

    Returns:
        The settings that name them.
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

    files = {name: folder / f"{name}.pem" for name in ("engine_tls_ca", "engine_tls_cert", "engine_tls_key")}
    files["engine_tls_ca"].write_bytes(signed(issuer, authority.public_key(), ca=True))
    files["engine_tls_cert"].write_bytes(signed(subject, key.public_key(), ca=False))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files["engine_tls_key"].touch(0o600)
    files["engine_tls_key"].write_bytes(private)
    return files


class Cluster:
    """A scheduler and workers, each a process of its own in a group of its own."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        """Start nothing yet.

        Args:
            settings: of the run; workers that share its home need no object storage.
            folder: for certificates and logs; a temporary one when not given.
        """
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="cluster-")
        self.folder = folder or Path(self._own.name if self._own else "")
        self.settings = settings.but(engine="dask", **certificates(self.folder))
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

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

    def start_scheduler(self) -> None:
        """Start the scheduler, at the address of an earlier one."""
        port = self.settings.engine_address.rpartition(":")[2] or "0"
        self.scheduler, said = self._serve("scheduler", {}, "scheduler", "--port", port)
        self.settings = self.settings.but(engine_address=said.split()[-1])

    def start_worker(self, name: str, **more: object) -> subprocess.Popen[bytes]:
        """Start a worker, with settings of its own if given."""
        process, _ = self._serve(name, more, "worker")
        self.workers.append(process)
        return process

    def environment(self, **more: object) -> dict[str, str]:
        """What a process needs to be told to be part of the cluster."""
        settings = self.settings.but(**more)
        named = ("home", "engine", "engine_address", "engine_tls_ca", "engine_tls_cert", "engine_tls_key")
        others = {name: value for name, value in more.items() if name not in named}
        given = {name: getattr(settings, name) for name in named} | others
        return environment({f"DIF_{name.upper()}": str(value) for name, value in given.items()})

    def end(self) -> None:
        """End every process, with its children."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.workers.clear()
        if self._own:
            self._own.cleanup()

    def _serve(self, name: str, more: Mapping[str, object], *words: str) -> tuple[subprocess.Popen[bytes], str]:
        """Start a command, and wait until it says that it is ready."""
        log, said = self.folder / f"{name}.log", self.folder / f"{name}.out"
        with log.open("ab") as errors, said.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve", *words],
                env=self.environment(**more) | {"PYTHONPATH": str(PROJECT)},
                cwd=self.folder,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        while not (words_said := said.read_text("utf-8")).endswith("\n"):
            if process.poll() is not None:
                message = f"{name} did not start:\n{log.read_text('utf-8')[-2000:]}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return process, words_said
