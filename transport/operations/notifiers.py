"""Channels: sends messages by webhook, by mail and through Apprise's services, and explains failures.

An address may hold a secret: it never appears in an error or in the log.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import smtplib
import socket
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from http.client import HTTPException, HTTPMessage
from typing import IO, TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from transport.base.settings import Settings
from transport.operations import mail

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

_SECONDS_TO_ANSWER = mail.SECONDS_TO_ANSWER

Send = Callable[[str, str, dict[str, object]], None]
"""Sends a subject, a text and the same as JSON; raises when it fails."""


def channels_of(settings: Settings) -> dict[str, Send]:
    """The configured channels, by name."""
    channels: dict[str, Send] = {}
    if settings.alert_webhook:
        channels["webhook"] = functools.partial(_post, settings)
    if settings.smtp_url and settings.alert_mail_to and settings.alert_mail_from:
        channels["mail"] = functools.partial(_mail, settings)
    for number, address in enumerate(settings.alert_urls.split(), 1):
        scheme, named, _ = address.partition("://")
        channels[f"{scheme if named else 'service'} {number}"] = functools.partial(_by_service, address)
    return channels


def attempt(send: Send, subject: str, text: str, value: dict[str, object]) -> str:
    """Send; returns why it failed, without the address, which may hold a secret; empty on success."""
    try:
        send(subject, text, value)
    except HTTPError as problem:
        problem.close()
        return f"HTTP {problem.code}"
    except (OSError, HTTPException, ValueError) as problem:
        return why(problem)
    return ""


def why(problem: BaseException) -> str:
    """Why a message was not sent, in a few words that hold no address and no secret."""
    if isinstance(problem, URLError) and isinstance(problem.reason, BaseException):
        return why(problem.reason)
    if isinstance(problem, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(problem):
        return "the mail server offers no STARTTLS; smtps:// speaks TLS at once"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"SMTP {problem.smtp_code}"
    for kind, words in _WORDS:
        if isinstance(problem, kind):
            return words
    if isinstance(problem, OSError) and problem.errno:
        return os.strerror(problem.errno).lower()
    return type(problem).__name__


class _NoAddress(ValueError):
    """A setting is not a web address, though it should be."""


class _NoService(ValueError):
    """An address is of no service that Apprise knows, or lacks what the service needs."""


class _NotTaken(ValueError):
    """A service rejected the message; Apprise's reason is withheld, since it may hold the address."""


_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (smtplib.SMTPRecipientsRefused, "the mail server refuses all recipients"),
    (smtplib.SMTPServerDisconnected, "the mail server hung up"),
    (TimeoutError, f"no answer in {_SECONDS_TO_ANSWER} seconds"),
    (socket.gaierror, "no machine has that name"),
    (ssl.SSLCertVerificationError, "its certificate is invalid"),
    (ssl.SSLError, "its TLS connection failed"),
    (HTTPException, "the answer is not HTTP"),
    (_NoAddress, "not a web address (https://…)"),
    (_NotTaken, "the service rejected the message"),
    (_NoService, "not a service that Apprise knows"),
)


def house(settings: Settings) -> str:
    """The home and machine, for readers who get messages from several."""
    return f"[dif {settings.home.name} @ {socket.gethostname()}]"


def is_web(address: str) -> bool:
    """Whether the address is a usable HTTP URL."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_service(address: str) -> bool:
    """Whether Apprise knows the service of an address, and the address has all that the service needs."""
    return _service(address) is not None


def _service(address: str) -> NotifyBase | None:
    import apprise  # slow: takes a third of a second

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its log shows addresses
    asset = apprise.AppriseAsset(app_id="dif", app_desc="dif", app_url="", async_mode=False)
    return apprise.Apprise.instantiate(address, asset=asset)


def _by_service(address: str, subject: str, text: str, _value: dict[str, object]) -> None:
    """Send through an Apprise service."""
    service = _service(address)
    if service is None:
        raise _NoService
    try:
        taken = service.notify(title=subject[:200], body=text)
    except Exception:  # noqa: BLE001 - a service's own fault stops no other channel, and its words may hold the address
        taken = False
    if not taken:
        raise _NotTaken


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: a redirected POST becomes a GET without its body, and would look delivered."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow none."""


def _post(settings: Settings, _subject: str, text: str, value: dict[str, object]) -> None:
    """POST as JSON; Slack, Teams and the like show `text`."""
    house = {"home": settings.home.name, "host": socket.gethostname()}
    body = json.dumps({"text": text, **house, **value}, ensure_ascii=False).encode()
    _call(settings.alert_webhook, body, {"Content-Type": "application/json; charset=utf-8"})


def beat(settings: Settings) -> Send:
    """A sign of life to `heartbeat_url`."""
    return lambda _subject, _text, _value: _call(settings.heartbeat_url, None, {})


def _call(address: str, body: bytes | None, headers: Mapping[str, str]) -> None:
    if not is_web(address):
        raise _NoAddress
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        address, data=body, headers={**headers, "User-Agent": "dif"}, method="GET" if body is None else "POST"
    )
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=_SECONDS_TO_ANSWER) as answer:
        answer.read(1 << 16)


def _mail(settings: Settings, subject: str, text: str, _value: dict[str, object]) -> None:
    message = EmailMessage()
    message["Subject"] = subject[:200]
    message["From"] = settings.alert_mail_from
    message["To"] = ", ".join(a.strip() for a in settings.alert_mail_to.split(",") if a.strip())
    message.set_content(text)
    with mail.connected(settings) as server:
        server.send_message(message)
