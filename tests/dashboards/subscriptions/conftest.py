"""A home whose figures people subscribe to, its pages' routes, and a real mail server."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboards.access import visitors
from dashboards.server import security, shell
from dashboards.subscriptions import routes, sending
from tests.mail_server import MailServer
from transport.base.settings import Settings
from transport.operations.subscriptions import Subscriptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

ADDRESS = "http://127.0.0.1:8501"
KARI = "Kari.Nordmann@kommune.test"
NOW = datetime.now(UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as made:
        yield made


@pytest.fixture
def given(tmp_path, whole_home, server) -> Settings:
    """A home of one's own, whose release is through September; mail is set up."""
    releases = tmp_path / "home" / "releases"
    shutil.copytree(whole_home / "releases", releases, symlinks=True, copy_function=os.link)
    settings = Settings(home=tmp_path / "home", pages_url=ADDRESS, **server.settings)
    change(settings, through_month="2026-09-01")
    return settings


def change(given: Settings, **facts: object) -> None:
    """Change what the current release says of itself."""
    file = given.releases / "current" / "manifest.json"
    changed = json.dumps(json.loads(file.read_text()) | facts)
    file.unlink()  # others share it
    file.write_text(changed)


@pytest.fixture
def publish(given) -> Callable[..., None]:
    """Publish a copy of the current release a day later, with statements run over its open database."""

    def published(*statements: str, ledger: str = "", **facts: object) -> None:
        pointer = given.releases / "current"
        before = pointer.resolve()
        manifest = json.loads((before / "manifest.json").read_text())
        at = datetime.fromisoformat(manifest["published_at"]) + timedelta(days=1)
        name = f"{at:%Y-%m-%d}.1"
        shutil.copytree(before, given.releases / name, copy_function=os.link)
        for file, run in (("dif", statements), ("ledger", (ledger,) if ledger else ())):
            if run:
                path = given.releases / name / f"{file}.duckdb"
                path.unlink()
                shutil.copyfile(before / path.name, path)
                with duckdb.connect(str(path)) as database:
                    for statement in run:
                        database.execute(statement)
        pointer.unlink()
        pointer.symlink_to(name)
        change(given, release=name, published_at=at.isoformat(), **facts)

    return published


@pytest.fixture
def visit(given) -> Callable[..., TestClient]:
    """A browser at the pages: nobody's claims where the pages are open, else those of whoever is logged in."""

    def opened(claims: Mapping[str, object] | None = None, *, settings: Settings = given) -> TestClient:
        made = routes.routes(
            settings, ADDRESS, lambda _cookies: claims or {}, lambda of: visitors.claimed(settings, of)
        )
        guards = [Middleware(security.SecurityMiddleware), Middleware(shell.PageHead)]
        site = Starlette(routes=made, middleware=guards)
        return TestClient(site, base_url=ADDRESS, headers={"sec-fetch-site": "same-origin"})

    return opened


class Reader:
    """Somebody who fills in the form, and follows links."""

    def __init__(self, client: TestClient, server: MailServer, given: Settings) -> None:
        self.client, self.server, self.given = client, server, given

    def asks(self, subject: str = "service:svarut", address: str = KARI, frequency: str = "monthly", **more: str):
        """Open the form, fill it in, and send it."""
        form = self.client.get("/abonner").text
        token = re.search(r'name="token" value="([^"]+)"', form)
        fields = {"token": token[1] if token else "", "address": address, "subject": subject, "frequency": frequency}
        return self.client.post("/abonner", data=fields | more)

    def link(self, place: str) -> str:
        """The path of a link in the last mail."""
        text = self.server.mails[-1].get_body(("plain",)).get_content()
        return re.search(rf"{ADDRESS}(/abonner/{place}/\S+)", text)[1]

    def subscribes(self, *asked: str, **more: str) -> None:
        """From the form to the button that confirms."""
        assert self.asks(*asked, **more).status_code == 200
        assert self.client.post(self.link("bekreft")).status_code == 200

    @property
    def kept(self):
        """What is kept of subscriptions."""
        return Subscriptions(self.given).all()


@pytest.fixture
def reader(visit, server, given) -> Reader:
    return Reader(visit(), server, given)


@pytest.fixture
def sent(given) -> Callable[[], sending.Sent]:
    """Send what is due."""
    return lambda now=NOW: sending.send(given, now=now)


def holding(home: Path, text: str) -> list[str]:
    """The files of a home that hold a text, in any case."""
    return [p.name for p in home.rglob("*") if p.is_file() and text.lower().encode() in p.read_bytes().lower()]
