"""A port in front of a server, for drills and benchmarks: it may hold each answer, or answer in the server's place."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import re
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

_SPAWN = multiprocessing.get_context("spawn")
_LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class _Mood:
    """The orders for the process of a wire, in shared memory."""

    delay: Any = field(default_factory=lambda: _SPAWN.Value(ctypes.c_double, 0.0))
    code: Any = field(default_factory=lambda: _SPAWN.Value(ctypes.c_int, 0))
    only_puts: Any = field(default_factory=lambda: _SPAWN.Value(ctypes.c_bool, False))  # noqa: FBT003 - its first value

    def refuses(self, request: bytes) -> bool:
        return bool(self.code.value) and (not self.only_puts.value or request.startswith(b"PUT "))


class Wire:
    """A port that passes on to another on this machine, in a process of its own.

    Attributes:
        port: where it listens.
    """

    def __init__(self, to: int, delay: float = 0.0) -> None:
        """Listen, and wait until somebody may connect.

        Args:
            to: the port to pass on to.
            delay: seconds for which each answer is held.
        """
        self._mood = _Mood()
        self.hold(delay)
        ready: multiprocessing.Queue[int] = _SPAWN.Queue()
        self._process = _SPAWN.Process(target=_serve, args=(to, self._mood, ready), daemon=True)
        self._process.start()
        self.port = ready.get(timeout=60)

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.join()

    def hold(self, seconds: float) -> None:
        """Hold each answer for so long from now on."""
        self._mood.delay.value = seconds

    def answer(self, code: int, *, only_puts: bool = False) -> None:
        """Answer requests with this status from now on, instead of passing them on; 0 passes them on again."""
        self._mood.only_puts.value = only_puts
        self._mood.code.value = code


@dataclass(slots=True)
class _Connection:
    """One connection of a client, and one to the server."""

    mood: _Mood
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    from_server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    requested: asyncio.Event = field(default_factory=asyncio.Event)

    async def go(self) -> None:
        answers = asyncio.ensure_future(self._answers())
        try:
            while data := await self.reader.read(1 << 16):
                if self.mood.refuses(data):
                    await self._refuse(data)
                    break
                self.requested.set()
                self.to_server.write(data)
                await self.to_server.drain()
        except OSError:
            pass
        finally:
            self.to_server.close()
            self.writer.close()
            answers.cancel()

    async def _answers(self) -> None:
        while data := await self.from_server.read(1 << 16):
            if self.requested.is_set():
                await asyncio.sleep(self.mood.delay.value)
                self.requested.clear()
            self.writer.write(data)
            await self.writer.drain()
        self.writer.close()

    async def _refuse(self, begun: bytes) -> None:
        while b"\r\n\r\n" not in begun and (more := await self.reader.read(1 << 16)):
            begun += more
        head, _, body = begun.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        rest = int(length[1]) - len(body) if length else 0
        while rest > 0 and (more := await self.reader.read(1 << 16)):
            rest -= len(more)
        status = self.mood.code.value or 503
        self.writer.write(f"HTTP/1.1 {status} no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await self.writer.drain()


def _serve(to: int, mood: _Mood, ready: multiprocessing.Queue[int]) -> None:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Connection(mood, reader, writer, *await asyncio.open_connection(_LOOPBACK, to)).go()

    async def listen() -> None:
        server = await asyncio.start_server(met, _LOOPBACK, 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())
