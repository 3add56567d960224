"""Child processes that answer requests within limits: what a stranger's file or query does ends the child at most.

A request is a JSON object on one line of the child's standard input, its reply one on its standard output, perhaps with
bytes after it. `Child` is the parent's side, `serve` the child's.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, TypeVar

_PROJECT: Final = Path(__file__).resolve().parents[2]
_STACK: Final = 8 << 20
_STARTED: Final = b"\n"
"""What a child says when it has started: on a busy machine that takes seconds, which no request is to blame for."""
_START_SECONDS: Final = 120
_END_SECONDS: Final = 5
_ENVIRONMENT: Final = {
    "PYTHONPATH": str(_PROJECT),
    "PYTHONUTF8": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a child gets of the environment: no secret, and no threads of libraries that it hardly uses."""

Reply = dict[str, Any]
_T = TypeVar("_T")


class ChildDied(Exception):
    """A child ended before its reply was whole.

    Attributes:
        how: its signal or exit code, or that it took too long.
        late: it was killed because its time was over.
    """

    def __init__(self, how: str, *, late: bool) -> None:
        super().__init__(how)
        self.how = how
        self.late = late


class Child:
    """A child process that runs a module, and the pipes to it. One thread at a time may ask."""

    def __init__(self, module: str, *words: str) -> None:
        """Start it.

        Args:
            module: which calls `serve`.
            words: its command-line arguments.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
        )
        self._started = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object], seconds: float, receive: Callable[[Reply, IO[bytes]], _T]) -> _T:
        """Send a request and receive the reply.

        Args:
            request: what the child's `serve` answers.
            seconds: how long it may take once the child has started; it is killed after that.
            receive: is given the reply, and the pipe to read the bytes after it from.

        Raises:
            ChildDied: the child died or was killed. A child that raised anything is of no use any more.
        """
        assert self._process.stdin is not None  # noqa: S101 - both are pipes by construction
        assert self._process.stdout is not None  # noqa: S101
        late = threading.Event()
        try:
            if not self._started:
                with self._killed_after(_START_SECONDS, late):
                    self._started = self._process.stdout.readline() == _STARTED
            with self._killed_after(seconds, late):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
                if line.endswith(b"\n"):
                    return receive(json.loads(line), self._process.stdout)
        except (OSError, EOFError, ValueError) as problem:
            raise ChildDied(self._end(), late=late.is_set()) from problem
        except BaseException:
            self.kill()
            raise
        raise ChildDied(self._end(), late=late.is_set())

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()

    @contextmanager
    def _killed_after(self, seconds: float, late: threading.Event) -> Iterator[None]:
        """Kill it if what is done with it takes longer, and say so."""

        def kill() -> None:
            late.set()
            self._process.kill()

        killer = threading.Timer(seconds, kill)
        killer.start()
        try:
            yield
        finally:
            killer.cancel()

    def _end(self) -> str:
        """How a child ended whose reply is not whole."""
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return "no answer"
        self.kill()  # closes its pipes
        if code == -signal.SIGXCPU:
            return "it took too long"
        return f"signal {-code}" if code < 0 else f"exit {code}"


def serve(answer: Callable[[Reply], Reply | tuple[Reply, Callable[[IO[bytes]], None]]]) -> None:
    """Answer requests until standard input ends; a child's main loop.

    What else is printed goes to standard error, so that no library's words are taken for a reply.

    Args:
        answer: makes the reply, and perhaps what writes the bytes after it.
    """
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out.write(_STARTED)
    out.flush()
    for line in sys.stdin.buffer:
        answered = answer(json.loads(line))
        reply, write = answered if isinstance(answered, tuple) else (answered, None)
        out.write(json.dumps(reply).encode() + b"\n")
        if write is not None:
            write(out)
        out.flush()


def limit_memory(megabytes: int) -> None:
    """Bound this process's memory for good, and leave no core dump, which would hold a stranger's data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # where memory runs out all the same, a child ends before its server
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    inherited = resource.getrlimit(resource.RLIMIT_DATA)[1]  # a server's own limit may be lower
    most = megabytes << 20 if inherited == resource.RLIM_INFINITY else min(megabytes << 20, inherited)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    highest = resource.getrlimit(resource.RLIMIT_STACK)[1]  # a server's stacks are small; a file may be nested deeply
    usual = _STACK if highest == resource.RLIM_INFINITY else min(_STACK, highest)
    resource.setrlimit(resource.RLIMIT_STACK, (usual, highest))


def limit_processor(seconds: int) -> None:
    """Bound the processor time that this process may take from now on; the next call may allow more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))
