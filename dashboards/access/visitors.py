"""Who looks at the pages: decided anew on every run of a page.

A visitor follows from its token's claims and the current `DIF_HOME/access/pages.toml` (`transport.auth.roles`), so
revoking a grant takes effect at the next click. A login ends when its token does. `dashboards.release.authorization`
decides what a visitor may see.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from catalog.domain.identity import mask
from dashboards.access import login
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.words import Words
from transport.auth.files import Stamp, stamp_of, write_private
from transport.auth.roles import Pages, Role, Rules, organisation_of, values_of
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings

log = logging.getLogger(__name__)
_LONGEST_NAME: Final = 80


class Why(StrEnum):
    """Why somebody is not let in; its text is the message `access.<why>`."""

    NOT_LOGGED_IN = "not_logged_in"
    EXPIRED = "expired"
    NO_GRANT = "no_grant"
    CLOSED = "closed"
    """The file is broken or gone. The operator's log says which, and how to fix it."""
    RESTART = "restart"
    """The file was added after the pages started, so they have no provider yet."""
    ELSEWHERE = "elsewhere"
    """No file says who may see the pages, and they are reachable from other machines."""


def of(claims: Mapping[str, object], rules: Rules, now: datetime) -> Visitor | Why:
    """The visitor that a token's claims describe, or why they are refused.

    Args:
        claims: of an ID token whose signature, issuer and nonce were valid when the visitor logged in.
        rules: the current rules of access.
        now: the time, with a zone.
    """
    until = _until(claims, rules.login.session_minutes)
    audience = claims.get("aud")
    if rules.login.client_id not in (audience if isinstance(audience, list) else [audience]):
        return Why.NOT_LOGGED_IN  # from a previously configured provider
    if until is None or until <= now:
        return Why.EXPIRED
    grants = [grant for grant in rules.grants if grant.is_for(claims)]
    if not grants:
        return Why.NO_GRANT
    organisation = organisation_of(claims, rules.login.organisation) if rules.login.organisation else None
    return Visitor(
        name=_name(claims, rules.login.name),
        roles=frozenset(grant.role for grant in grants),
        organisation=organisation,
        networks=frozenset().union(*(grant.networks for grant in grants)),
        products=frozenset().union(*(grant.products for grant in grants)),
        until=until,
    )


def _name(claims: Mapping[str, object], claim: str) -> str:
    """The visitor's name as shown. Some providers put identity numbers in their claims; those are never shown."""
    text = " ".join(next(values_of(claims, claim), "").split())[:_LONGEST_NAME]
    return text if mask(text, either=True) == text else ""


def _until(claims: Mapping[str, object], minutes: int | None) -> datetime | None:
    """When the login ends: when the token expires, or `minutes` after it was issued."""
    begins, ends = _moment(claims, "iat"), _moment(claims, "exp")
    if minutes is None or begins is None or ends is None:
        return ends
    return begins + timedelta(minutes=minutes)


def _moment(claims: Mapping[str, object], name: str) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):  # not a number, or out of range
        return None


class _Ended:
    """Logins that their visitors have ended. Open tabs still have the claims, and a copied cookie would still work.

    Kept in a file, as digests, so that a restart forgets none.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "access" / "ended-logins.json"
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._until: dict[str, float] = {}

    def add(self, claims: Mapping[str, object]) -> None:
        """End a login everywhere."""
        now = datetime.now(UTC).timestamp()
        with self._lock:
            self._read()
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[self.key(claims)] = now + timedelta(days=31).total_seconds()  # the cookie's own life
            try:
                write_private(self._file, json.dumps(self._until))
            except OSError:
                log.exception("a log-out holds until the pages restart: %s cannot be written", self._file.name)

    def holds(self, claims: Mapping[str, object]) -> bool:
        """Whether the login was ended, by this process or another."""
        with self._lock:
            self._read()
            return self.key(claims) in self._until

    def _read(self) -> None:
        stamp = stamp_of(self._file)
        if stamp not in {None, self._stamp}:
            self._stamp = stamp
            try:
                ended = json.loads(self._file.read_text("utf-8"))
                self._until |= {key: float(until) for key, until in ended.items()}
            except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
                log.exception("log-outs before the pages started are forgotten: %s cannot be read", self._file.name)

    def key(self, claims: Mapping[str, object]) -> str:
        """Identifies a login."""
        parts = [str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce", "jti")]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _ended(home: Path) -> _Ended:
    return _Ended(home)


def end(settings: Settings, claims: Mapping[str, object]) -> None:
    """End a login everywhere: its open pages see it within seconds (`_leave_in_time`)."""
    _ended(settings.home).add(claims)


def has_ended(settings: Settings, claims: Mapping[str, object]) -> bool:
    """Whether the visitor ended the login."""
    return _ended(settings.home).holds(claims)


@cache
def _pages(home: Path) -> Pages:
    """One per home for the lifetime of the process: pages that were closed do not open again."""
    return Pages(Settings(home=home))


def pages_of(settings: Settings) -> Pages:
    """The current rules in `pages.toml` of a home."""
    return _pages(settings.home)


def needs_login(settings: Settings) -> bool:
    """Whether the pages ask visitors to log in."""
    return not pages_of(settings).open


# --- who visits -------------------------------------------------------------------------------------------------------


def admission(settings: Settings) -> Visitor | Why:
    """The visitor in this run of a page, or why nobody is let in."""
    pages = pages_of(settings)
    if pages.open:
        return EVERYTHING if is_loopback(str(st.get_option("server.address") or "")) else Why.ELSEWHERE
    visitor = judged(settings, st.user.to_dict())
    return Why.RESTART if visitor is Why.NOT_LOGGED_IN and not _can_log_in() else visitor


def judged(settings: Settings, claims: Mapping[str, object]) -> Visitor | Why:
    """The visitor that claims describe, where visitors log in.

    Args:
        settings: of the home.
        claims: from Streamlit's signed cookie. Nobody is logged in by empty claims or those of another provider.
    """
    rules = pages_of(settings).rules
    if rules is None:
        return Why.CLOSED
    if claims.get("is_logged_in") is not True:
        return Why.NOT_LOGGED_IN
    return Why.EXPIRED if has_ended(settings, claims) else of(claims, rules, datetime.now(UTC))


def claims(settings: Settings) -> Mapping[str, object]:
    """The claims of the visitor's token in this run of a page; empty where nobody logs in."""
    return st.user.to_dict() if needs_login(settings) else {}


def is_still(before: Visitor, settings: Settings, admitted_by: Mapping[str, object]) -> bool:
    """Whether a visitor may still see what it might see when it was let in.

    Args:
        before: the visitor as it was let in.
        settings: of the home.
        admitted_by: the claims that it was let in by.
    """
    now = claimed(settings, admitted_by)
    return now is EVERYTHING or (now is not None and now.key == before.key)


def claimed(settings: Settings, claims: Mapping[str, object]) -> Visitor | None:
    """The visitor outside a page, such as one who fetches a file; None is nobody. Open pages admit everybody."""
    if pages_of(settings).open:
        return EVERYTHING
    visitor = judged(settings, claims)
    return visitor if isinstance(visitor, Visitor) else None


def current(settings: Settings) -> Visitor | None:
    """The visitor in this run of a page; None is nobody, for whom nothing may be opened."""
    visitor = admission(settings)
    return visitor if isinstance(visitor, Visitor) else None


def _can_log_in() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


# --- what a page draws ------------------------------------------------------------------------------------------------


def entered(settings: Settings, words: Words) -> Visitor | None:
    """The visitor; None where nobody is let in, after the page has said why and how to log in."""
    visitor = admission(settings)
    if isinstance(visitor, Visitor):
        _leave_in_time(visitor, settings)
        return visitor
    _refuse(visitor, settings, words)
    return None


def _refuse(why: Why, settings: Settings, words: Words) -> None:
    st.title(words(f"access.{why}.title"))
    if why is Why.NOT_LOGGED_IN and login.FAILED in st.query_params:
        st.warning(words("access.failed"), icon=":material/error:")
    text = words(f"access.{why}", contact=settings.contact or words("access.operator"), app=words("app.title"))
    show = {Why.NOT_LOGGED_IN: st.info, Why.EXPIRED: st.info, Why.NO_GRANT: st.warning}.get(why, st.error)
    show(text, icon=":material/lock:")
    if why is Why.NO_GRANT:
        _draw_logout_link(words)
    elif why in {Why.NOT_LOGGED_IN, Why.EXPIRED} and st.button(
        words("access.log_in"), type="primary", icon=":material/login:"
    ):
        if login.FAILED in st.query_params:
            del st.query_params[login.FAILED]
        st.login(login.PROVIDER)


def refuse_page(words: Words, settings: Settings) -> None:
    """Say that this visitor may not see the page or something on it."""
    st.warning(
        words("access.forbidden", contact=settings.contact or words("access.operator")),
        title=words("access.forbidden.title"),
        icon=":material/lock:",
    )


def described(visitor: Visitor, words: Words) -> str:
    """Who is logged in and with which roles, or that the pages are open to this machine only."""
    if visitor.until is None:
        return words("access.open")
    roles = ", ".join(role.words[words.language] for role in Role if role in visitor.roles)
    key = "access.logged_in" if visitor.name else "access.logged_in.nameless"
    return words(key, name=visitor.name, roles=roles)


def corner(visitor: Visitor, words: Words) -> None:
    """Say who is logged in, with a link to log out."""
    st.text(described(visitor, words))
    if visitor.until is not None:
        _draw_logout_link(words)


def _draw_logout_link(words: Words) -> None:
    """A link, not a button whose script redirects: a stopped script's redirect never arrives."""
    link = escape(login.logout_link(st.user.to_dict()))
    st.html(f'<p class="dif-small"><a href="{link}" target="_self">{escape(words("access.log_out"))}</a></p>')


_LEAVES_SECONDS: Final = 3
"""How long an open page stays at most when its login is over; a tab that is not looked at may stay a minute."""


def _leave_in_time(visitor: Visitor, settings: Settings) -> None:
    """Rerun an open page when the login is over or a role revoked, so that its contents do not stay on a screen."""
    if visitor.until is None:
        return
    claims = st.user.to_dict()

    @st.fragment(run_every=_LEAVES_SECONDS)  # noqa: TID251 - it is what asks anew
    def watch() -> None:
        if not is_still(visitor, settings, claims):
            st.rerun()

    watch()
