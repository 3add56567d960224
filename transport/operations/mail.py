"""The mail server of the settings: one connection, for alerts and for subscribers."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from typing import Final

from catalog.domain import identity
from catalog.errors import BadSetting
from transport.auth.files import private_text
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings

SECONDS_TO_ANSWER: Final = 10
_TLS_AT_ONCE: Final = 465
_LONGEST: Final = 254
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def is_set(settings: Settings) -> bool:
    """Whether mail to subscribers is set up."""
    return bool(settings.smtp_host and settings.mail_from)


def address_of(text: str) -> str | None:
    """A mail address as it is kept, its domain in lower case and ASCII; None for a text that is none.

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
        BadSetting: a password would cross the network in the clear, or there is none.
        OSError, smtplib.SMTPException: the server does not answer or lets nobody in.
    """
    host, port = settings.smtp_host, settings.smtp_port
    password = _password(settings)
    if port == _TLS_AT_ONCE:
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_ANSWER, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS_TO_ANSWER)
    try:
        if settings.smtp_starttls and port != _TLS_AT_ONCE:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, password)
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: Settings) -> str:
    if not settings.smtp_user:
        return ""
    encrypted = settings.smtp_starttls or settings.smtp_port == _TLS_AT_ONCE
    if not encrypted and not is_loopback(settings.smtp_host):
        raise BadSetting("smtp_starttls", False, "true where smtp_user logs in")  # noqa: FBT003 - the value at fault
    file = settings.smtp_password_file
    text = (private_text(file) or "").strip() if file else ""
    if not text:
        raise BadSetting("smtp_password_file", file, "a file with the password of smtp_user, with mode 600")
    return text


def new_message(settings: Settings, to: str, subject: str) -> EmailMessage:
    """A message of ours to a subscriber, without its content.

    Raises:
        BadSetting: `mail_from` is no address.
    """
    sender = address_of(settings.mail_from)
    if sender is None:
        raise BadSetting("mail_from", settings.mail_from, "one mail address of a function, such as tall@example.no")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = sender
    message["To"] = to
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    return message
