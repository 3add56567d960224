"""Reads the current release for one call: every number is a metric, a dataset or the caller's own query of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import pyarrow as pa
from pydantic import Field

from catalog.contracts.language import Column, DatasetContract
from catalog.contracts.sharing import Right
from catalog.domain.calendar import first_published_at
from catalog.domain.perturbation import METHOD
from catalog.errors import QueryFailed, WrongUse
from catalog.metrics.metrics import Metric
from catalog.tables.datasets import DATASETS, VIEWS
from catalog.tables.streams import PUSHED
from catalog.tables.usage import SENSITIVE_SERVICES
from catalog.text import Text, en, nb
from transport.releases.sql import Answered, QueryWorkers, Statement
from transport.releases.store import Release
from transport.servers.mcp import names
from transport.servers.mcp.answers import (
    CHANGED,
    ESTIMATED,
    SYNTHETIC,
    TYPED,
    Answer,
    AnswerColumn,
    AnswerTable,
    LanguageArgument,
    address,
    in_language,
    is_marked,
    link,
    pick,
    rows_of,
)
from transport.servers.mcp.catalogue import Catalogue, Entry
from transport.servers.mcp.names import COUNTRY, Area, Place

MOST_ROWS, MOST_COMPARED, LONGEST_SQL = 1_000, 6, 20_000
"""The most rows of a table, municipalities beside each other, and characters of a query."""
_RowsArgument: TypeAlias = Annotated[int, Field(ge=1, le=MOST_ROWS, description=f"The most rows, up to {MOST_ROWS}.")]
_Service: TypeAlias = Annotated[str | None, Field(description="A service, by id or name: svarut, Fiks Digisos.")]
_AreaName: TypeAlias = Annotated[
    str | None, Field(description="A network or county, by id or name; the country if none.")
]
_Measure: TypeAlias = Annotated[str | None, Field(description="What use is counted in, for metrics with a measure.")]
_Month: TypeAlias = Annotated[str | None, Field(description="A month, as 2026-05.")]
_SQL = Path(__file__).parent / "sql"
_OF_PEERS = {"dispatches_per_1000": "peers_median", "measured_per_1000": "measured_peers_median"}
"""The metric of similar municipalities to set beside a municipality's own."""
_OWN_FIGURES = ("municipality_dispatches", "peers_median", "municipality_measured")
"""The metrics that tell of one municipality's use."""
_MUNICIPALITY, _PERTURBED = "municipality_code", "perturbed"


@dataclass(frozen=True, slots=True)
class Places:
    """Names of a release: services, networks and counties; and the columns of each metric that it has."""

    services: Mapping[str, str]
    areas: Mapping[str, Area]
    columns: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, tuple[str, ...]]
    """The number columns of each metric, the metric itself first."""

    def entries(self) -> Iterable[Entry]:
        """The services and areas, to be found by words."""
        for key, name in self.services.items():
            yield Entry("service", key, Text(name, name), Text(), None, f"metric(…, service='{key}')")
        for area in self.areas.values():
            kind = "network" if area.area_kind == "NETWORK" else "county"
            yield Entry(kind, area.area, Text(area.name, area.name), Text(), None, f"call_list(area='{area.area}')")

    def service(self, name: str | None) -> str | None:
        """The id of a service, by id or name.

        Raises:
            UnknownName: there is no such service; the error names the nearest.
        """
        return names.by_name("service", name, self.services) if name else None

    def area(self, name: str | None) -> Area:
        """A network, a county or the country, by id or name; the country when none is asked for.

        Raises:
            UnknownName: there is no such area; the error names the nearest.
        """
        if not name or name.strip().casefold() in _COUNTRY_NAMES:
            return COUNTRY
        return self.areas[names.by_name("network or county", name, {a.area: a.name for a in self.areas.values()})]


_COUNTRY_NAMES = {"no", "norge", "norway", "landet", "hele landet", "the country"}


@dataclass(frozen=True, slots=True)
class Filters:
    """A caller's limits on a metric; null is no limit. Both months are included."""

    service: str | None = None
    measure: str | None = None
    area: str | None = None
    first_month: str | None = None
    last_month: str | None = None


_CALL_LIST_COLUMNS: Mapping[str, tuple[Right, str]] = {
    "of_connections": (
        Right.CONNECTIONS,
        """priority, case when $language = 'en' then sentence_en else sentence end as sentence,
    supplier_ready, supplier, source_system,""",
    ),
    "order_of_connections": (Right.CONNECTIONS, "priority, supplier_ready = 'NO',"),
    "contact": (Right.OPEN, "contact,"),
    "follow_up": (
        Right.OPEN,
        """case when $language = 'en' then change_since_last_week_en else change_since_last_week end
    as change_since_last_week, follow_up, followed_up_on,""",
    ),
}
"""The columns of the call list that need a right, by their slot in its statement."""
_Conditions = Mapping[str, tuple[str, object]]
"""Conditions in SQL with their values, by parameter."""


class Reader:
    """The current release, read for callers with given rights. Threads share it.

    Each of its tools is offered with the arguments and the description that it has here.
    """

    def __init__(
        self,
        release: Release,
        workers: QueryWorkers,
        rights: frozenset[Right],
        files: Callable[[], tuple[Path, ...]],
        pages: str,
    ) -> None:
        """Read nothing yet.

        Args:
            release: the release to read.
            workers: answer the queries.
            rights: what the callers may read.
            files: gives the databases with what they may read.
            pages: where the pages are.
        """
        self.release = release
        self.catalogue = Catalogue(rights)
        self._workers = workers
        self._rights = rights
        self._files = files
        self._pages = pages

    # --- tools --------------------------------------------------------------------------------------------------------

    def find(
        self,
        words: Annotated[str, Field(min_length=1, max_length=200, description="What to look for, nb or en.")],
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """Find a metric, dataset, column, definition, example question, service, network, county or municipality.

        Call it first when you do not know the exact name. Each hit says which tool to call next.
        """
        hits = self.catalogue.find(words, self.places.entries(), limit=limit)
        rows = [
            {
                "kind": entry.kind,
                "name": entry.name,
                "title": pick(entry.title, language),
                "about": pick(entry.about, language),
                "unit": in_language(entry.unit, language),
                "next": entry.tool,
            }
            for _, entry in hits
        ]
        title = nb("Treff") | en("Found")
        about = nb("Datasett, måltall, kolonner, tjenester og steder som passer med ordene, best først.") | en(
            "Datasets, metrics, columns, services and places that fit the words, best first."
        )
        to = address(self._pages, "definisjoner", {"sok": words[:80]})
        return self._answer([_listed("find", pick(title, language), pick(about, language), rows, to)], language)

    def describe_dataset(
        self,
        name: Annotated[str, Field(max_length=200, description="As `find` gives it: uptake.funnel.")],
        language: LanguageArgument = "nb",
    ) -> Answer:
        """The contract of a dataset: what one row is, its key and what it is made of, and of each column the meaning.

        Units, nulls, and how a column may be summed are among it. Read it before you write a `query`.
        """
        contract = self.catalogue.dataset(name)
        whole = contract.of or contract
        entry = self._manifest_entry(whole.name)
        words = _DESCRIBED[language]
        notes = [
            words["grain"].format(about=pick(contract.about, language)),
            words["key"].format(key=", ".join(contract.key) or "–"),
            words["from"].format(sources=", ".join(whole.sources) or "–", owner=whole.owner),
        ]
        if contract.non_additive_across:
            notes.append(words["one"].format(columns=", ".join(contract.non_additive_across)))
        if entry is None:
            notes.append(words["absent"])
        else:
            notes.append(words["rows"].format(rows=entry.get("rows")))
        rows = [_described(column, contract, language) for column in contract.columns]
        to = address(self._pages, "data", {"del": "katalog", "datasett": whole.name})
        table = _listed(contract.name, pick(contract.title, language), pick(contract.about, language), rows, to)
        table = table.model_copy(update={"synthetic": self._is_synthetic(contract.name)})
        return self._answer([table], language, notes)

    def query(
        self,
        sql: Annotated[str, Field(description="One SELECT in DuckDB's SQL over schema.table names, read-only.")],
        limit: _RowsArgument = 100,
        language: LanguageArgument = "nb",
    ) -> tuple[Answer, frozenset[str]]:
        """Run one SELECT over the release's datasets, read-only, with bounded rows, time and memory.

        For what the other tools do not answer. It can read no file, no network and nothing the caller may not see. A
        cut answer says so; the units are those of the datasets' columns of the same name.

        Returns:
            The answer, and the datasets that it read.

        Raises:
            WrongUse: the text is too long.
            QueryFailed: it is no single SELECT, reads what the caller may not, is wrong, or reached a limit.
        """
        if len(sql) > LONGEST_SQL:
            raise WrongUse(f"The query is longer than {LONGEST_SQL} characters.", "Ask for less at a time.")
        (answered,) = self._run([Statement(sql, rows=min(limit, MOST_ROWS))], one_select=True)
        reads = _datasets(answered)
        contracts = [DATASETS[name] for name in reads]
        about = nb(" ".join(f"{c.name}: {c.about.nb}" for c in contracts)) | en(
            " ".join(f"{c.name}: {c.about.en}" for c in contracts)
        )
        table = self._from(answered, "query", (nb("Spørringen") | en("The query"), about), contracts, language)
        # a query may leave the mark out or set it itself; one that does not tell what it reads may read anything
        behind = any(self._is_synthetic(name) for name in reads)
        anything = not reads and "from" in sql.casefold() and bool(self.release.manifest.get("synthetic"))
        # what is worked out from changed figures is changed too; of a query that says which rows are, those are
        unmarked = is_marked(answered.table, _PERTURBED) is None and any(map(_has_perturbed, contracts))
        marks = {"synthetic": table.synthetic or behind or anything, "perturbed": table.perturbed or unmarked}
        table = table.model_copy(update=marks)
        return self._answer([table], language), frozenset(reads)

    def metric(  # noqa: PLR0913, PLR0917 - a filter each
        self,
        name: Annotated[str, Field(max_length=200, description="As `find` gives it: municipalities_active.")],
        service: _Service = None,
        municipality: Annotated[str | None, Field(description="A municipality, by code or name of any year.")] = None,
        area: _AreaName = None,
        measure: _Measure = None,
        first_month: _Month = None,
        last_month: _Month = None,
        order: Annotated[
            Literal["NEWEST", "HIGHEST", "LOWEST"],
            Field(
                description="HIGHEST or LOWEST ranks by the number, in the last whole month unless months are given."
            ),
        ] = "NEWEST",
        by: Annotated[str | None, Field(description="The column to rank by, where the metric has several.")] = None,
        limit: _RowsArgument = 50,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """A number that the pages show, with its definition, by service, place and month; the newest month first.

        For "who has most", "the lowest ten" and other rankings set `order`, and give one service. A filter that the
        metric has no column for is refused, with the columns that it has.

        Raises:
            UnknownName: there is no such metric, service, municipality or area.
            WrongUse: the metric has no column for a filter or to rank by, or several municipalities are meant.
        """
        metric, filters = self.catalogue.metric(name), Filters(service, measure, area, first_month, last_month)
        place = names.municipality(municipality) if municipality else None
        columns = self._columns(metric)
        ranked = self._ranked_by(metric, by) if order != "NEWEST" or by else None
        conditions = self._conditions(metric, filters, [place.code] if place else None)
        if ranked and "month" in columns and not (filters.first_month or filters.last_month):
            conditions = {**conditions, **self._last_month_of(metric, conditions)}
        ranking = f'"{ranked}" {"asc" if order == "LOWEST" else "desc"} nulls last' if ranked else None
        (answered,) = self._run([self._statement(metric, conditions, rows=limit, ranking=ranking)])
        table = self._of_metric(metric, answered, _choice(conditions, self.places.area(filters.area)), language)
        notes = [*self._going_on(metric, table, language), *self._awaited(metric, filters, language)]
        if ranked:
            notes.append(
                _RANKED["LOWEST" if order == "LOWEST" else "HIGHEST"][language].format(
                    column=ranked, month=str((table.rows or [{}])[0].get("month") or "–")[:7]
                )
            )
        return self._answer([table], language, [*_earlier(place, language), *notes])

    def _awaited(self, metric: Metric, filters: Filters, language: str) -> list[str]:
        """The note that the last whole month of a sensitive service is not published yet."""
        as_of = _as_text(self.release.manifest.get("as_of"))
        if not (as_of and self._through and _has_perturbed(DATASETS[metric.dataset])):
            return []
        published = first_published_at(date.fromisoformat(f"{self._through}-01"))
        waits = self.places.service(filters.service) in SENSITIVE_SERVICES and published > datetime.fromisoformat(as_of)
        return [_AWAITED[language].format(month=self._through)] if waits else []

    def _going_on(self, metric: Metric, table: AnswerTable, language: str) -> list[str]:
        """The note that rows are of the current month: incomplete, and uptake without measured use."""
        if metric.dataset in _FORESEEN or not self._through:
            return []
        months = {str(row["month"])[:7] for row in table.rows if row.get("month")}
        return [_GOING_ON[language].format(through=self._through)] if max(months, default="") > self._through else []

    def _last_month_of(self, metric: Metric, conditions: _Conditions) -> _Conditions:
        """The condition for the last whole month that a metric has, among the rows that conditions leave."""
        where = " and ".join(["month <= cast($through as date)", *(condition for condition, _ in conditions.values())])
        through = f"{self._through}-01" if self._through else date.max.isoformat()
        return {"through": (f"month = (select max(month) from ({metric.sql}) where {where})", through)}

    def _ranked_by(self, metric: Metric, by: str | None) -> str:
        """The column that a metric is ranked by.

        Raises:
            WrongUse: the metric has no such number.
        """
        numbers = self.places.numbers[metric.name]
        if not numbers or (by or numbers[0]) not in numbers:
            raise WrongUse(
                f"{metric.name} has no number {by or ''!r} to rank by.", f"It has {', '.join(numbers) or 'none'}."
            )
        return by or numbers[0]

    def payments(
        self,
        municipality: Annotated[str, Field(max_length=200, description="Who pays: code or name, of any year.")],
        year: Annotated[int | None, Field(ge=2016, le=2100, description="The last year with figures if none.")] = None,
        service: _Service = None,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """What a municipality pays and why: by service in a year, beside the same months of the year before.

        The change is parted into price, quantity, new lines and lines that are gone. The lines behind are price times
        quantity. For "what do we pay", "why did the bill rise", "what is the most expensive for us".

        Raises:
            UnknownName: there is no such municipality or service.
            WrongUse: several municipalities are meant, or nothing of the year is known.
        """
        place, key = names.municipality(municipality), self.places.service(service)
        payers = [
            row["organisation_number"]
            for answered in self._run([_statement("payers", MOST_ROWS, code=place.code)])
            for row in answered.table.to_pylist()
        ]
        first, last = self._months_of(year)
        parameters = {"payers": payers, "service": key, "first": first.isoformat(), "last": last.isoformat()}
        sql = _text("payments")
        for metric in ("invoice_basis", "payment_change"):
            sql = sql.replace(f"{{{{{metric}}}}}", self.catalogue.metric(metric).sql)
        paid, lines = self._run(
            [Statement(sql, parameters, MOST_ROWS), _statement("payment_lines", MOST_ROWS, **parameters)]
        )
        tables = [
            self._own_rows("ledger.invoice_basis", paid, _PAYMENTS, {}, language),
            self._own_rows("ledger.invoice_basis", lines, _PAYMENT_LINES, {}, language),
        ]
        period = _PERIOD[language].format(place=place.name, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
        return self._answer(tables, language, [period, *_earlier(place, language)])

    def _months_of(self, year: int | None) -> tuple[date, date]:
        """The first and the last whole month with figures of a year, of the last one when none is given.

        Raises:
            WrongUse: the release has no whole month of the year.
        """
        through = date.fromisoformat(f"{self._through}-01") if self._through else None
        if through is None or (year or through.year) > through.year:
            raise WrongUse(
                f"The release has no figures of {year}.", "`prices` has the prices of a year that is to come."
            )
        chosen = year or through.year
        return date(chosen, 1, 1), through if chosen == through.year else date(chosen, 12, 1)

    def prices(
        self,
        service: _Service = None,
        year: Annotated[int | None, Field(ge=2016, le=2100, description="The year that is to come if none.")] = None,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """The price list of a year: what each service costs, to whom and per what. Next year's when no year is given.

        It says whether next year's prices are decided. Callers who may see the ledgers get the calculated self-cost
        prices beside it, which are no decision.

        Raises:
            UnknownName: there is no such service.
        """
        key = self.places.service(service)
        through = int(self._through[:4]) if self._through else date.today().year  # noqa: DTZ011 - nothing is published
        chosen = year or through + 1
        calculated = self.catalogue.metrics.get("self_cost_price")
        statements = [_statement("prices", MOST_ROWS, service=key, year=chosen)]
        if calculated is not None and calculated.name in self.places.columns:
            sql = f"select * from ({calculated.sql}) where year = $year and ($service is null or service = $service)"
            statements.append(Statement(f"{sql} order by all", {"service": key, "year": chosen}, MOST_ROWS))
        listed, *more = self._run(statements)
        tables = [self._own_rows("reference.price_rule", listed, _PRICES, {}, language)]
        tables += [self._of_metric(calculated, result, {"tjeneste": key}, language) for result in more if calculated]
        decided = any(row["decided_for_the_year"] for row in tables[0].rows)
        note = (_DECIDED if decided else _NOT_DECIDED)[language].format(year=chosen)
        return self._answer(tables, language, [note])

    def municipality(
        self,
        name: Annotated[str, Field(max_length=200, description="Code or name, of any year: 4601, Bergen, 1534.")],
        language: LanguageArgument = "nb",
    ) -> Answer:
        """One municipality: what it uses, beside similar municipalities, and what it has not taken into use.

        With its county and networks, where it stands on each service, the next step and the contact.

        Raises:
            UnknownName: no municipality has had that code or name.
            WrongUse: several are meant.
        """
        place = names.municipality(name)
        last = self._through
        metrics = [self.catalogue.metric(key) for key in _OWN_FIGURES if key in self.places.columns]
        answered = self._run(
            [
                _statement("municipality", 1, code=place.code),
                _statement("standing", MOST_ROWS, code=place.code, through=last),
                self._call_list(MOST_ROWS, service=None, codes=[place.code], language=language),
                *(
                    self._statement(
                        m, self._conditions(m, Filters(None, None, None, last, last), [place.code]), rows=100
                    )
                    for m in metrics
                ),
            ]
        )
        at = {"kommune": place.code, "maned": last}
        tables = [
            self._own_rows("reference.municipality", answered[0], _ABOUT, at, language),
            self._own_rows("uptake.status_month", answered[1], _STANDING, at, language),
            self._own_rows("uptake.not_yet", answered[2], _LACKS, at, language),
            *(self._of_metric(m, result, at, language) for m, result in zip(metrics, answered[3:], strict=True)),
        ]
        return self._answer(tables, language, _earlier(place, language))

    def compare(
        self,
        municipalities: Annotated[
            list[str], Field(min_length=1, max_length=MOST_COMPARED, description="Codes or names, of any year.")
        ],
        metric: Annotated[
            str, Field(max_length=200, description="A metric of municipalities.")
        ] = "dispatches_per_1000",
        service: _Service = None,
        measure: _Measure = None,
        month: _Month = None,
        peers: Annotated[
            Literal["SIMILAR", "NETWORK", "COUNTY", "COUNTRY"] | None,
            Field(description="Set beside them the median of each one's similar municipalities, network, county …"),
        ] = None,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """Compare municipalities on a metric in one month, or one of them with the median of those like it.

        Raises:
            UnknownName: there is no such metric, service or municipality.
            WrongUse: the metric is not of municipalities.
        """
        wanted = self.catalogue.metric(metric)
        if _MUNICIPALITY not in self._columns(wanted):
            of_some = sorted(key for key, columns in self.places.columns.items() if _MUNICIPALITY in columns)
            raise WrongUse(
                f"{wanted.name} has no figures for single municipalities.", f"Give one of {', '.join(of_some)}."
            )
        places = [names.municipality(name) for name in municipalities]
        codes = list(dict.fromkeys(place.code for place in places))
        month = month or self._through
        of_month = Filters(service, measure, None, month, month)
        conditions = self._conditions(wanted, of_month, codes)
        queries = [(wanted, conditions)]
        beside = self._peers(wanted, peers or ("SIMILAR" if len(codes) == 1 else None))
        if beside:
            median, kind = beside
            of_kind = {"peer_kind": ("peer_kind = $peer_kind", kind)}
            queries.append((median, {**self._conditions(median, of_month, codes), **of_kind}))
        answered = self._run([self._statement(m, limited, rows=MOST_ROWS) for m, limited in queries])
        choice = {**_choice(conditions, COUNTRY), "kommune": codes[0], "sammenlign": ",".join(codes[1:])}
        tables = [
            self._of_metric(m, result, choice, language) for (m, _), result in zip(queries, answered, strict=True)
        ]
        notes = [note for place in places for note in _earlier(place, language)]
        return self._answer(tables, language, [", ".join(f"{p.code} {p.name}" for p in places), *notes])

    def call_list(
        self,
        service: _Service = None,
        area: _AreaName = None,
        limit: _RowsArgument = 25,
        language: LanguageArgument = "nb",
    ) -> Answer:
        """Whom to call: municipalities that may take a service into use and have not, the first to call first.

        With the reason in a sentence, a similar municipality that has, the supplier, and whom to contact.

        Raises:
            UnknownName: there is no such service or area.
        """
        key, where = self.places.service(service), self.places.area(area)
        codes = None if where is COUNTRY else list(where.codes)
        statements = [self._call_list(limit, service=key, codes=codes, language=language)]
        beside = [m for m in ("call_list", "declined", "supplier_waiting") if m in self.places.columns]
        if codes is not None:
            beside = []  # those metrics are of the country
        for name in beside:
            metric = self.catalogue.metric(name)
            statements.append(self._statement(metric, self._conditions(metric, Filters(key)), rows=100))
        listed, *others = self._run(statements)
        choice = {"tjeneste": key, "omrade": where.area}
        tables = [self._own_rows("uptake.not_yet", listed, None, choice, language)]
        tables += [
            self._of_metric(self.catalogue.metric(name), answered, choice, language)
            for name, answered in zip(beside, others, strict=True)
        ]
        return self._answer(tables, language)

    # --- names --------------------------------------------------------------------------------------------------------

    @cached_property
    def places(self) -> Places:
        """Names of the release, read once; calls that come at the same time may read them twice."""
        datasets = self.release.manifest.get("datasets")
        readable = (
            {*datasets, *(v for v, d in VIEWS.items() if d.of and d.of.name in datasets)}
            if isinstance(datasets, Mapping)
            else ()
        )
        metrics = [m for m in self.catalogue.metrics.values() if _tables_in(m.sql) <= set(readable)]
        services, areas = self._run(
            [Statement(_text("services"), rows=MOST_ROWS), Statement(_text("places"), rows=MOST_ROWS)]
        )
        shapes = self._shapes(metrics)
        return Places(
            services={row["service"]: row["name"] for row in services.table.to_pylist()},
            areas={
                r["area"]: Area(r["area_kind"], r["area"], r["name"], tuple(r["codes"]))
                for r in areas.table.to_pylist()
            },
            columns={name: tuple(schema.names) for name, schema in shapes.items()},
            numbers={name: _numbers(self.catalogue.metrics[name], schema) for name, schema in shapes.items()},
        )

    def _shapes(self, metrics: Sequence[Metric]) -> dict[str, pa.Schema]:
        """The columns of each metric; without those that this release, made by an older version, has no columns for."""
        try:
            results = self._run([Statement(f"select * from ({m.sql}) limit 0") for m in metrics])
        except QueryFailed:
            if len(metrics) == 1:
                return {}
            middle = len(metrics) // 2
            return {**self._shapes(metrics[:middle]), **self._shapes(metrics[middle:])}
        return {m.name: a.table.schema for m, a in zip(metrics, results, strict=True)}

    def _columns(self, metric: Metric) -> tuple[str, ...]:
        columns = self.places.columns.get(metric.name)
        if columns is None:
            raise WrongUse(
                f"Release {self.release.name} has no {metric.dataset}, which {metric.name} is counted from.",
                "Ask for another metric; `find` lists them.",
            )
        return columns

    # --- statements ---------------------------------------------------------------------------------------------------

    def _run(self, statements: Sequence[Statement], *, one_select: bool = False) -> list[Answered]:
        try:
            return self._workers.answer(self.release, self._files(), statements, one_select=one_select)
        except QueryFailed as failed:
            failed.mend = (
                "Ask for less: fewer months, a filter, or fewer rows."
                if failed.problem.startswith("The query ")
                else "`find` lists the datasets, and describe_dataset their columns. One SELECT of them is run."
            )
            raise

    def _conditions(self, metric: Metric, filters: Filters, codes: list[str] | None = None) -> _Conditions:
        """The conditions that limit a metric.

        Args:
            metric: the metric.
            filters: the filters.
            codes: of municipalities; any when not given.

        Raises:
            UnknownName: there is no such service or area.
            WrongUse: the metric has no column for one of them.
        """
        columns, where = self._columns(metric), self.places.area(filters.area)
        limits: list[tuple[str, str, str, object]] = []
        if filters.service:
            limits.append(("service", "service", "service = $service", self.places.service(filters.service)))
        if filters.measure:
            limits.append(("measure", "measure", "measure = $measure", filters.measure))
        if codes is not None:
            limits.append((_MUNICIPALITY, "codes", f"list_contains($codes, {_MUNICIPALITY})", codes))
        if "area_kind" in columns:
            limits.append(("area", "area", "area = $area", where.area))
        elif where.area_kind == "NETWORK" and "network" in columns:
            limits.append(("network", "network", "network = $network", where.name))
        elif where is not COUNTRY:
            limits.append((_MUNICIPALITY, "members", f"list_contains($members, {_MUNICIPALITY})", list(where.codes)))
        for name, sign, month in (("first", ">=", filters.first_month), ("last", "<=", filters.last_month)):
            if month:
                limits.append(("month", name, f"month {sign} cast(${name} as date)", names.month(month).isoformat()))
        lacking = next((column for column, *_ in limits if column not in columns), None)
        if lacking:
            raise WrongUse(
                f"{metric.name} has no {lacking}, so it cannot be limited by it.", f"It has {', '.join(columns)}."
            )
        return {name: (condition, value) for _, name, condition, value in limits}

    def _statement(
        self, metric: Metric, conditions: _Conditions, *, rows: int, ranking: str | None = None
    ) -> Statement:
        """The rows of a metric, with the names of their subjects, and ranked on request."""
        columns = self._columns(metric)
        name_columns = "".join(
            f", ({_NAME_OF[column]}) as {name}"
            for column, name in _NAME_COLUMNS.items()
            if column in columns
            and name not in columns
            and self._manifest_entry(_NAME_OF[column].partition("from ")[2].split()[0])
        )
        where = " and ".join(condition for condition, _ in conditions.values()) or "true"
        order = [
            f'"{c}" desc nulls last' if c == "month" else f'"{c}"'
            for c in sorted(columns, key=lambda column: column != "month")
        ]
        order = [*([ranking] if ranking else []), *order]
        sql = f"select *{name_columns} from ({metric.sql}) as metric where {where} order by {', '.join(order)}"
        return Statement(sql, {name: value for name, (_, value) in conditions.items()}, min(rows, MOST_ROWS))

    def _call_list(self, rows: int, **parameters: object) -> Statement:
        """The call list, with the columns that the callers may read."""
        sql = _text("call_list")
        for slot, (right, columns) in _CALL_LIST_COLUMNS.items():
            sql = sql.replace(f"{{{{{slot}}}}}", columns if right in self._rights else "")
        return Statement(sql, parameters, min(rows, MOST_ROWS))

    def _peers(self, metric: Metric, peers: str | None) -> tuple[Metric, str] | None:
        if peers is None:
            return None
        beside = _OF_PEERS.get(metric.name)
        return (self.catalogue.metric(beside), peers) if beside in self.places.columns and beside else None

    # --- answers ------------------------------------------------------------------------------------------------------

    def _of_metric(
        self, metric: Metric, answered: Answered, choice: Mapping[str, str | None], language: str
    ) -> AnswerTable:
        contracts = [DATASETS[name] for name in {metric.dataset: None, **dict.fromkeys(_datasets(answered))}]
        words = (metric.title, metric.definition)
        table = self._from(answered, metric.name, words, contracts, language)
        unit = in_language(metric.unit, language)
        return table.model_copy(update={"unit": unit, "link": link(self._pages, metric.dataset, choice)})

    def _own_rows(
        self,
        dataset: str,
        answered: Answered,
        words: tuple[Text, Text] | None,
        choice: Mapping[str, str | None],
        language: str,
    ) -> AnswerTable:
        """Rows of one of our own statements, mostly of one dataset."""
        contract = DATASETS[dataset]
        table = self._from(answered, dataset, words or (contract.title, contract.about), [contract], language)
        # the page about uptake has no municipality to choose; that about use has
        to = address(self._pages, "bruk", choice) if choice.get("kommune") else link(self._pages, dataset, choice)
        return table.model_copy(update={"link": to})

    def _from(
        self,
        answered: Answered,
        name: str,
        words: tuple[Text, Text],
        contracts: Sequence[DatasetContract],
        language: str,
    ) -> AnswerTable:
        rows, truncated = rows_of(answered)
        marked = is_marked(answered.table, "synthetic")
        return AnswerTable(
            name=name,
            title=pick(words[0], language),
            definition=pick(words[1], language),
            unit=None,
            columns=[_column(field, contracts, language, own=name != "query") for field in answered.table.schema],
            rows=rows,
            truncated=truncated,
            # rows say whether they are synthetic; without rows or such a column, the datasets do
            synthetic=any(self._is_synthetic(c.name) for c in contracts) if marked is None or not rows else marked,
            perturbed=bool(is_marked(answered.table, _PERTURBED)),
            estimated=bool(is_marked(answered.table, "estimated")),
            link=link(self._pages, contracts[0].name, {}) if contracts else address(self._pages, "data", {}),
        )

    def _answer(self, tables: list[AnswerTable], language: str, notes: Iterable[str] = ()) -> Answer:
        manifest = self.release.manifest
        synthetic, changed, estimated = (
            any(getattr(table, mark) for table in tables) for mark in ("synthetic", _PERTURBED, "estimated")
        )
        typed = sorted({column.name for table in tables for column in table.columns if column.from_senders})
        return Answer(
            release=self.release.name,
            as_of=_as_text(manifest.get("as_of")),
            published_at=_as_text(manifest.get("published_at")),
            figures_through=self._through,
            synthetic=synthetic,
            notes=[
                *notes,
                *([SYNTHETIC[language]] if synthetic else []),
                *([CHANGED[language]] if changed else []),
                *([ESTIMATED[language]] if estimated else []),
                *([TYPED[language].format(columns=", ".join(typed))] if typed else []),
            ],
            tables=tables,
        )

    def _manifest_entry(self, dataset: str) -> Mapping[str, object] | None:
        datasets = self.release.manifest.get("datasets")
        entry = datasets.get(dataset) if isinstance(datasets, Mapping) else None
        return entry if isinstance(entry, Mapping) else None

    def _is_synthetic(self, dataset: str) -> bool:
        contract = VIEWS.get(dataset)
        entry = self._manifest_entry(contract.of.name if contract and contract.of else dataset)
        return bool(entry and entry.get("synthetic"))

    @property
    def _through(self) -> str | None:
        """The last whole month with figures: `2026-05`."""
        return (_as_text(self.release.manifest.get("through_month")) or "")[:7] or None


_NAME_COLUMNS: Mapping[str, str] = {
    _MUNICIPALITY: "municipality",
    "payer_number": "payer",
    "organisation_number": "organisation",
}
"""The column with a name that an answer adds beside a code or number."""
_NAME_OF: Mapping[str, str] = {
    _MUNICIPALITY: "select any_value(name) from reference.municipality where code = municipality_code "
    "and valid_to is null",
    **{
        column: "select arg_max(name, valid_from) from reference.organisation as named "
        f"where named.organisation_number = metric.{column}"
        for column in ("payer_number", "organisation_number")
    },
}


def _numbers(metric: Metric, schema: pa.Schema) -> tuple[str, ...]:
    """The columns of a metric that are numbers and not of the key, those in its unit first."""
    contract = DATASETS[metric.dataset]
    units = {column.name: column.unit for column in contract.columns}
    numbers = [
        field.name
        for field in schema
        if field.name not in contract.key
        and (pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type))
    ]
    return tuple(sorted(numbers, key=lambda name: units.get(name) != metric.unit))


def _choice(conditions: _Conditions, area: Area) -> dict[str, str | None]:
    """The page filters that match the conditions."""

    def value(name: str) -> str | None:
        setting = conditions.get(name, ("", None))[1]
        return str(setting[0] if isinstance(setting, list) else setting) if setting else None

    return {
        "tjeneste": value("service"),
        "kommune": value("codes"),
        "maal": value("measure"),
        "omrade": area.area if area is not COUNTRY else None,
        "maned": (value("last") or "")[:7],
    }


def _has_perturbed(contract: DatasetContract) -> bool:
    return any(column.perturbed for column in contract.columns)


def _as_text(value: object) -> str | None:
    return str(value) if value else None


@cache
def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8").rstrip().removesuffix(";")


def _statement(name: str, rows: int, /, **parameters: object) -> Statement:
    return Statement(_text(name), parameters, min(rows, MOST_ROWS))


def _datasets(answered: Answered) -> list[str]:
    """The datasets that a statement read, also by their views."""
    contracts = [VIEWS.get(read) or DATASETS.get(read) for read in answered.reads]
    return sorted({(contract.of or contract).name for contract in contracts if contract})


def _tables_in(sql: str) -> set[str]:
    """The datasets and views that a statement names."""
    return {word for word in re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql) if word in DATASETS or word in VIEWS}


def _column(field: pa.Field, contracts: Sequence[DatasetContract], language: str, *, own: bool) -> AnswerColumn:
    """A column of an answer; its unit is that of the dataset's column of the same name, where all agree.

    Args:
        field: its name and type.
        contracts: the datasets that the answer is from.
        language: of its title.
        own: the statement is ours; a caller's may rename what it reads, so that any text may be a sender's.
    """
    name = field.name
    same = [column for contract in contracts for column in contract.columns if column.name == name]
    units = {column.unit for column in same}
    title = pick(same[0].title, language) if same else name
    typed = name in _TYPED or name.startswith(_TYPED_WITHIN) or not (same or own)
    unit = units.pop() if len(units) == 1 else "øre" if name.endswith("_ore") and not same else None
    unit = in_language(unit, language)
    is_text = not (pa.types.is_primitive(field.type) or pa.types.is_decimal(field.type))
    return AnswerColumn(name=name, title=title, unit=unit, from_senders=typed and is_text)


_TYPED: Final = frozenset(
    column.name for stream in PUSHED.values() for column in stream.columns if column.free_text
) | {"system", "supplier", "application", "producer", "follow_up_note", "note"}
"""Columns of texts that senders and users type, by the names that they have in datasets."""
_TYPED_WITHIN: Final = ("supplier_", "sentence")
"""How columns begin whose texts have such texts within them."""


def _described(column: Column, contract: DatasetContract, language: str) -> dict[str, object]:
    return {
        "column": column.name,
        "type": str(column.type),
        "unit": in_language(column.unit, language),
        "key": column.key,
        "may_be_null": column.null,
        "adds_up": str(column.additivity) if column.additivity else None,
        "perturbation": METHOD if column.perturbed else None,
        "sum_within_one": ", ".join(contract.non_additive_across)
        if column.adds_up and contract.non_additive_across
        else None,
        "title": pick(column.title, language),
        "about": pick(column.about, language),
    }


def _listed(name: str, title: str, about: str, rows: Sequence[Mapping[str, object]], to: str) -> AnswerTable:
    """Rows about the catalogue, which is real even if the figures are synthetic."""
    columns = [AnswerColumn(name=key, title=key, unit=None, from_senders=False) for key in (rows[0] if rows else ())]
    return AnswerTable(
        name=name,
        title=title,
        definition=about,
        unit=None,
        columns=columns,
        rows=[dict(row) for row in rows],
        truncated=False,
        synthetic=False,
        perturbed=False,
        estimated=False,
        link=to,
    )


def _earlier(place: Place | None, language: str) -> list[str]:
    """The note for a query that used a former municipality name or code."""
    if place is None or place.earlier is None:
        return []
    was, day = place.earlier, place.earlier.valid_to or date.max
    text = nb(f"{was.code} {was.name} (til {day}) er nå {place.code} {place.name}; tallene gjelder den.") | en(
        f"{was.code} {was.name} (until {day}) is now {place.code} {place.name}; the figures are of that."
    )
    return [text[language]]


_AWAITED = nb("Tallene for {month} kommer sju virkedager etter månedens slutt.") | en(
    "The figures for {month} come seven working days after the end of the month."
)
_FORESEEN = frozenset({"usage.forecast", "uptake.forecast"})
_GOING_ON = nb(
    "{through} er siste hele måned. Senere måneder er ikke over: tallene der gjelder dagene så langt, og bruk de siste "
    "90 dagene er ikke kjent."
) | en(
    "{through} is the last whole month. Later ones are not over: their figures are of the days so far, and use within "
    "90 days is not known."
)
_RANKED = {
    "HIGHEST": nb("Rangert etter {column}, det høyeste først. Måned: {month}.")
    | en("Ranked by {column}, the highest first. Month: {month}."),
    "LOWEST": nb("Rangert etter {column}, det laveste først. Måned: {month}.")
    | en("Ranked by {column}, the lowest first. Month: {month}."),
}
_PERIOD = nb(
    "{place} betaler: måneder fra {first} til {last}, sammenlignet med de samme månedene året før. Beløp i øre uten "
    "mva., etter fakturagrunnlaget; linjer som ikke er klare (status) er ikke med i summene. Null for året før betyr "
    "at det ikke er kjent."
) | en(
    "What {place} pays: months from {first} to {last}, beside the same months of the year before. Amounts in øre "
    "without VAT, by the invoice basis; lines that are not ready (status) are not in the sums. Null for the year "
    "before means that it is not known."
)
_PAYMENTS = (
    nb("Hva kommunen betaler, og hvorfor det er endret") | en("What the municipality pays, and why it changed"),
    nb(
        "Per tjeneste: beløp i perioden og året før. Endringen deles i pris (ny pris på fjorårets mengde), mengde, nye "
        "linjer og linjer som er borte."
    )
    | en(
        "By service: amount in the period and the year before. The change is parted into price (the new price of last "
        "year's quantity), quantity, new lines and lines that are gone."
    ),
)
_PAYMENT_LINES = (
    nb("Linjene bak: pris × mengde") | en("The lines behind: price × quantity"),
    nb("Per priselement, kanal og pris; this_year skiller perioden fra året før. unit_price er i kroner.")
    | en(
        "By price element, channel and price; this_year tells the period from the year before. unit_price is in kroner."
    ),
)
_PRICES = (
    nb("Vedtatte priser") | en("Decided prices"),
    nb("Prislisten for året og senere. amount er i kroner per unit. valid_to tom: gjelder til den endres.")
    | en("The price list of the year and later. amount is in kroner per unit. No valid_to: it holds until changed."),
)
_DECIDED = nb("Det er vedtatt priser som begynner i {year} eller senere (decided_for_the_year).") | en(
    "Prices are decided that begin in {year} or later (decided_for_the_year)."
)
_NOT_DECIDED = nb(
    "Ingen priser er vedtatt fra {year}: prislisten under gjelder til den endres. Beregnede selvkostpriser er "
    "ikke vedtak."
) | en(
    "No prices are decided from {year}: the price list below holds until changed. Calculated self-cost prices are no "
    "decision."
)
_ABOUT = (
    nb("Kommunen") | en("The municipality"),
    nb("Fylke, nettverk og innbyggere i dagens inndeling.")
    | en("County, networks and inhabitants, in the division of now."),
)
_STANDING = (
    nb("Tjenestene kommunen har tatt steg i") | en("The services that the municipality has taken steps in"),
    nb(
        "Siste steg per tjeneste i siste hele måned med tall, og om den er i bruk. active_basis USE: målt bruk siste "
        "90 dager; EVENT: aktivert, uten målt bruk."
    )
    | en(
        "The last step per service in the last whole month with figures, and whether it is in use. active_basis USE: "
        "measured use within 90 days; EVENT: activated, without measured use."
    ),
)
_LACKS = (
    nb("Det kommunen ikke har tatt i bruk") | en("What the municipality has not taken into use"),
    nb("Kommunens rader i ringelisten: tjenester den kan ta i bruk og ikke har tatt i bruk, med neste steg og kontakt.")
    | en("The municipality's rows of the call list: services it may take into use and has not, with step and contact."),
)
_DESCRIBED: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "grain": "Hva én rad er: {about}",
        "key": "Nøkkel: {key}.",
        "from": "Laget av: {sources}. Eier: {owner}.",
        "one": "Velg én verdi av {columns} før du summerer.",
        "absent": "Denne utgaven har ikke datasettet.",
        "rows": "Rader i utgaven: {rows}.",
    },
    "en": {
        "grain": "What one row is: {about}",
        "key": "Key: {key}.",
        "from": "Made of: {sources}. Owner: {owner}.",
        "one": "Choose one value of {columns} before summing.",
        "absent": "This release does not have the dataset.",
        "rows": "Rows in the release: {rows}.",
    },
}
