"""A uvicorn connection with timeouts and a limit on connections, for the HTTP door and the pages."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

END_SECONDS = 7
"""How long calls under way have to finish at shutdown."""


class PatientConnection(H11Protocol):
    """A connection with a timeout for a request's head, for a body that nobody reads, and for a reader of the answer.

    uvicorn waits for these for ever. Beyond `most` connections, websockets included, the one that has waited longest
    without a request is cut; if none waits, the newest.
    """

    patience = 30.0
    most = 1000

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, and begin to watch it."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._unsent = 0
        self._watch()
        if len(self.connections) > self.most:  # cut the one that has waited longest
            waiting = [c for c in self.connections if isinstance(c, PatientConnection) and c.is_waiting]
            min(waiting, key=lambda c: c._since, default=self).transport.abort()  # noqa: SLF001 - of this class

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._timer.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Stop watching: a websocket pings its peer itself."""
        self._timer.cancel()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Restart the timeout after each request; close after a request that gives its length in two ways.

        A proxy before us may have used the other length, and what it then forwards as the next request is part of this
        request's body.

        Source: RFC 9112, section 6.3.
        """
        self._since = self.loop.time()
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in self.headers}:
            self.transport.close()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The peer reads more slowly than we send: start timing how long it reads nothing."""
        self._since = self.loop.time()
        super().pause_writing()

    def shutdown(self) -> None:
        """The server shuts down; a connection in an unusable state is just cut."""
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
        """Whether the connection is open and has no unanswered request."""
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
