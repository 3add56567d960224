"""Starting the pages as a process of their own: on this machine only, unless visitors log in.

`command` gives the argv; `main` is what it runs: it warms what the first visitor would wait for, and prints the
address. What a browser loads is `shell`'s.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import logging
import pkgutil
import signal
import socket
import sys
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware

from catalog.errors import BadSetting, WrongUse
from dashboards import views
from dashboards.access import login, visitors
from dashboards.page import file_delivery
from dashboards.release import query, reader
from dashboards.release.authorization import EVERYTHING
from dashboards.release.statement import parsed
from dashboards.server import embeds, home, report_files, search, security, shell
from dashboards.server.descriptions import described
from dashboards.server.first_words import first_words
from dashboards.shared import geometry
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.subscriptions import routes as subscriptions
from dashboards.words import LANGUAGES, TAGS, Words
from transport.auth.roles import pages_are_for
from transport.base import settings
from transport.base.bind_address import listening, raise_open_files
from transport.base.settings import Settings
from transport.releases.release import release_named, release_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from dashboards.release.authorization import Visitor
    from transport.auth.roles import Rules

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
"""The default address. Without a login, the pages are for this machine only."""
SCRIPT = Path(__file__).parent.parent / "app.py"
_CTRL_C = 128 + signal.SIGINT
"""The exit code that shells read as ended by Ctrl-C."""


def command(given: Settings, port: int = 0, host: str = HOST) -> list[str]:
    """The argv of a process that serves the pages of `given.home` on `port` (0: a free one) and prints its address."""
    argv = [sys.executable, "-m", "dashboards.server.start", "--home", str(given.home), "--port", str(port)]
    argv += ["--host", host] if host != HOST else []
    argv += ["--contact", given.contact] if given.contact else []
    return [*argv, "--map-geometry", str(given.map_geometry)] if given.map_geometry else argv


def free_port(host: str = HOST) -> int:
    """A port that nothing listens on now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _warm(_pages: st.App, given: Settings, visitor: Visitor) -> AsyncIterator[None]:
    """Import what the pages import, and open the releases: no visitor waits for it then."""
    await asyncio.to_thread(_load)
    await asyncio.to_thread(_open, given, visitor)
    yield


def _load() -> None:
    """Import the pages' modules, read their messages and queries, and exclude all of it from garbage collection.

    Streamlit runs a full garbage collection after each run of a page. With some hundred thousand objects that live as
    long as the process, that took half of a page's time.
    """
    importlib.import_module("dashboards.page.layout")
    for module in pkgutil.walk_packages(views.__path__, f"{views.__name__}."):
        if not module.name.endswith(".page"):  # `page` modules are scripts that Streamlit runs for a visitor
            importlib.import_module(module.name)
    for language in TAGS:
        Words(language).has("app.title")  # reads the messages
    for statement in map(query.sql, query.names()):
        if "{" not in statement:  # slots are filled when the query runs
            parsed(statement)
    shell.injected_html()
    # Streamlit and Altair import it while drawing a page. Two simultaneous first visitors would find it half imported.
    importlib.import_module("pandas")
    gc.collect()
    gc.freeze()


def _open(given: Settings, visitor: Visitor) -> None:
    """Ask the newest release for the first words of the front page, and open the one before, which pages compare with.

    Of a first visit these were a tenth. What is wrong with a release is for the pages to say, so nothing ends here.
    """
    first_words(given, visitor, "", {}, Words(LANGUAGES[0]))
    try:
        for name in release_names(given.releases)[:2]:
            release = release_named(given.releases, name)
            if release is not None and reader.opens(release):
                reader.has_ledgers(release)
    except Exception:
        log.exception("not read ahead")


def app(given: Settings, rules: Rules | None, address: str, script: Path = SCRIPT) -> st.App:
    """The pages as an ASGI application that reads the releases of `given`.

    Args:
        given: where the releases are.
        rules: who logs in and how; None where the pages are open.
        address: the pages' address, as visitors see it.
        script: what Streamlit runs.
    """
    handed: dict[str, Any] = {
        SETTINGS_KEY: {"home": str(given.home), "contact": given.contact, "embed": given.embed, **_borders(given)},
        **login.secrets_of(rules, address),
    }

    def claims_of(cookies: Mapping[str, str]) -> Mapping[str, object]:
        return login.claims_of(cookies) if rules else {}

    def visitor_of(cookies: Mapping[str, str]) -> Visitor | None:
        return visitors.claimed(given, claims_of(cookies))

    def first(cookies: Mapping[str, str], path: str, link: Mapping[str, str], words: Words) -> str:
        return first_words(given, visitor_of(cookies), path, link, words)

    middleware = [
        Middleware(security.SecurityMiddleware, address=address),
        Middleware(CompressMiddleware, zstd=False, brotli_quality=6, remove_accept_encoding=True),
        Middleware(home.Home),
        Middleware(shell.PageHead, describe=partial(described, given), first=first),
    ]
    if rules is not None:
        middleware += [
            Middleware(login.Returns, address=address),
            Middleware(login.LogOuts, end=partial(visitors.end, given), has_ended=partial(visitors.has_ended, given)),
            Middleware(
                login.FilesForVisitors,
                are_for=lambda claims, path: file_delivery.is_for(visitors.claimed(given, claims), path),
            ),
        ]
    makers = (report_files.route, report_files.product_route, report_files.municipality_route)
    routes = [make(given, visitor_of) for make in makers]
    routes += [file_delivery.route(given, visitor_of)]
    routes += [*search.routes(given, visitor_of), home.route(given, visitor_of)]
    routes += embeds.routes(given, visitor_of)
    routes += [geometry.route(given.map_geometry)] if given.map_geometry else []
    routes += subscriptions.routes(given, address, claims_of, partial(visitors.claimed, given))
    warm = partial(_warm, given=given, visitor=visitor_of({}) or EVERYTHING)
    return st.App(script, secrets=handed, routes=routes, middleware=middleware, lifespan=warm)


def _borders(given: Settings) -> dict[str, str]:
    return {"map_geometry": str(given.map_geometry)} if given.map_geometry else {}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="dashboards.server.start", description=__doc__)
    parser.add_argument("--home", type=Path, help="DIF_HOME; default: from the settings")
    parser.add_argument(
        "--host",
        default=HOST,
        help="where to listen; beyond this machine only if access/pages.toml says who may log in",
    )
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one and prints it")
    parser.add_argument("--contact", help="the function address that pages show")
    parser.add_argument("--map-geometry", type=Path, help="borders for a geographic map; default: from the settings")
    options = parser.parse_args(arguments)
    given = settings.load()
    if options.home:
        given = given.but(home=options.home.resolve())
    if options.contact:
        given = given.but(contact=options.contact)
    if options.map_geometry:
        given = given.but(map_geometry=options.map_geometry.resolve())
    try:
        run(given, options.host, options.port)
    except WrongUse as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(problem.exit_code) from None
    except KeyboardInterrupt:  # everything has been stopped by then
        raise SystemExit(_CTRL_C) from None


def run(given: Settings, host: str, port: int, script: Path = SCRIPT) -> None:
    """Serve until stopped, and print the address.

    Raises:
        WrongUse: `access/pages.toml` cannot be used, the pages would be open to others without a login, or the port is
            taken.
    """
    pages = visitors.pages_of(given)
    if pages.trouble is not None:
        raise pages.trouble
    rules = pages.rules
    pages_are_for(host, rules, tls=given.tls_cert is not None or given.tls_elsewhere)
    port = port or free_port(host)
    listening(host, port).close()  # Streamlit says it after the address, and in words of its own
    address = login.address_of(rules, host, port)
    if given.map_geometry:
        try:
            geometry.load(given.map_geometry)
        except BadSetting as problem:  # the pages run without it and say so; whoever starts them is told why
            sys.stderr.write(f"{problem}\n")
    raise_open_files()
    if given.releases_url:
        from transport.cluster.releases import follow

        follow(given)
    sys.stdout.write(f"{address}/\n")
    sys.stdout.flush()
    app(given, rules, address, script).run(config=login.options(given, host, port, address))


if __name__ == "__main__":
    main()
