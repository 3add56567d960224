"""The addresses of subscriptions at the pages' server: the form, and the pages that links in mails lead to.

Reading an address changes nothing, so whoever follows links for others (a mail scanner) confirms and ends nothing.
Where visitors log in, only those who are let in may subscribe; the links in mails work without a login. An answer never
tells whether an address subscribes already.
"""

from __future__ import annotations

import functools
import hashlib
import smtplib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from catalog.errors import OverQuota, SharingError
from catalog.exports import atom
from dashboards.shared import pages
from dashboards.subscriptions import forms, letters, news
from dashboards.subscriptions.sending import LEDGERS
from dashboards.words import LANGUAGES, Words, formatting
from transport.auth.roles import Pages
from transport.base.bind_address import network_of
from transport.ingest.ingest_service import Quota
from transport.operations import mail
from transport.operations.subscriptions import Frequency, Kind, LastMail, Links, Subject, Subscriptions, Wish, grants_of
from transport.releases.release import current_release, release_named, release_names
from transport.releases.store import AS_OF
from transport.telemetry.event_log import EventLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.release.reader import ReleaseReader
    from transport.base.settings import Settings
    from transport.operations.subscriptions import Subscription

    Claims = Callable[[Mapping[str, str]], Mapping[str, object]]
    """The claims of whoever has these cookies."""

_A_MINUTE: Final = 5
_AN_HOUR: Final = 20
"""How often one caller may send the form in a minute, and in an hour: a tenth of what all may."""
_LONGEST_FORM: Final = 4096
_HEADERS: Final = {"cache-control": "no-store", "x-robots-tag": "noindex"}


def routes(
    given: Settings,
    address: str,
    claims_of: Claims,
    visitor_of: Callable[[Mapping[str, object]], Visitor | None],
) -> list[Route]:
    """The routes.

    Args:
        given: where the releases and subscriptions are.
        address: the pages' address as visitors see it, for links in mails; never what a request claims it to be.
        claims_of: of a request's cookies; empty where the pages are open.
        visitor_of: the visitor of claims; None is nobody.
    """
    door = _Door(given, address, claims_of, visitor_of)
    return [
        Route(pages.SUBSCRIBE, door.guarded(door.show), methods=["GET"]),
        Route(pages.SUBSCRIBE, door.ask, methods=["POST"]),
        Route("/feeds/{feed}", door.guarded(door.feed), methods=["GET", "HEAD"]),
        Route(f"{pages.SUBSCRIBE}/bekreft/{{token}}", door.guarded(door.confirming), methods=["GET"]),
        Route(f"{pages.SUBSCRIBE}/bekreft/{{token}}", door.guarded(door.confirm), methods=["POST"]),
        Route(f"{pages.SUBSCRIBE}/slutt/{{token}}", door.guarded(door.ending), methods=["GET"]),
        Route(f"{pages.SUBSCRIBE}/slutt/{{token}}", door.guarded(door.end), methods=["POST"]),
    ]


def _answer(content: str, status: HTTPStatus = HTTPStatus.OK, task: BackgroundTask | None = None) -> HTMLResponse:
    return HTMLResponse(content, status, _HEADERS, background=task)


def _words(parameters: Mapping[str, str]) -> Words:
    language = parameters.get(pages.LANGUAGE, "")
    return Words(language if language in LANGUAGES else LANGUAGES[0])


class _Door:
    """What the routes do."""

    def __init__(
        self,
        given: Settings,
        address: str,
        claims_of: Claims,
        visitor_of: Callable[[Mapping[str, object]], Visitor | None],
    ) -> None:
        self._given, self._address = given, address
        self._claims_of, self._visitor_of = claims_of, visitor_of
        self._register = Subscriptions(given)
        self._quota = Quota("subscriptions", per_minute=_A_MINUTE, per_hour=_AN_HOUR)
        self._log = EventLog(given)

    def guarded(self, handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """The handler, with a page instead of an error: a damaged release, a register that others may read."""

        def guard(request: Request) -> Response:
            try:
                return handler(request)
            except SharingError as problem:
                return self._broken(problem, _words(request.query_params))

        return guard

    def _broken(self, problem: SharingError, words: Words) -> Response:
        self._log.event("subscription_failed", problem=problem.problem)
        return _answer(forms.page("broken", words), HTTPStatus.SERVICE_UNAVAILABLE)

    # --- subscribing --------------------------------------------------------------------------------------------------

    def show(self, request: Request) -> Response:
        """The form, with the subject chosen that the link asks for."""
        words, claims = _words(request.query_params), self._claims_of(request.cookies)
        shut = self._shut(claims, words)
        return shut or self._form(request.query_params, claims, words)

    def _shut(self, claims: Mapping[str, object], words: Words) -> Response | None:
        """Why there is no form for this visitor; None if there is."""
        if self._visitor_of(claims) is None:
            return _answer(forms.page("login", words), HTTPStatus.FORBIDDEN)
        if not mail.is_set(self._given):
            return _answer(forms.without_mail(self._given.public_url or self._address, words))
        return None

    def _form(
        self, parameters: Mapping[str, str], claims: Mapping[str, object], words: Words, message: str = ""
    ) -> Response:
        """The form: as a link asks for it, or as it was filled in, with what was wrong."""
        release = current_release(self._given.releases)
        if release is None:
            return _answer(forms.page("empty", words), HTTPStatus.SERVICE_UNAVAILABLE)
        reader = news.open_for_all(release)
        subjects = news.subjects(reader)
        chosen, lacks = _chosen(parameters, subjects, reader, words)
        token = Links(self._given).form(_holder(claims))
        visitor = self._visitor_of(claims)
        if visitor is not None and not visitor.roles.isdisjoint(LEDGERS):
            subjects[Subject(Kind.LEADERSHIP)] = words("subscribe.leadership")
        filled = forms.Filled(parameters.get("address", ""), chosen, parameters.get("frequency", ""))
        feeds = self._given.public_url or self._address
        page = forms.form(subjects, token, words, filled, feeds=feeds, message=message or lacks)
        return _answer(page, HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK)

    async def ask(self, request: Request) -> Response:
        """Take a filled-in form. The same answer whatever the address is to us already."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST_FORM:
                return _answer(forms.page("broken", Words(LANGUAGES[0])), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        fields = dict(parse_qsl(body.decode("utf-8", "replace")))
        return await run_in_threadpool(self.guarded(lambda asked: self._asked(asked, fields)), request)

    def _asked(self, request: Request, fields: Mapping[str, str]) -> Response:
        words, claims = _words(fields), self._claims_of(request.cookies)
        shut = self._shut(claims, words)
        if shut:
            return shut
        if not _is_ours(request) or not Links(self._given).is_form_of(fields.get("token", ""), _holder(claims)):
            return _answer(forms.page("stale", words), HTTPStatus.FORBIDDEN)
        try:
            self._quota.spend(_caller(request, claims))
            wish = self._wish(fields, claims, words)
            if isinstance(wish, str):
                return self._form(fields, claims, words, wish)
            subscription = self._register.ask(wish[0], now=datetime.now(UTC))
        except OverQuota:
            return _answer(forms.page("busy", words), HTTPStatus.TOO_MANY_REQUESTS)
        task = (
            BackgroundTask(self._send, subscription, wish[1]) if subscription else None
        )  # after the answer: its time tells nothing
        return _answer(forms.page("sent", words), task=task)

    def _wish(self, fields: Mapping[str, str], claims: Mapping[str, object], words: Words) -> tuple[Wish, str] | str:
        """What the form asks for, with the subject's name, or what is wrong with it."""
        address = mail.address_of(fields.get("address", ""))
        if address is None:
            return words("subscribe.address.wrong")
        subject = Subject.of(fields.get("subject", ""))
        frequency = fields.get("frequency", "")
        name = self._name(subject, claims)
        if subject is None or name is None or frequency not in list(Frequency):
            return words("subscribe.unknown")
        rules = Pages(self._given).rules
        grants = grants_of(claims, rules.grants, Links(self._given).key) if rules else frozenset()
        return Wish(address, subject, Frequency(frequency), words.language, grants), name

    def _name(self, subject: Subject | None, claims: Mapping[str, object]) -> str | None:
        """The name of a subject that this visitor may subscribe to; None for any other."""
        visitor = self._visitor_of(claims)
        if subject is not None and subject.kind is Kind.LEADERSHIP:
            return "" if visitor is not None and not visitor.roles.isdisjoint(LEDGERS) else None
        release = current_release(self._given.releases)
        return news.subjects(news.open_for_all(release)).get(subject) if release and subject else None

    def _send(self, subscription: Subscription, name: str) -> None:
        """Send the link that confirms. A mail that cannot be sent leaves no address behind."""
        words, wish = Words(subscription.wish.language), subscription.wish
        try:
            what = letters.asked_for(wish.subject, name, wish.frequency, words)
            letter = letters.confirming(what, self._address, Links(self._given).confirming(subscription.id), words)
            with mail.connected(self._given) as server:
                server.send_message(letters.message(letter, wish.address, self._given, words))
        except (OSError, smtplib.SMTPException, SharingError) as problem:
            self._register.end([subscription.id], "removed", now=datetime.now(UTC))
            why = problem.problem if isinstance(problem, SharingError) else mail.why(problem)
            self._log.event("subscription_failed", problem=why)
        else:
            self._log.event("subscription_asked", about=wish.subject.text)

    # --- the feeds ----------------------------------------------------------------------------------------------------

    def feed(self, request: Request) -> Response:
        """The newest releases, or those that changed an open dataset, for who reads news elsewhere."""
        words, name = _words(request.query_params), request.path_params["feed"]
        if self._visitor_of(self._claims_of(request.cookies)) is None:
            return _answer(forms.page("login", words), HTTPStatus.FORBIDDEN)
        dataset = None if name == atom.OF_RELEASES else name.removesuffix(".atom")
        if dataset is not None and (dataset == name or dataset not in atom.OPEN):
            return _answer(forms.page("gone", words), HTTPStatus.NOT_FOUND)
        names = [name for name in release_names(self._given.releases) if not name.startswith(AS_OF)]
        entries = [news for name in names[_IN_A_FEED::-1] if (news := _news(self._given.releases, name))]
        content = atom.feed(entries, address=self._given.public_url or None, pages=self._address, dataset=dataset)
        return Response(content, media_type=atom.MEDIA)

    # --- the links in mails -------------------------------------------------------------------------------------------

    def _of(self, name: str | None) -> Subscription | None:
        return next((s for s in self._register.all() if s.id == name), None) if name else None

    def confirming(self, request: Request) -> Response:
        """The page with the button that confirms."""
        name = Links(self._given).confirmed_by(request.path_params["token"])
        words, subscription = _words(request.query_params), self._of(name)
        if subscription is None:
            return _answer(forms.page("gone", words), HTTPStatus.NOT_FOUND)
        return _answer(forms.button("confirm", words, what=mail.masked(subscription.wish.address)))

    def confirm(self, request: Request) -> Response:
        """Begin the subscription. Confirmed twice is confirmed once."""
        words = _words(request.query_params)
        name = Links(self._given).confirmed_by(request.path_params["token"])
        begun = self._register.confirm(name, self._newest_mail(), now=datetime.now(UTC)) if name else None
        if begun is None:
            return _answer(forms.page("gone", words), HTTPStatus.NOT_FOUND)
        self._log.event("subscription_confirmed", about=begun.wish.subject.text)
        return _answer(forms.page("confirmed", words))

    def _newest_mail(self) -> LastMail:
        """What counts as told from the start: the release that the subscriber can look at now."""
        release = current_release(self._given.releases)
        if release is None:
            return LastMail("", datetime.now(UTC), None)
        return LastMail(release.name, release.published_at, release.through_month)

    def ending(self, request: Request) -> Response:
        """The page with the button that unsubscribes."""
        words = _words(request.query_params)
        if Links(self._given).ended_by(request.path_params["token"]) is None:
            return _answer(forms.page("gone", words), HTTPStatus.NOT_FOUND)
        return _answer(forms.button("end", words))

    def end(self, request: Request) -> Response:
        """Delete the subscription with its address, from our button or in one click from a mail program (RFC 8058)."""
        words = _words(request.query_params)
        name = Links(self._given).ended_by(request.path_params["token"])
        if name is None:
            return _answer(forms.page("gone", words), HTTPStatus.NOT_FOUND)
        if self._register.end([name], "unsubscribed", now=datetime.now(UTC)):
            self._log.event("subscription_ended")
        return _answer(forms.page("ended", words))


@functools.lru_cache(maxsize=64)
def _news(releases: Path, name: str) -> atom.ReleaseNews | None:
    """What a feed says of a release, which does not change; its manifest is a megabyte. None where it is damaged."""
    try:
        release = release_named(releases, name)
        return atom.news_of(release.manifest) if release else None
    except (SharingError, KeyError, TypeError, ValueError):
        return None


_IN_A_FEED: Final = 20
"""The index of the oldest release that a feed tells of, from the newest."""


def _chosen(
    parameters: Mapping[str, str], subjects: Mapping[Subject, str], reader: ReleaseReader, words: Words
) -> tuple[Subject | None, str]:
    """The subject that a link asks for, and what to say where there is none such. A place goes before a service."""
    area = parameters.get(pages.AREA, "")
    place = parameters.get(pages.MUNICIPALITY) or area
    linked_subjects = [Subject(kind, place) for kind in (Kind.MUNICIPALITY, Kind.COUNTY, Kind.NETWORK)]
    linked_subjects += [Subject(Kind.SERVICE, parameters.get(pages.SERVICE, ""))]
    filled = Subject.of(parameters.get("subject", ""))
    chosen = next((subject for subject in (filled, *linked_subjects) if subject in subjects), filled)
    if chosen or area == news.COUNTRY or not any(subject.name for subject in linked_subjects):
        return chosen, ""
    was = news.ended(reader, linked_subjects[0])
    if not was.became:
        return None, words("subscribe.unknown")
    names = formatting.listing(list(was.became.values()), words.language)
    return next(iter(was.became)), words("subscribe.became", name=was.name, became=names)


def _holder(claims: Mapping[str, object]) -> str:
    """Whom a form was given to, without saying who that is."""
    return hashlib.sha256(f"{claims.get('iss')} {claims.get('sub')}".encode()).hexdigest()[:32]


def _caller(request: Request, claims: Mapping[str, object]) -> str:
    """Who counts as one caller: a login, or an address where nobody logs in."""
    return _holder(claims) if claims else network_of(request.client.host if request.client else "")


def _is_ours(request: Request) -> bool:
    """Whether the form was sent from a page of ours, as the browser says. `Host` was checked before (`security`).

    Source: OWASP, Cross-Site Request Forgery Prevention, "Fetch Metadata" and "Verifying Origin".
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    host = request.headers.get("host")
    return request.headers.get("origin") in {f"http://{host}", f"https://{host}"}
