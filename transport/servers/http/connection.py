"""A connection of uvicorn's with an end to patience, and to how many there are: of the HTTP door, and of the pages."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientConnection(H11Protocol):
    """A connection with an end to patience: for a request's head, a body nobody asked for, and a reader of the answer.

    uvicorn waits for these for ever. Beyond `most`, which counts websockets too, who has waited longest without a
    request makes room; where nobody waits, who came last.
    """

    patience = 30.0
    most = 1000

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and begin to watch."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._unsent = 0
        self._watch()
        if len(self.connections) > self.most:  # who has waited longest without a request makes room
            waiting = [c for c in self.connections if isinstance(c, PatientConnection) and c.is_waiting]
            min(waiting, key=lambda c: c._since, default=self).transport.abort()  # noqa: SLF001 - of this class

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._timer.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Stop watching: from here on it is a websocket's, which asks its peer for signs of life."""
        self._timer.cancel()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Patience begins anew with each request; after one that says its length in two ways there is none.

        A proxy before us may have taken the other of the two, and what it then sends on as the next request is a part
        of this one's body.

        Source: RFC 9112, section 6.3.
        """
        self._since = self.loop.time()
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in self.headers}:
            self.transport.close()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The peer reads more slowly than it is sent to; how long it reads nothing is watched."""
        self._since = self.loop.time()
        super().pause_writing()

    def shutdown(self) -> None:
        """The server ends; a connection that is past talking to is only cut."""
        try:
            super().shutdown()
        except h11.LocalProtocolError:
            self.transport.abort()

    @property
    def at_work(self) -> bool:
        """Whether a request is being answered."""
        return not getattr(self.cycle, "response_complete", True)  # before the first request there is none

    @property
    def is_waiting(self) -> bool:
        """Whether no request has come that is not answered yet."""
        return not self.at_work and not self.transport.is_closing()

    def _watch(self) -> None:
        now = self.loop.time()
        before, self._unsent = self._unsent, self.transport.get_write_buffer_size()
        stuck = self._unsent >= before if self.flow.write_paused else self.transport.is_closing()
        if self.at_work and not stuck:
            self._since = now
        elif now - self._since > self.patience:
            self.transport.abort()
            return
        self._timer = self.loop.call_later(self.patience / 4, self._watch)
