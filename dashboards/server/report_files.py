"""The routes that make reports for a visitor, as `dif report` does: networks' with form, products', municipalities'.

The visitor is checked at each request, and each query of the report is admitted for it: a link that was forwarded, or
a role that was revoked, gives nothing.
"""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from catalog.errors import Forbidden, SharingError, UnknownName, WrongUse
from dashboards.page.downloads import MIME
from dashboards.reports.municipality import report as municipality_report
from dashboards.reports.network import report
from dashboards.reports.network.form import write_form
from dashboards.reports.product import report as product_report
from dashboards.shared.pages import LANGUAGE, MONTH, RELEASE
from dashboards.shared.report_files import FOLDER, KINDS, OF_MUNICIPALITIES, OF_PRODUCTS
from dashboards.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.views.uptake.network import NetworkFacts
    from transport.base.settings import Settings

    Make: TypeAlias = Callable[[Request, str, str, Visitor, Words], Response]
    """Makes a file of a kind about something, for a visitor."""

_HEADERS: Final = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
log = logging.getLogger(__name__)


def route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route of networks' reports and forms.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def make(request: Request, kind: str, network: str, visitor: Visitor, words: Words) -> Response:
        if not visitor.sees_connections_of(networks=[network]):
            raise _not_for_them()
        facts = report.gather(given, network, request.query_params.get(RELEASE), visitor=visitor)
        return _file(kind, facts, given, words)

    return _route(FOLDER, [*KINDS.values()], visitor_of, make)


def product_route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route of products' reports, as `dif report product` makes them. For who may see what each customer pays.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def make(request: Request, _kind: str, product: str, visitor: Visitor, words: Words) -> Response:
        if not visitor.every_customer:
            raise _not_for_them()
        month = request.query_params.get(MONTH, "")
        try:
            first = date.fromisoformat(f"{month}-01") if month else None
        except ValueError:  # no month, so nothing was ever there
            raise UnknownName("month", month[:20], choices=()) from None
        facts = product_report.gather(given, product, first, request.query_params.get(RELEASE), visitor=visitor)
        return _page(product_report.page(facts, words, contact=given.contact), facts.service, facts.month)

    return _route(OF_PRODUCTS, [KINDS["report"]], visitor_of, make)


def municipality_route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route of municipalities' reports, as `dif report municipality` makes them.

    What a municipality pays is on it for those who may see that, and the call list likewise.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def make(request: Request, _kind: str, code: str, visitor: Visitor, words: Words) -> Response:
        of = partial(
            municipality_report.gather,
            given,
            code,
            request.query_params.get(RELEASE),
            language=words.language,
            visitor=visitor,
        )
        try:
            facts = of(payments=True)
        except WrongUse:  # a release without ledgers has all the rest
            facts = of()
        return _page(municipality_report.page(facts, words, contact=given.contact), facts.code, facts.month)

    return _route(OF_MUNICIPALITIES, [KINDS["report"]], visitor_of, make)


def _not_for_them() -> Forbidden:
    return Forbidden("The report is not open to this role.", "Ask DIF for access.")


def _route(
    folder: str, kinds: Sequence[str], visitor_of: Callable[[Mapping[str, str]], Visitor | None], make: Make
) -> Route:
    """A route of files named `kind-subject`; what stands in the way is said in words and nothing more."""

    def give(request: Request) -> Response:
        kind, _, subject = str(request.path_params["name"]).partition("-")
        language = request.query_params.get(LANGUAGE, "")
        words = Words(language if language in LANGUAGES else LANGUAGES[0])
        visitor = visitor_of(request.cookies)
        if kind not in kinds:
            return PlainTextResponse(words("delivery.unknown"), HTTPStatus.NOT_FOUND)
        try:
            if visitor is None:
                raise _not_for_them()
            return make(request, kind, subject, visitor, words)
        except Forbidden:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        except SharingError as problem:
            log.warning("a report: %s: %s", problem.kind, problem.problem)
            return PlainTextResponse(words("delivery.gone"), HTTPStatus.GONE)

    return Route(f"{folder}{{name}}", give, methods=["GET"])


def _page(text: str, about: str, month: date) -> Response:
    return _attached(text.encode(), f"{KINDS['report']}-{about}-{month:%Y-%m}.html", "text/html; charset=utf-8")


def _file(kind: str, facts: NetworkFacts, given: Settings, words: Words) -> Response:
    """The report, which names the form, or the form."""
    form = f"{KINDS['form']}-{facts.network.area}-{facts.month:%Y-%m}.xlsx"
    if kind == KINDS["report"]:
        return _page(report.page(facts, words, contact=given.contact, form=form), facts.network.area, facts.month)
    with TemporaryDirectory() as folder:
        path = Path(folder) / form
        write_form(facts, words, path)
        return _attached(path.read_bytes(), path.name, MIME["xlsx"])


def _attached(content: bytes, name: str, mime: str) -> Response:
    headers = {**_HEADERS, "content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=mime, headers=headers)
