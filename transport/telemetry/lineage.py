"""Sends OpenLineage events where the settings say: appended to a file, or posted to a server.

Off by default: only a run whose settings name a place imports this module, and with it OpenLineage's client, of which
the transports are used. The client itself is not: it would read the environment and files of the working folder.

A place that does not take an event fails no run. Events wait in a bounded queue for a thread, which gives up at the
first failure; when the run has ended, one line tells the operator how many were lost, and why.
"""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from openlineage.client.event_v2 import RunEvent
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpConfig, HttpTransport, TokenProvider
from openlineage.client.transport.transport import Transport

from catalog.errors import BadSetting
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings
from transport.telemetry.event_log import EventLog

_SECONDS_TO_ANSWER = 5.0
_RETRIES = {"total": 2, "backoff_factor": 0.3, "status_forcelist": [429, 502, 503, 504], "allowed_methods": ["POST"]}
_PATIENCE = 15.0
"""Seconds that a run that has ended waits for its last events to be sent."""
_MOST_WAITING = 2_000
_EXPECTED = "nothing, the absolute path of a file, or the https:// address of an OpenLineage server"


class Lineage:
    """Sends the events of one run, in order."""

    def __init__(self, settings: Settings) -> None:
        """Start the thread that sends.

        Raises:
            BadSetting: nothing could be sent to `lineage_url`.
        """
        self._transport = _transport(settings)
        self._log = EventLog(settings, echo=True)
        self._waiting: queue.Queue[RunEvent | None] = queue.Queue(_MOST_WAITING)
        self._offered = self._sent = 0
        self._why = self._missed = ""
        self._thread = threading.Thread(target=self._send, name="lineage", daemon=True)
        self._thread.start()

    def send(self, event: RunEvent) -> None:
        """Queue an event for sending."""
        self._offered += 1
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self._why = self._why or "too many wait"

    def miss(self, why: str) -> None:
        """Count an event that could not be made, and go on."""
        self._offered += 1
        self._missed = why

    def close(self) -> None:
        """Wait until all is sent, or the place has had its time; tell the operator what was lost."""
        ends = time.monotonic() + _PATIENCE
        with suppress(queue.Full):
            self._waiting.put(None, timeout=_PATIENCE)
        self._thread.join(max(0.0, ends - time.monotonic()))
        if lost := self._offered - self._sent:
            self._log.event("lineage_not_sent", events=lost, problem=self._why or self._missed or "too slow")

    def _send(self) -> None:
        while (event := self._waiting.get()) is not None:
            if self._why:
                continue
            try:
                self._transport.emit(event)
                self._sent += 1
            except Exception as problem:  # noqa: BLE001 - whatever it is, the run goes on
                self._why = _why(problem)
        self._transport.close()


def check(settings: Settings) -> None:
    """Refuse a place to which nothing could be sent.

    Raises:
        BadSetting: `lineage_url` is neither a file nor a web address, or a token would cross the network in the clear.
    """
    _transport(settings)


def _transport(settings: Settings) -> Transport:
    """The transport for the events; nothing is opened yet."""
    address = urlsplit(settings.lineage_url)
    if address.scheme in {"http", "https"} and address.hostname:
        if settings.lineage_token and address.scheme == "http" and not is_loopback(address.hostname):
            raise BadSetting("lineage_url", settings.lineage_url, "https://, as lineage_token is sent with each event")
        auth = ApiKeyTokenProvider({"apiKey": settings.lineage_token}) if settings.lineage_token else TokenProvider({})
        url = f"{settings.lineage_url.rstrip('/')}/"
        return HttpTransport(HttpConfig(url=url, timeout=_SECONDS_TO_ANSWER, auth=auth, retry=_RETRIES))
    path = url2pathname(address.path) if address.scheme == "file" else settings.lineage_url
    if not Path(path).is_absolute():
        raise BadSetting("lineage_url", settings.lineage_url, _EXPECTED)
    return FileTransport(FileConfig(log_file_path=path, append=True))


def _why(problem: BaseException) -> str:
    """Why an event was not taken, without the address, which may hold a secret."""
    status = getattr(getattr(problem, "response", None), "status_code", None)
    return f"HTTP {status}" if status else type(problem.__cause__ or problem).__name__
