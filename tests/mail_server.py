"""A real mail server on this machine, which keeps what it is sent and can refuse."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from email.message import EmailMessage


class MailServer:
    """Receives on loopback while its block lasts.

    Attributes:
        got: each mail's content, in order.
        to: the recipients of the last.
        refuses: each mail, with a code that means "later".
        settings: those that send to it.
    """

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.to: list[str] = []
        self.refuses = False
        self.settings: dict[str, Any] = {}

    @property
    def mails(self) -> list[EmailMessage]:
        """What was received, parsed."""
        return [message_from_bytes(each, policy=policy.default) for each in self.got]

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail, or refuse it."""
        if self.refuses:
            return "451 try again"
        self.got.append(envelope.content)
        self.to = envelope.rcpt_tos
        return "250 OK"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        making = self._loop.create_server(lambda: SMTP(self, hostname="mail.test"), "127.0.0.1", 0)
        self._server = self._loop.run_until_complete(making)
        port = self._server.sockets[0].getsockname()[1]
        self.settings = {"smtp_url": f"smtp://127.0.0.1:{port}?starttls=no&from=tall@dif.test"}
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
