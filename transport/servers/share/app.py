"""Delta Sharing as an ASGI application, under `/delta-sharing`: a part of the HTTP server, or served alone.

A recipient's token is looked up at every call, so a revocation works at once, for links too. What a recipient may not
see is said not to exist. Files are fetched by signed links, without the token, as the protocol wants it.

Source: https://github.com/delta-io/delta-sharing/blob/main/PROTOCOL.md
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.responses import Response

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import ShareContract
from catalog.domain import identity
from catalog.errors import Damaged, SharingError, UnknownName, WrongUse
from transport.auth import ANYBODY, Access, Caller
from transport.auth.tokens import Recipient
from transport.base import strict_json
from transport.base.settings import Settings
from transport.servers import calls
from transport.servers.calls import Read
from transport.servers.http import openapi
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.call import Call, json_answer, problem_answer
from transport.servers.http.files import RangedFile
from transport.servers.http.routes import HEALTH, Route
from transport.servers.share.hints import Hints
from transport.servers.share.links import SECONDS, Link, link_key
from transport.servers.share.protocol import (
    CAPABILITIES,
    NDJSON,
    VERSION,
    File,
    Json,
    form_of,
    head,
    id_of,
    lines,
)
from transport.servers.share.routes import DESCRIPTION, PREFIX, ROUTES
from transport.servers.share.tables import Part, Table, Tables, shares_of
from transport.servers.share.versions import Version, Versions, moment_of
from transport.telemetry.event_log import EventLog

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class ShareApp(AsgiApp):
    """Shares as an ASGI application."""

    wire = "share"
    routes = (*ROUTES, *HEALTH)
    elsewhere = f"Shares are at /{PREFIX}/shares."

    def __init__(self, settings: Settings, access: Access | None = None, log: EventLog | None = None) -> None:
        """Read the access files, as `AsgiApp`."""
        super().__init__(settings, access, log)
        self._versions = Versions(self._releases)
        self._tables = Tables(settings)
        self._makers, self._makers_for_strangers = CapacityLimiter(8), CapacityLimiter(2)
        self._answers: Mapping[str, Callable[..., Response]] = {
            "shares": self._list_shares,
            "share": self._get_share,
            "schemas": self._list_schemas,
            "tables": self._list_tables,
            "all_tables": self._list_all_tables,
            "version": self._get_version,
            "metadata": self._metadata,
            "query": self._query,
            "changes": self._changes,
        }
        described = json.dumps(openapi.document(DESCRIPTION), ensure_ascii=False).encode()
        self._described = Response(described, media_type="application/json")

    @cached_property
    def _key(self) -> bytes:
        """The key of links.

        Raises:
            Damaged: it cannot be used. The details are for the operator.
        """
        try:
            return link_key(self.settings)
        except WrongUse as problem:
            self.log.event("fault", wire=self.wire, kind=problem.kind, problem=problem.problem)
            raise Damaged(problem.problem, problem.mend) from None

    async def _called(self, call: Call, route: Route, values: tuple[str, ...]) -> Response | None:
        """Answer in a thread: files are read, and for some answers made, which lists and metadata need not wait for."""
        if route in HEALTH:
            return await super()._called(call, route, values)
        if route.operation == "describeShares":
            return self._described
        if route.operation == "profile":
            return self._profile(call)
        if route.operation == "file":
            link, holder = await self._deed(lambda: self._opened(call, values))
            return await self._answer_with_files(holder, lambda: self._file(link, holder))
        text = await call.body(strict_json.LONGEST, self.settings.idle_seconds) if route.takes else b""
        body = [_json_object(text)] if route.takes else []
        caller = await self._deed(lambda: self._sender(call))
        call.token = caller.token

        def answer() -> Response:
            recipient = caller.recipient or Recipient(frozenset())
            return self._answers[route.operation](call, recipient, *values, *body)

        return await (
            self._answer_with_files(caller, answer) if route.operation in ("query", "changes") else self._deed(answer)
        )

    async def _answer_with_files(self, caller: Caller, answer: Callable[[], Response]) -> Response:
        """Answer with files that may have to be made; callers without a token hold none of others' threads."""
        limiter = self._makers_for_strangers if caller.anonymous else self._makers
        async with self._strangers.of(caller):
            return await anyio.to_thread.run_sync(answer, limiter=limiter)

    def _problem(
        self, problem: SharingError, call: Call, status: int | None = None, headers: Mapping[str, str] = _NO_HEADERS
    ) -> Response:
        """A problem as the protocol has it: an error code, which is our kind, and a message."""
        answer = problem_answer(problem, call.reference, status, headers)
        message = identity.mask(f"{problem.problem} {problem.mend} (reference {call.reference})")
        body = json.dumps({"errorCode": problem.kind.upper(), "message": message}, ensure_ascii=False)
        more = {k: v for k, v in answer.headers.items() if k not in ("content-length", "content-type")}
        return Response(body.encode("utf-8", "replace"), answer.status_code, more, media_type="application/json")

    def _profile(self, call: Call) -> Response:
        """The public profile. Clients always send a token, so it has a word in its place that is no secret."""
        if not self.settings.open_access:
            no = UnknownName("profile", "public.share", choices=())
            no.mend = "Nothing is read without a token here. Ask the operator for a profile (`dif share profile`)."
            raise no
        return json_answer({"shareCredentialsVersion": 1, "endpoint": self._endpoint(call), "bearerToken": ANYBODY})

    # --- what there is -----------------------------------------------------------------------------------------------

    def _list_shares(self, call: Call, recipient: Recipient) -> Response:
        return _page(call, [_as_share(share) for share in shares_of(recipient).values()], "name")

    def _get_share(self, call: Call, recipient: Recipient, share: str) -> Response:  # noqa: ARG002 - as every handler
        return json_answer({"share": _as_share(_share(recipient, share))})

    def _list_schemas(self, call: Call, recipient: Recipient, share: str) -> Response:
        contract = _share(recipient, share)
        schemas = sorted({d.schema for d in self._listed(contract)})
        return _page(call, [{"name": schema, "share": contract.name} for schema in schemas], "name")

    def _list_tables(self, call: Call, recipient: Recipient, share: str, schema: str) -> Response:
        contract = _share(recipient, share)
        datasets = self._listed(contract)
        if schema.lower() not in (schemas := {d.schema for d in datasets}):
            raise UnknownName(f"schema of share {contract.name}", schema[:80], choices=schemas)
        return _page(call, [_as_table(contract, d) for d in datasets if d.schema == schema.lower()], "name")

    def _list_all_tables(self, call: Call, recipient: Recipient, share: str) -> Response:
        contract = _share(recipient, share)
        return _page(call, [_as_table(contract, d) for d in self._listed(contract)], "schema", "name")

    def _listed(self, share: ShareContract) -> list[DatasetContract]:
        return self._tables.listed(share, self._versions.current().release)

    # --- a table -----------------------------------------------------------------------------------------------------

    def _get_version(self, call: Call, recipient: Recipient, share: str, schema: str, table: str) -> Response:
        since = call.parameter("startingTimestamp")
        version = self._versions.since(moment_of(since, "startingTimestamp")) if since else self._versions.current()
        self._tables.table(recipient, _share(recipient, share), f"{schema}.{table}", version)
        return Response(headers={VERSION: str(version.number)})

    def _metadata(self, call: Call, recipient: Recipient, share: str, schema: str, table: str) -> Response:
        form = form_of(call.header(CAPABILITIES))
        version = self._bound(call, "version", "timestamp", self._versions.as_of) or self._versions.current()
        share_table = self._tables.table(recipient, _share(recipient, share), f"{schema}.{table}", version)
        return _answer_lines(self._head(share_table, form), version, form)

    def _query(self, call: Call, recipient: Recipient, share: str, schema: str, table: str, body: Json) -> Response:
        form, name = form_of(call.header(CAPABILITIES)), f"{schema}.{table}".lower()[:80]
        with self._reading(call, name).audited() as audit:
            contract, body_fields = _share(recipient, share), _QueryBody(body)
            if body_fields.starting_version is not None:
                first = self._versions.at(body_fields.starting_version)
                end = body_fields.ending_version
                last = self._versions.current() if end is None else self._versions.at(end)
                return self._changed(call, audit, self._tables.table(recipient, contract, name, last), first, form)
            share_table = self._tables.table(recipient, contract, name, self._version_of(body_fields))
            audit.release = share_table.version.release.name
            parts = self._files_to_answer(share_table, body_fields)
            audit.rows = sum(part.rows for part in parts)
            actions = [self._as_file(call, share_table, p).line(form) for p in parts]
            return _answer_lines(self._head(share_table, form) + lines(actions), share_table.version, form)

    def _changes(self, call: Call, recipient: Recipient, share: str, schema: str, table: str) -> Response:
        form, name = form_of(call.header(CAPABILITIES)), f"{schema}.{table}".lower()[:80]
        with self._reading(call, name).audited() as audit:
            contract = _share(recipient, share)
            first = self._bound(call, "startingVersion", "startingTimestamp", self._versions.since)
            last = self._bound(call, "endingVersion", "endingTimestamp", self._versions.as_of)
            if first is None:
                raise WrongUse("The call does not say where the changes begin.", "Give startingVersion.")
            table_at_end = self._tables.table(recipient, contract, name, last or self._versions.current())
            return self._changed(call, audit, table_at_end, first, form)

    def _version_of(self, body: _QueryBody) -> Version:
        if body.version is not None:
            return self._versions.at(body.version)
        if body.timestamp is not None:
            return self._versions.as_of(moment_of(body.timestamp, "timestamp"))
        return self._versions.current()

    def _bound(self, call: Call, number: str, moment: str, at: Callable[[datetime], Version]) -> Version | None:
        """The version named by one of two parameters; None without either.

        Args:
            call: what was asked.
            number: the parameter with a version.
            moment: the parameter with a time.
            at: the version at that time.
        """
        version_text, moment_text = call.parameter(number), call.parameter(moment)
        if version_text and moment_text:
            raise WrongUse(f"Both {number} and {moment} are given.", "Give one.")
        if moment_text:
            return at(moment_of(moment_text, moment))
        if not version_text:
            return None
        if not _NUMBER.fullmatch(version_text):
            raise WrongUse(f"{number} is {version_text[:40]!r}.", "Give a whole number.")
        return self._versions.at(int(version_text))

    def _files_to_answer(self, table: Table, body: _QueryBody) -> list[Part]:
        """The files to answer with: those that may hold a row that the hints want, and no more than the limit needs."""
        may_match = {n: body.hints.holds({} if n == "all" else {"month": n}) for n in self._tables.names(table)}
        names = [name for name, matches in may_match.items() if matches is not False]
        if body.limit is None:
            names = self._tables.compacted(table, names)
        wanted: list[Part] = []
        rows = 0
        for name in names:
            if body.limit is not None and rows >= body.limit:
                break
            part = self._tables.part(table, name)
            if part.rows:
                wanted.append(part)
            if may_match.get(name):  # else rows of the file may all be unwanted
                rows += part.rows
        return wanted

    def _changed(self, call: Call, audit: Read, table: Table, first: Version, form: str) -> Response:
        """Whole files that came and went from one kept release to the next, up to the table's version.

        A file that changed went and came again, with all its rows. A file's rows are told by their part: a recipient
        gets those of its own only.
        """
        if form != "parquet":
            raise WrongUse(
                "Changes are not given with responseformat=delta.", "Ask for responseformat=parquet, the default."
            )
        if first.number > table.version.number:
            raise WrongUse("The changes begin after they end.", "Give an earlier startingVersion.")
        versions = self._versions.between(first, table.version)
        before = self._versions.before(first)
        if before is None and first.release.manifest.get("parent") is not None:
            raise WrongUse(
                f"The release before version {first.number} is no longer kept, so what changed in it is not known.",
                f"Read the table at version {first.number}, and changes from the version after it.",
            )
        audit.release = table.version.release.name
        actions: list[Json] = []
        was = {} if before is None else self._parts_in(table, before)
        for version in versions:
            now = self._parts_in(table, version)
            at = Table(table.share, table.contract, version, table.recipient)
            for action, ours, others in (("remove", was, now), ("add", now, was)):
                for name, (part, where) in sorted(ours.items()):
                    if name not in others or others[name][0].id != part.id:
                        audit.rows += part.rows
                        actions.append(self._as_file(call, where, part, at).change(action))
            was = now
        return _answer_lines(self._head(table, form) + lines(actions), first, form)

    def _parts_in(self, table: Table, version: Version) -> dict[str, tuple[Part, Table]]:
        """The files with rows that a version has of the table, each with where it lies; none when it has not got it."""
        if table.contract.name not in version.release.section("datasets"):
            return {}
        table_at_version = Table(table.share, table.contract, version, table.recipient)
        parts = [self._tables.part(table_at_version, name) for name in self._tables.names(table_at_version)]
        return {part.name: (part, table_at_version) for part in parts if part.rows}

    def _head(self, table: Table, form: str) -> bytes:
        """Protocol and metadata of a table."""
        schema, partitions = self._tables.schema(table), self._tables.partitions(table)
        return lines(head(form, table.contract, schema, table.share.name, partitions))

    def _as_file(self, call: Call, table: Table, part: Part, at: Table | None = None) -> File:
        """A file as an answer lists it, with a link; `at` is the version of the answer, if not the file's own."""
        expires = int(time.time()) + SECONDS
        release, version = table.version.release.name, (at or table).version
        link = Link(call.token, release, table.share.name, table.contract.name, part.name, expires)
        url = f"{self._endpoint(call)}/{link.path(self._key)}"
        partitioned = bool(self._tables.partitions(table))
        facts = (expires * 1000, part.size, part.rows, version.number, version.timestamp)
        return File(part.id, part.months, partitioned, url, *facts)

    def _endpoint(self, call: Call) -> str:
        """The address for recipients: from the settings, or that of this call.

        Raises:
            WrongUse: the call does not say.
        """
        if self.settings.public_url:
            return f"{self.settings.public_url.rstrip('/')}/{PREFIX}"
        host = call.header("host")
        if not _HOST.fullmatch(host):
            raise WrongUse("The call has no usable Host header.", "Send the host that you call.")
        return f"{call.request.url.scheme}://{host}/{PREFIX}"

    def _opened(self, call: Call, names: tuple[str, ...]) -> tuple[Link, Caller]:
        """A link that we signed, and for whom."""
        link = Link.opened(names, call.request.query_params, self._key)
        holder = self.access.holder(link.recipient, address=self._address(call))
        call.who = holder.name
        if holder.anonymous:
            self._anonymous_left.spend(call.who)
        return link, holder

    def _file(self, link: Link, holder: Caller) -> Response:
        """A file by its link. Each name in the path is signed, and looked up again among what the holder may see."""
        recipient = holder.recipient or Recipient(frozenset())
        share, version = _share(recipient, link.share), self._versions.of_release(link.release)
        part = self._tables.part(self._tables.table(recipient, share, link.dataset, version), link.part)
        return RangedFile(part.path, headers={"ETag": f'"{part.id}"'}, media_type="application/vnd.apache.parquet")


class _QueryBody:
    """The body of a query. Unknown members are skipped: later clients hint at more.

    Raises:
        WrongUse: a number or a time is none, or two versions are asked for.
    """

    def __init__(self, body: Json) -> None:
        whole = ("version", "startingVersion", "endingVersion", "limitHint")
        numbers = (calls.whole_number(name, body.get(name)) for name in whole)
        self.version, self.starting_version, self.ending_version, self.limit = numbers
        self.timestamp = body.get("timestamp")
        if self.timestamp is not None and not isinstance(self.timestamp, str):
            raise WrongUse("timestamp is no text.", "Give a time, in UTC: 2026-01-31T06:00:00Z.")
        if sum(value is not None for value in (self.version, self.timestamp, self.starting_version)) > 1:
            raise WrongUse("Two versions are asked for.", "Give one of version, timestamp and startingVersion.")
        self.hints = Hints(body.get("predicateHints"), body.get("jsonPredicateHints"))


def _json_object(text: bytes) -> Json:
    """The JSON object that a query sends; an empty body is an empty object.

    Raises:
        WrongUse: it is not a JSON object.
    """
    try:
        body = strict_json.loads(text or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise WrongUse("The body is no JSON object.", "Send {} when you want the whole table.")
    return body


def _answer_lines(body: bytes, version: Version, form: str) -> Response:
    headers = {VERSION: str(version.number), CAPABILITIES: f"responseformat={form}", "Content-Type": NDJSON}
    return Response(body, headers=headers)


# --- what there is ----------------------------------------------------------------------------------------------------


def _share(recipient: Recipient, name: str) -> ShareContract:
    """A share of the recipient, by its name in any letter case; other shares are reported as unknown.

    Raises:
        UnknownName: the recipient has none of that name.
    """
    shares = shares_of(recipient)
    if name.lower() not in shares:
        raise UnknownName("share", name[:80], choices=shares)
    return shares[name.lower()]


def _as_share(share: ShareContract) -> Json:
    return {"name": share.name, "id": id_of(share.name)}


def _as_table(share: ShareContract, dataset: DatasetContract) -> Json:
    names = {"name": dataset.table, "schema": dataset.schema, "share": share.name}
    return {**names, "shareId": id_of(share.name), "id": id_of(share.name, dataset.name)}


def _page(call: Call, items: Sequence[Json], *key: str) -> Response:
    """A page of a list. A page token names the last item of the page before, so that a new item shifts none.

    Raises:
        WrongUse: `maxResults` is no number, or the token is not ours.
    """
    most = call.number("maxResults", None)
    keys = [".".join(item[k] for k in key) for item in items]
    after = _page_token(call.parameter("pageToken"))
    rest = [(name, item) for name, item in zip(keys, items, strict=True) if name > after]
    page = rest if most is None else rest[:most]
    answer: Json = {"items": [item for _, item in page]}
    if len(page) < len(rest):
        last = page[-1][0] if page else after
        answer["nextPageToken"] = base64.urlsafe_b64encode(f"after {last}".encode()).decode()
    return json_answer(answer)


def _page_token(token: str) -> str:
    """The name after which a page begins; empty for the first page."""
    if not token:
        return ""
    try:
        text = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if not text.startswith("after "):
        raise WrongUse("pageToken is not one that the server gave.", "Begin anew without it.")
    return text.removeprefix("after ")
