"""Who looks at the pages: asked on every run of a page.

A visitor is what its token's claims and `DIF_HOME/access/pages.toml` say at this moment (`transport.auth.roles`): a
grant that is taken away works at the next click. A login ends when its token does. What a visitor may see is decided in
`dashboards.release.authorization`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit import runtime
from streamlit.errors import StreamlitSecretNotFoundError

from catalog.domain.identity import mask
from dashboards.access import login
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.words import Words
from transport.auth.roles import Pages, Role, Rules, organisation_of, values_of
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings

_LONGEST_NAME: Final = 80


class Why(StrEnum):
    """Why somebody is not let in; the words for it are `access.<why>` in the catalogue."""

    NOT_LOGGED_IN = "not_logged_in"
    EXPIRED = "expired"
    NO_GRANT = "no_grant"
    CLOSED = "closed"
    """The file is broken or gone. The operator's log says which, and the mend."""
    RESTART = "restart"
    """The file came after the pages were started: they know no provider yet."""
    ELSEWHERE = "elsewhere"
    """No file says who may see the pages, and they are open to more than this machine."""


def of(claims: Mapping[str, object], rules: Rules, now: datetime) -> Visitor | Why:
    """The visitor that a token's claims make, or why they make none.

    Args:
        claims: of an ID token whose signature, issuer and nonce held when the visitor logged in.
        rules: who may what, as it is now.
        now: with its zone.
    """
    until = _until(claims, rules.login.session_minutes)
    audience = claims.get("aud")
    if rules.login.client_id not in (audience if isinstance(audience, list) else [audience]):
        return Why.NOT_LOGGED_IN  # of a provider that was configured before
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
    """Who it is, as shown. Some providers have identity numbers in their claims; those are shown nowhere."""
    text = " ".join(next(values_of(claims, claim), "").split())[:_LONGEST_NAME]
    return text if mask(text, either=True) == text else ""


def _until(claims: Mapping[str, object], minutes: int | None) -> datetime | None:
    """When the login ends: with the token, or so many minutes after it was made."""
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
    except (OverflowError, ValueError, OSError):  # no number, or one that no clock shows
        return None


class _Ended:
    """Logins that their visitors have ended: a tab that was left open still has its claims, and a copy its cookie."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def add(self, claims: Mapping[str, object]) -> None:
        """End a login everywhere, as long as this process lives."""
        now = datetime.now(UTC).timestamp()
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[self.key(claims)] = now + timedelta(days=31).total_seconds()  # the cookie's own life

    def holds(self, claims: Mapping[str, object]) -> bool:
        """Whether the login was ended."""
        return self.key(claims) in self._until

    def key(self, claims: Mapping[str, object]) -> str:
        """Which login it is."""
        said = [str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce", "jti")]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


_ended = _Ended()


def end(claims: Mapping[str, object]) -> None:
    """End a login everywhere, and have each page of it that stands open run again: it then says that it is over.

    Called where the server's own loop runs.
    """
    _ended.add(claims)
    if runtime.exists():
        for info in runtime.get_instance()._session_mgr.list_active_sessions():  # noqa: SLF001 - test_login.py holds it
            if _ended.key(info.session._user_info) == _ended.key(claims):  # noqa: SLF001
                info.session.request_rerun(None)


def has_ended(claims: Mapping[str, object]) -> bool:
    """Whether a login was ended before its time."""
    return _ended.holds(claims)


@cache
def _pages(home: Path) -> Pages:
    """One for a home as long as the process lives: what has been closed does not open again."""
    return Pages(Settings(home=home))


def pages_of(settings: Settings) -> Pages:
    """What `pages.toml` of a home says right now."""
    return _pages(settings.home)


def needs_login(settings: Settings) -> bool:
    """Whether the pages ask visitors to log in."""
    return not pages_of(settings).open


# --- who visits -------------------------------------------------------------------------------------------------------


def met(settings: Settings) -> Visitor | Why:
    """Who visits, in this run of a page; or why nobody is let in."""
    pages = pages_of(settings)
    if pages.open:
        return EVERYTHING if is_loopback(str(st.get_option("server.address") or "")) else Why.ELSEWHERE
    found = judged(settings, st.user.to_dict())
    return Why.RESTART if found is Why.NOT_LOGGED_IN and not _can_log_in() else found


def judged(settings: Settings, claims: Mapping[str, object]) -> Visitor | Why:
    """The visitor that claims make, where visitors log in.

    Args:
        settings: of the home.
        claims: as Streamlit keeps them in its signed cookie; with none, or those of another, nobody is logged in.
    """
    rules = pages_of(settings).rules
    if rules is None:
        return Why.CLOSED
    if claims.get("is_logged_in") is not True:
        return Why.NOT_LOGGED_IN
    return Why.EXPIRED if _ended.holds(claims) else of(claims, rules, datetime.now(UTC))


def claims(settings: Settings) -> Mapping[str, object]:
    """What the token of who visits says, in this run of a page; nothing where nobody logs in."""
    return st.user.to_dict() if needs_login(settings) else {}


def is_still(before: Visitor, settings: Settings, said: Mapping[str, object]) -> bool:
    """Whether somebody who was let in may see now what it might see before.

    Args:
        before: as it was let in.
        settings: of the home.
        said: the claims that it was let in by.
    """
    now = claimed(settings, said)
    return now is EVERYTHING or (now is not None and now.key == before.key)


def claimed(settings: Settings, claims: Mapping[str, object]) -> Visitor | None:
    """Who visits outside of a page, as to fetch a file; None is nobody. Where pages are open, whoever reaches them."""
    if pages_of(settings).open:
        return EVERYTHING
    found = judged(settings, claims)
    return found if isinstance(found, Visitor) else None


def current(settings: Settings) -> Visitor | None:
    """Who visits, in this run of a page; None is nobody, and nothing may be opened."""
    found = met(settings)
    return found if isinstance(found, Visitor) else None


def _can_log_in() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


# --- what a page draws ------------------------------------------------------------------------------------------------


def entered(settings: Settings, words: Words) -> Visitor | None:
    """Who visits; None where nobody is let in, and the page has been told why and how to log in."""
    found = met(settings)
    if isinstance(found, Visitor):
        _leave_in_time(found)
        return found
    _refuse(found, settings, words)
    return None


def _refuse(why: Why, settings: Settings, words: Words) -> None:
    st.title(words(f"access.{why}.title"))
    if why is Why.NOT_LOGGED_IN and login.FAILED in st.query_params:
        st.warning(words("access.failed"), icon=":material/error:")
    text = words(f"access.{why}", contact=settings.contact or words("access.operator"), app=words("app.title"))
    show = {Why.NOT_LOGGED_IN: st.info, Why.EXPIRED: st.info, Why.NO_GRANT: st.warning}.get(why, st.error)
    show(text, icon=":material/lock:")
    if why is Why.NO_GRANT:
        _way_out(words)
    elif why in {Why.NOT_LOGGED_IN, Why.EXPIRED} and st.button(
        words("access.log_in"), type="primary", icon=":material/login:"
    ):
        if login.FAILED in st.query_params:
            del st.query_params[login.FAILED]
        st.login(login.PROVIDER)


def refuse_page(words: Words, settings: Settings) -> None:
    """Say that the page, or something on it, is not for this visitor."""
    st.warning(
        words("access.forbidden", contact=settings.contact or words("access.operator")),
        title=words("access.forbidden.title"),
        icon=":material/lock:",
    )


def said_who(visitor: Visitor, words: Words) -> str:
    """Who is logged in, and as what; or that the pages are open to this machine only."""
    if visitor.until is None:
        return words("access.open")
    roles = ", ".join(role.words[words.language] for role in Role if role in visitor.roles)
    key = "access.logged_in" if visitor.name else "access.logged_in.nameless"
    return words(key, name=visitor.name, roles=roles)


def corner(visitor: Visitor, words: Words) -> None:
    """Say who is logged in, with a way out."""
    st.text(said_who(visitor, words))
    if visitor.until is not None:
        _way_out(words)


def _way_out(words: Words) -> None:
    """A link, not a button that has a script say where to go: what a stopped script says does not arrive."""
    link = escape(login.way_out(st.user.to_dict()))
    st.html(f'<p class="dif-small"><a href="{link}" target="_self">{escape(words("access.log_out"))}</a></p>')


def _leave_in_time(visitor: Visitor) -> None:
    """Let a page that stands open run again when the login ends, so that it is not left on a screen."""
    if visitor.until is None:
        return
    left = (visitor.until - datetime.now(UTC)).total_seconds()

    @st.fragment(run_every=max(left, 0) + 0.5)  # noqa: TID251 - it is what asks anew
    def watch() -> None:
        if visitor.until is not None and visitor.until <= datetime.now(UTC):
            st.rerun()

    watch()
