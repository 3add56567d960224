"""Sends messages through the services that Apprise speaks to, and signs of life.

An address may hold a secret: it never appears in an error or in the log.
"""

from __future__ import annotations

import logging
import socket
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from transport.base.settings import Settings
from transport.operations import mail

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase


def channels_of(settings: Settings) -> dict[str, str]:
    """The addresses of `alert_urls`, each by its service and place in the list."""
    addresses = settings.alert_urls.split()
    return {
        f"{address.partition('://')[0] if '://' in address else 'service'} {number}": address
        for number, address in enumerate(addresses, 1)
    }


def send(address: str, subject: str, text: str) -> str:
    """Send through the service of an address.

    Returns:
        Why it failed, without the address and the service's words, which may hold it; empty on success.
    """
    service = _service(address)
    if service is None:
        return "not a service that Apprise knows"
    try:
        accepted = service.notify(title=subject[:200], body=text)
    except Exception:  # noqa: BLE001 - a service's own fault stops no other channel
        accepted = False
    return "" if accepted else "the service did not take the message"


def is_service(address: str) -> bool:
    """Whether Apprise knows the service of an address, and the address has all that the service needs."""
    return "://" in address and _service(address) is not None


def _service(address: str) -> NotifyBase | None:
    import apprise  # slow: takes a third of a second

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its log shows addresses
    # a redirected POST becomes a GET without its body, and would look delivered
    asset = apprise.AppriseAsset(app_id="dif", app_desc="dif", app_url="", async_mode=False, http_redirects=False)
    return apprise.Apprise.instantiate(address, asset=asset)


def beat(settings: Settings) -> str:
    """Request `heartbeat_url`; returns why that failed, empty on success."""
    if not is_web(settings.heartbeat_url):
        return "not a web address (https://…)"
    request = urllib.request.Request(settings.heartbeat_url, headers={"User-Agent": "dif"})  # noqa: S310 - looked at
    try:
        with urllib.request.urlopen(request, timeout=mail.SECONDS_TO_ANSWER):  # noqa: S310
            return ""
    except urllib.error.HTTPError as problem:
        problem.close()
        return f"HTTP {problem.code}"
    except (OSError, HTTPException, ValueError) as problem:
        return mail.why(problem)


def is_web(address: str) -> bool:
    """Whether the address is a usable HTTP URL."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def house(settings: Settings) -> str:
    """The home and machine, for readers who get messages from several."""
    return f"[dif {settings.home.name} @ {socket.gethostname()}]"
