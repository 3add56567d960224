"""The mail server of the settings: one connection for the letters to subscribers."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
from email.message import EmailMessage
from http.client import HTTPException
from typing import Final
from urllib.error import URLError
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from catalog.domain import identity
from catalog.errors import BadSetting
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings

SECONDS_TO_ANSWER: Final = 10
_LONGEST: Final = 254
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def is_set(settings: Settings) -> bool:
    """Whether mail to subscribers is set up."""
    return bool(settings.smtp_url)


def address_of(text: str) -> str | None:
    """A mail address with its domain in lower case and ASCII; None if the text is not an address.

    Refuses signs that could begin a header or another recipient, encoded words (RFC 2047), which a mail program would
    read as another address, and an address that shows an identity number.

    Source: HTML Living Standard, "valid e-mail address", and a domain of two parts or more.
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    address = f"{local}@{domain}"
    whole = _LOCAL.fullmatch(local) and "=?" not in local and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    if not whole or len(address) > _LONGEST or identity.mask(address, either=True) != address:
        return None
    return address


def masked(address: str) -> str:
    """An address as screens and logs may show it: `k***@example.no`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def connected(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server, encrypted and logged in as the settings say; use it in a `with`.

    Raises:
        BadSetting: it is not the address of a mail server, or its password would cross the network in the clear.
        OSError, smtplib.SMTPException: the server does not answer or lets nobody in.
    """
    address = _server(settings)
    host, at_once = address.hostname or "", address.scheme == "smtps"
    context = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, address.port or 465, timeout=SECONDS_TO_ANSWER, context=context)
        if at_once
        else smtplib.SMTP(host, address.port or 25, timeout=SECONDS_TO_ANSWER)
    )
    try:
        if not at_once and not _is_plain(address):
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _server(settings: Settings) -> SplitResult:
    expected = "smtp://host:port?from=tall@example.no or smtps://…, with user:password@ before the host for a login"
    try:
        address = urlsplit(settings.smtp_url)
        usable = address.scheme in {"smtp", "smtps"} and address.hostname and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadSetting("smtp_url", "(not shown)", expected)
    if address.username and _is_plain(address) and not is_loopback(address.hostname or ""):
        raise BadSetting(
            "smtp_url", "(not shown)", "an address without starttls=no, as the password would cross in the clear"
        )
    return address


def _is_plain(address: SplitResult) -> bool:
    """Whether it asks for a connection without TLS, as to a relay of this machine."""
    return address.scheme == "smtp" and parse_qs(address.query).get("starttls") == ["no"]


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


_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (smtplib.SMTPRecipientsRefused, "the mail server refuses all recipients"),
    (smtplib.SMTPServerDisconnected, "the mail server hung up"),
    (TimeoutError, f"no answer in {SECONDS_TO_ANSWER} seconds"),
    (socket.gaierror, "no machine has that name"),
    (ssl.SSLCertVerificationError, "its certificate is invalid"),
    (ssl.SSLError, "its TLS connection failed"),
    (HTTPException, "the answer is not HTTP"),
)


def new_message(settings: Settings, to: str, subject: str) -> EmailMessage:
    """A message of ours to a subscriber, without its content.

    Raises:
        BadSetting: the address of the mail server says no sender.
    """
    sender = address_of("".join(parse_qs(_server(settings).query).get("from", ())))
    if sender is None:
        raise BadSetting("smtp_url", "(not shown)", "a sender at its end, a function's: ?from=tall@example.no")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = sender
    message["To"] = to
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    return message
