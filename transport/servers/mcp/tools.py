"""The tools, the resources and who may call them: one server for callers with the same rights."""

from __future__ import annotations

import functools
import inspect
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    TextContent,
    ToolAnnotations,
)
from pydantic import AnyUrl, Field, ValidationError

from catalog.contracts import documents
from catalog.contracts.sharing import Right, lacking
from catalog.domain import identity
from catalog.errors import Fault, Forbidden, SharingError, TryAgain, UnknownName, WrongUse
from catalog.version import VERSION
from transport.auth import Access, Caller
from transport.auth.roles import Pages
from transport.base.settings import Settings
from transport.ingest.ingest_service import ConcurrencyLimiter
from transport.releases.narrowed import databases
from transport.releases.sql import QueryWorkers
from transport.releases.store import Release, Releases
from transport.servers.calls import OneByOne, Read, log_fault
from transport.servers.mcp.answers import Answer, Language, LanguageArgument, in_text
from transport.servers.mcp.catalogue import Catalogue
from transport.servers.mcp.prompts import INSTRUCTIONS, add_prompts
from transport.servers.mcp.reading import MOST_COMPARED, MOST_ROWS, Filters, Reader
from transport.telemetry.event_log import EventLog

CALLER = "dif.caller"
"""Where the HTTP door leaves a request's caller: in the ASGI scope."""
Answered: TypeAlias = Annotated[CallToolResult, Answer]
Rows: TypeAlias = Annotated[int, Field(ge=1, le=MOST_ROWS, description=f"The most rows, up to {MOST_ROWS}.")]
Service: TypeAlias = Annotated[str | None, Field(description="A service, by id or name: svarut, Fiks Digisos.")]
Area: TypeAlias = Annotated[str | None, Field(description="A network or county, by id or name; the country if none.")]
Measure: TypeAlias = Annotated[str | None, Field(description="What use is counted in, for metrics with a measure.")]
Month: TypeAlias = Annotated[str | None, Field(description="A month, as 2026-05.")]
_Context: TypeAlias = Context[Any, Any]
_Reads = Callable[[Reader], Answer | tuple[Answer, frozenset[str]]]


class Desk:
    """What all servers of a home share: releases, query workers, access, and the audit. Use as a context manager."""

    def __init__(self, settings: Settings, access: Access, log: EventLog) -> None:
        """Start nothing."""
        self.settings = settings
        self.access = access
        self.log = log
        self._pages = Pages(settings)
        self._releases = Releases(settings)
        self._workers = QueryWorkers(settings)
        seconds = min(SECONDS_FOR_STRANGERS, settings.query_seconds)
        self._workers_for_strangers = QueryWorkers(settings.but(query_seconds=seconds))
        self._strangers = OneByOne(settings)
        most = settings.but(streams=2 * settings.readers)
        self._turns = ConcurrencyLimiter(most)
        self._threads = defaultdict[str, anyio.CapacityLimiter](lambda: anyio.CapacityLimiter(_THREADS))
        self._readers: dict[frozenset[Right], Reader] = {}

    def __enter__(self) -> Self:
        """Nothing to do."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End the query workers."""
        self._workers.__exit__()
        self._workers_for_strangers.__exit__()

    def release(self) -> Release:
        """The current release.

        Raises:
            TryAgain: nothing is published yet.
        """
        release = self._releases.current()
        if release is None:
            raise TryAgain("Nothing is published yet.", "Publish a release with `dif run`, then ask again.")
        return release

    def reader(self, rights: frozenset[Right]) -> Reader:
        """The reader of the current release for callers with these rights."""
        release = self.release()
        reader = self._readers.get(rights)
        if reader is None or reader.release.folder != release.folder:
            rules = self._pages.rules
            pages = (rules.login.address if rules else None) or self.settings.pages_url
            reader = self._readers[rights] = Reader(
                release,
                self._workers_for_strangers if rights == {Right.PUBLIC} else self._workers,
                rights,
                functools.partial(databases, self.settings, release, rights),
                pages.rstrip("/"),
            )
        return reader

    async def ask(
        self,
        caller: Callable[[], Caller],
        tool: str,
        language: Language,
        reads: _Reads,
        *,
        asks: Caller | None = None,
        light: bool = False,
    ) -> CallToolResult:
        """Answer one call of a tool: authorised, with a line in the audit log, and in turn where it asks a database.

        Args:
            caller: authenticates who calls.
            tool: its name.
            language: of the answer.
            reads: makes it.
            asks: who calls, where a server has several callers: none waits behind another's calls.
            light: whether no database is asked, so that it needs no turn.
        """
        limiter = self._threads[f"{asks.turns if asks else ''}{' without a turn' if light else ''}"]
        try:
            async with self._strangers.of(asks) if asks and not light else nullcontext():
                deed = functools.partial(self._asked, caller, tool, language, reads, light=light)
                return await anyio.to_thread.run_sync(deed, limiter=limiter)
        except TryAgain as problem:  # other calls of the address take too long
            deed = functools.partial(self._asked, caller, tool, language, _raising(problem), light=True)
            return await anyio.to_thread.run_sync(deed, limiter=limiter)

    def _asked(
        self, caller: Callable[[], Caller], tool: str, language: Language, reads: _Reads, *, light: bool
    ) -> CallToolResult:
        read = Read(self.log, "mcp", "", outcome="failed", tool=tool)
        try:
            asks = caller()
            read.who = asks.name
            rights = readable(asks)
            with nullcontext() if light else self._turns.turn(asks.turns, bulk=False):
                reader = self.reader(rights)
                read.release = reader.release.name
                told = reads(reader)
            answer, datasets = told if isinstance(told, tuple) else (told, frozenset(t.name for t in told.tables))
            read.dataset = ", ".join(sorted(datasets))
            read.rows, read.outcome = sum(len(table.rows) for table in answer.tables), "served"
            text = TextContent(type="text", text=in_text(answer, language))
            return CallToolResult(content=[text], structured_content=answer.model_dump(mode="json"))
        except SharingError as problem:
            read.outcome, read.kind = "refused", problem.kind
            return _refusal(problem, read.reference)
        except Exception as problem:  # noqa: BLE001 - whatever it is, no trace crosses the wire
            read.outcome, read.kind = "failed", "fault"
            log_fault(self.log, "mcp", problem, read.reference)
            return _refusal(Fault(), read.reference)
        finally:
            read.write()


_THREADS = 8
"""Calls of one caller that run or wait for a turn; more wait in the event loop."""
SECONDS_FOR_STRANGERS = 5
"""The most seconds of a query of who reads what is public; others have `query_seconds`."""


def _raising(problem: SharingError) -> _Reads:
    def reads(_reader: Reader) -> Answer:
        raise problem

    return reads


def readable(caller: Caller) -> frozenset[Right]:
    """The rights that a caller has here: OPEN with what it has beside, or PUBLIC alone.

    Raises:
        Forbidden: the caller has neither, which every answer needs.
    """
    if Right.OPEN not in caller.read:
        if Right.PUBLIC in caller.read:
            return frozenset({Right.PUBLIC})
        raise Forbidden(f"{caller.name} may not read {Right.OPEN}.", f"Ask the operator for the right {Right.OPEN}.")
    return caller.read - {Right.PUBLIC}


def _refusal(problem: SharingError, ref: str) -> CallToolResult:
    """An error as an assistant reads it: what is wrong, the mend, and what to quote to the operator."""
    text = identity.mask(f"{problem.problem}\n→ {problem.mend}\n({problem.kind}, {ref})")
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _caller_of(request: Any) -> Caller:  # noqa: ANN401 - the SDK does not say what a transport hands on
    """Who sent a request: the HTTP door has authenticated it."""
    caller: Caller = request.scope[CALLER]
    return caller


class _Tools:
    """The tools, for callers with given rights."""

    def __init__(self, desk: Desk, rights: frozenset[Right], fixed: Callable[[], Caller] | None) -> None:
        self._desk = desk
        self._rights = rights
        self._fixed = fixed

    async def _ask(
        self, context: _Context, tool: str, language: Language, reads: _Reads, *, light: bool = False
    ) -> CallToolResult:
        fixed, request = self._fixed, context.request_context.request
        if fixed:
            return await self._desk.ask(fixed, tool, language, reads, light=light)
        caller = _caller_of(request)
        return await self._desk.ask(lambda: caller, tool, language, reads, asks=caller, light=light)

    async def refuse(self, context: _Context, tool: str, problem: SharingError) -> CallToolResult:
        """Answer a call that no tool could be called by."""
        return await self._ask(context, tool, "nb", _raising(problem), light=True)

    async def find(
        self,
        words: Annotated[str, Field(min_length=1, max_length=200, description="What to look for, nb or en.")],
        context: _Context,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """Find a metric, dataset, column, definition, example question, service, network, county or municipality.

        Call it first when you do not know the exact name. Each hit says which tool to call next.
        """
        return await self._ask(
            context, "find", language, lambda r: r.find(words, limit=limit, language=language), light=True
        )

    async def describe_dataset(
        self,
        name: Annotated[str, Field(max_length=200, description="As `find` gives it: uptake.funnel.")],
        context: _Context,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """The contract of a dataset: what one row is, its key and what it is made of, and of each column the meaning.

        Units, nulls, and how a column may be summed are among it. Read it before you write a `query`.
        """
        return await self._ask(
            context, "describe_dataset", language, lambda r: r.describe_dataset(name, language=language), light=True
        )

    async def query(
        self,
        sql: Annotated[str, Field(description="One SELECT in DuckDB's SQL over schema.table names, read-only.")],
        context: _Context,
        limit: Rows = 100,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """Run one SELECT over the release's datasets, read-only, with bounded rows, time and memory.

        For what the other tools do not answer. It can read no file, no network and nothing the caller may not see. A
        cut answer says so; the units are those of the datasets' columns of the same name.
        """
        return await self._ask(context, "query", language, lambda r: r.query(sql, limit=limit, language=language))

    async def metric(  # noqa: PLR0913, PLR0917 - a filter each
        self,
        name: Annotated[str, Field(max_length=200, description="As `find` gives it: municipalities_active.")],
        context: _Context,
        service: Service = None,
        municipality: Annotated[str | None, Field(description="A municipality, by code or name of any year.")] = None,
        area: Area = None,
        measure: Measure = None,
        first_month: Month = None,
        last_month: Month = None,
        order: Annotated[
            Literal["NEWEST", "HIGHEST", "LOWEST"],
            Field(
                description="HIGHEST or LOWEST ranks by the number, in the last whole month unless months are given."
            ),
        ] = "NEWEST",
        by: Annotated[str | None, Field(description="The column to rank by, where the metric has several.")] = None,
        limit: Rows = 50,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """A number that the pages show, with its definition, by service, place and month; the newest month first.

        For "who has most", "the lowest ten" and other rankings set `order`, and give one service. A filter that the
        metric has no column for is refused, with the columns that it has.
        """
        return await self._ask(
            context,
            "metric",
            language,
            lambda r: r.metric(
                name,
                Filters(service, measure, area, first_month, last_month),
                municipality=municipality,
                limit=limit,
                language=language,
                order=order,
                by=by,
            ),
        )

    async def payments(
        self,
        municipality: Annotated[str, Field(max_length=200, description="Who pays: code or name, of any year.")],
        context: _Context,
        year: Annotated[int | None, Field(ge=2016, le=2100, description="The last year with figures if none.")] = None,
        service: Service = None,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """What a municipality pays and why: by service in a year, beside the same months of the year before.

        The change is parted into price, quantity, new lines and lines that are gone. The lines behind are price times
        quantity. For "what do we pay", "why did the bill rise", "what is the most expensive for us".
        """
        return await self._ask(
            context,
            "payments",
            language,
            lambda r: r.payments(municipality, year=year, service=service, language=language),
        )

    async def prices(
        self,
        context: _Context,
        service: Service = None,
        year: Annotated[int | None, Field(ge=2016, le=2100, description="The year that is to come if none.")] = None,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """The price list of a year: what each service costs, to whom and per what. Next year's when no year is given.

        It says whether next year's prices are decided. Callers who may see the ledgers get the calculated self-cost
        prices beside it, which are no decision.
        """
        return await self._ask(
            context, "prices", language, lambda r: r.prices(service=service, year=year, language=language)
        )

    async def municipality(
        self,
        name: Annotated[str, Field(max_length=200, description="Code or name, of any year: 4601, Bergen, 1534.")],
        context: _Context,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """One municipality: what it uses, beside similar municipalities, and what it has not taken into use.

        With its county and networks, where it stands on each service, the next step and the contact.
        """
        return await self._ask(context, "municipality", language, lambda r: r.municipality(name, language=language))

    async def compare(
        self,
        municipalities: Annotated[
            list[str], Field(min_length=1, max_length=MOST_COMPARED, description="Codes or names, of any year.")
        ],
        context: _Context,
        metric: Annotated[
            str, Field(max_length=200, description="A metric of municipalities.")
        ] = "dispatches_per_1000",
        service: Service = None,
        measure: Measure = None,
        month: Month = None,
        peers: Annotated[
            Literal["SIMILAR", "NETWORK", "COUNTY", "COUNTRY"] | None,
            Field(description="Set beside them the median of each one's similar municipalities, network, county …"),
        ] = None,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """Compare municipalities on a metric in one month, or one of them with the median of those like it."""
        return await self._ask(
            context,
            "compare",
            language,
            lambda r: r.compare(
                municipalities,
                Filters(service, measure, None, month, month),
                metric=metric,
                peers=peers,
                language=language,
            ),
        )

    async def call_list(
        self,
        context: _Context,
        service: Service = None,
        area: Area = None,
        limit: Rows = 25,
        language: LanguageArgument = "nb",
    ) -> Answered:
        """Whom to call: municipalities that may take a service into use and have not, the first to call first.

        With the reason in a sentence, a similar municipality that has, the supplier, and whom to contact.
        """
        return await self._ask(
            context,
            "call_list",
            language,
            lambda r: r.call_list(service=service, area=area, limit=limit, language=language),
        )


_TITLES: Final = {
    "find": "Find a metric, dataset or place",
    "describe_dataset": "Describe a dataset",
    "query": "Run one SELECT",
    "metric": "A metric and its definition",
    "payments": "What a municipality pays, and why",
    "prices": "Prices of a year",
    "municipality": "One municipality",
    "compare": "Compare municipalities",
    "call_list": "Whom to call",
}


_NEEDS: Final = {"payments": Right.CUSTOMERS}
"""Tools that need a right beyond the least; callers without it are not offered them."""


class _Server(MCPServer):
    """The SDK's server, which answers a call that it cannot make as we refuse any other: in our words, and audited."""

    refuse: Callable[[_Context, str, SharingError], Awaitable[CallToolResult]]
    takes: Mapping[str, frozenset[str]]
    """The arguments of each tool. The SDK drops others; without its filter a call gives the figures of everything."""

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: _Context | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Give a prompt; another name or other arguments are refused in a line, where the SDK logs a traceback."""
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError:
            names = [prompt.name for prompt in await self.list_prompts()]
            wrong = WrongUse(f"These are not the arguments of {name[:80]}.", "See `prompts/list` for what it takes.")
            problem = wrong if name in names else UnknownName("prompt", name[:80], choices=names)
            raise MCPError(INVALID_PARAMS, f"{problem.problem} {problem.mend}") from None

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: _Context | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; wrong arguments, and a tool that there is not, are refused."""
        others = sorted(set(arguments) - self.takes.get(name, frozenset(arguments)))
        if others and context is not None:
            return await self.refuse(context, name, _unknown_argument(name, others[0][:80], self.takes[name]))
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as problem:
            if context is None:
                raise
            return await self.refuse(context, name[:80], _wrong_call(name, problem.__cause__, self.takes))


def _unknown_argument(name: str, argument: str, takes: frozenset[str]) -> WrongUse:
    return WrongUse(f"{name} takes no {argument!r}.", f"It takes {', '.join(sorted(takes))}.")


def _wrong_call(name: str, cause: BaseException | None, offered: Iterable[str]) -> SharingError:
    """What is wrong with a call that no tool was reached by; the values sent are not repeated."""
    if not isinstance(cause, ValidationError):
        return UnknownName("tool", name[:80], choices=[*offered])
    first = cause.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"])) or "The call"
    return WrongUse(f"{where}: {first['msg']}.", f"See the input schema of {name}, and call it again.")


def server_for(desk: Desk, rights: frozenset[Right], fixed: Callable[[], Caller] | None = None) -> MCPServer:
    """The server for callers with these rights; its lists name nothing that they may not read.

    Args:
        desk: what all servers share.
        rights: what the callers may read.
        fixed: the only caller; None where each request brings its own.
    """
    server = _Server(
        "dif",
        title="Delte kommunale tjenester",
        version=VERSION,
        instructions=INSTRUCTIONS,
        log_level="ERROR",  # its other lines would hold what callers ask; the audit log has what may be kept
        subscriptions=False,
    )
    tools = _Tools(desk, rights, fixed)
    offered = {
        name: title
        for name, title in _TITLES.items()
        if _NEEDS.get(name, Right.PUBLIC) not in lacking([*Right], rights)
    }
    server.refuse = tools.refuse
    server.takes = {
        name: frozenset(inspect.signature(getattr(tools, name)).parameters) - {"context"} for name in offered
    }
    for name, title in offered.items():
        does = getattr(tools, name)
        about = " ".join((does.__doc__ or "").split())
        hints = ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )
        server.add_tool(does, name=name, title=title, description=about, annotations=hints)
    _add_resources(server, desk, Catalogue(rights))
    add_prompts(server)
    return server


def _add_resources(server: MCPServer, desk: Desk, catalogue: Catalogue) -> None:
    def add(uri: str, name: str, title: str, about: str, told: Callable[[], object]) -> None:
        def read() -> str:
            return json.dumps(told(), ensure_ascii=False, indent=1)

        server.add_resource(
            FunctionResource(
                uri=AnyUrl(uri).unicode_string(),
                name=name,
                title=title,
                description=about,
                mime_type="application/json",
                fn=read,
            )
        )

    add(
        "dif://release",
        "release",
        "Utgaven | The release",
        "What the release is and holds.",
        lambda: _summary(desk, catalogue),
    )
    for dataset in catalogue.datasets.values():
        told = functools.partial(documents.of_dataset, dataset)
        add(f"dif://datasets/{dataset.name}", dataset.name, dataset.title.nb, dataset.about.en, told)
    for metric in catalogue.metrics.values():
        defined = {
            "name": metric.name,
            "title": {"nb": metric.title.nb, "en": metric.title.en},
            "definition": {"nb": metric.definition.nb, "en": metric.definition.en},
            "unit": metric.unit,
            "dataset": metric.dataset,
            "sql": metric.sql,
        }
        add(
            f"dif://metrics/{metric.name}",
            metric.name,
            metric.title.nb,
            metric.definition.en,
            functools.partial(dict, defined),
        )


def _summary(desk: Desk, catalogue: Catalogue) -> dict[str, object]:
    """A release in short: what it is, and of each dataset that the caller may read the rows and the synthetic mark."""
    release = desk.release()
    manifest = release.manifest
    datasets: Mapping[str, Mapping[str, object]] = manifest["datasets"]
    return {
        "release": release.name,
        **{
            key: manifest.get(key)
            for key in ("parent", "as_of", "published_at", "through_month", "synthetic", "checks")
        },
        "datasets": {
            name: {"rows": held.get("rows"), "synthetic": held.get("synthetic")}
            for name, held in datasets.items()
            if name in catalogue.datasets
        },
    }
