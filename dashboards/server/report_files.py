"""The routes that make reports for a visitor: a network's with its form, as `dif report network`, and a product's.

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
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from catalog.errors import Forbidden, SharingError, WrongUse
from dashboards.page.downloads import MIME
from dashboards.reports.municipality import report as municipality_report
from dashboards.reports.network import report
from dashboards.reports.network.form import write_form
from dashboards.reports.product import report as product_report
from dashboards.shared.pages import LANGUAGE, MONTH, RELEASE
from dashboards.shared.report_files import FOLDER, KINDS, OF_MUNICIPALITIES, OF_PRODUCTS
from dashboards.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.views.uptake.network import NetworkFacts
    from transport.base.settings import Settings

_HEADERS: Final = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
log = logging.getLogger(__name__)


def route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def give(request: Request) -> Response:
        kind, _, network = str(request.path_params["name"]).partition("-")
        asked = request.query_params.get(LANGUAGE, "")
        words = Words(asked if asked in LANGUAGES else LANGUAGES[0])
        visitor = visitor_of(request.cookies)
        if kind not in KINDS.values():
            return PlainTextResponse(words("delivery.unknown"), HTTPStatus.NOT_FOUND)
        if visitor is None or not visitor.sees_connections_of(networks=[network]):
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        try:
            facts = report.gather(given, network, request.query_params.get(RELEASE), visitor=visitor)
            return _file(kind, facts, given, words)
        except Forbidden:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        except SharingError as problem:
            log.warning("network files: %s: %s", problem.kind, problem.problem)
            return PlainTextResponse(words("delivery.gone"), HTTPStatus.GONE)

    return Route(f"{FOLDER}{{name}}", give, methods=["GET"])


def product_route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route of products' reports, as `dif report product` makes them. For who may see what each customer pays.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def give(request: Request) -> Response:
        kind, _, product = str(request.path_params["name"]).partition("-")
        asked, month = (request.query_params.get(name, "") for name in (LANGUAGE, MONTH))
        words = Words(asked if asked in LANGUAGES else LANGUAGES[0])
        visitor = visitor_of(request.cookies)
        if kind != KINDS["report"]:
            return PlainTextResponse(words("delivery.unknown"), HTTPStatus.NOT_FOUND)
        if visitor is None or not visitor.every_customer:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        try:
            first = date.fromisoformat(f"{month}-01") if month else None
        except ValueError:  # no month, so nothing was ever there
            return PlainTextResponse(words("delivery.gone"), HTTPStatus.GONE)
        try:
            facts = product_report.gather(given, product, first, request.query_params.get(RELEASE), visitor=visitor)
            text = product_report.page(facts, words, contact=given.contact)
        except Forbidden:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        except SharingError as problem:
            log.warning("a product's report: %s", problem)
            return PlainTextResponse(words("delivery.gone"), HTTPStatus.GONE)
        name = f"{KINDS['report']}-{facts.service}-{facts.month:%Y-%m}.html"
        return _attached(text.encode(), name, "text/html; charset=utf-8")

    return Route(f"{OF_PRODUCTS}{{name}}", give, methods=["GET"])


def municipality_route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route of municipalities' reports, as `dif report municipality` makes them.

    What a municipality pays is on it for those who may see that, and the call list likewise.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def give(request: Request) -> Response:
        kind, _, code = str(request.path_params["name"]).partition("-")
        asked = request.query_params.get(LANGUAGE, "")
        words = Words(asked if asked in LANGUAGES else LANGUAGES[0])
        visitor = visitor_of(request.cookies)
        if kind != KINDS["report"]:
            return PlainTextResponse(words("delivery.unknown"), HTTPStatus.NOT_FOUND)
        if visitor is None:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        of = partial(
            municipality_report.gather,
            given,
            code,
            request.query_params.get(RELEASE),
            language=words.language,
            visitor=visitor,
        )
        try:
            try:
                facts = of(payments=True)
            except WrongUse:  # a release without ledgers has all the rest
                facts = of()
            text = municipality_report.page(facts, words, contact=given.contact)
        except Forbidden:
            return PlainTextResponse(words("delivery.forbidden"), HTTPStatus.FORBIDDEN)
        except SharingError as problem:
            log.warning("a municipality's report: %s", problem)
            return PlainTextResponse(words("delivery.gone"), HTTPStatus.GONE)
        name = f"{KINDS['report']}-{facts.code}-{facts.month:%Y-%m}.html"
        return _attached(text.encode(), name, "text/html; charset=utf-8")

    return Route(f"{OF_MUNICIPALITIES}{{name}}", give, methods=["GET"])


def _file(kind: str, facts: NetworkFacts, given: Settings, words: Words) -> Response:
    """The report, which names the form, or the form."""
    report_name, form_name = (f"{KINDS[x]}-{facts.network.area}-{facts.month:%Y-%m}" for x in ("report", "form"))
    if kind == KINDS["report"]:
        text = report.page(facts, words, contact=given.contact, form=f"{form_name}.xlsx")
        return _attached(text.encode(), f"{report_name}.html", "text/html; charset=utf-8")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{form_name}.xlsx"
        write_form(facts, words, path)
        return _attached(path.read_bytes(), path.name, MIME["xlsx"])


def _attached(content: bytes, name: str, mime: str) -> Response:
    headers = {**_HEADERS, "content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=mime, headers=headers)
