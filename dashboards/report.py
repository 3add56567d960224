"""The report of a regional network: one page to mail on the first of the month. One HTML file with all that it needs.

`python -m dashboards.report NAME …` writes it; `dif report network` is the way people call it. It asks the release with
the pages' SQL files and says it with the pages' words, without the pages' server: nothing of Streamlit is loaded.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from catalog.datasets import DATASETS
from catalog.errors import BadOption, SharingError, UnknownName, WrongUse
from catalog.registers import FOLLOW_UP
from catalog.uptake_calls import FOLLOW_UPS, NOT_YET
from dashboards import charts, findings, tables, wording
from dashboards import release as releases
from dashboards.answers import CALLS, GAPS, Area, Call, CurvePoint, Declined, Funnel, Lacking, Supplier, sql
from dashboards.findings import Figure
from dashboards.texts import Words
from transport import registers, settings
from transport.release import Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.release import Attempt, Release
    from transport.settings import Settings

_HERE = Path(__file__).parent
_NEEDED = ("uptake.network_month", *CALLS)
_USED = ("uptake.network_month", "uptake.funnel", *CALLS)
_CALLS_SHOWN: Final = 10
_SUPPLIERS_SHOWN: Final = 5
_NAMES_SHOWN: Final = 8


# ── What the release says ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of the members have a product, in its last observed month; and the country in the same month."""

    service: str
    name: str
    month: date
    members: int
    annexed: int
    active: int
    active_basis: str
    active_year_before: int | None
    annex_known: bool
    country_active: int
    country_municipalities: int
    synthetic: bool

    @property
    def waiting(self) -> int | None:
        """Members with the annex signed that do not have it; None where no source reports annexes."""
        return self.annexed - self.active if self.annex_known else None

    @property
    def not_begun(self) -> int | None:
        """Members without the annex; None where no source reports annexes."""
        return self.members - self.annexed if self.annex_known else None

    @property
    def share(self) -> Decimal:
        """Of the members."""
        return _share(self.active, self.members)

    @property
    def country(self) -> Decimal:
        """The country's share."""
        return _share(self.country_active, self.country_municipalities)


@dataclass(frozen=True, slots=True)
class Shown:
    """The service whose charts are shown."""

    service: str
    name: str
    history: Sequence[Funnel]
    registered: frozenset[str]
    points: Sequence[CurvePoint]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report says of a network, from one release."""

    release: Release
    attempt: Attempt | None
    network: Area
    month: date
    members: Mapping[str, str]
    standings: Sequence[Standing]
    calls: Sequence[Call]
    suppliers: Sequence[Supplier]
    declined: Sequence[Declined]
    lacking: Sequence[Lacking] | None
    shown: Shown | None


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


class _Asked:
    """A release's database, read-only, asked by the pages' SQL files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows of the question `name`."""
        answer = self._connection.sql(sql(name, gaps=GAPS in self.datasets), params=parameters or None)
        rows: list[dict[str, Any]] = answer.to_arrow_table().to_pylist()
        return rows

    @cached_property
    def datasets(self) -> frozenset[str]:
        """What the release has of uptake and quality."""
        return frozenset(row[0] for row in self._connection.sql(sql("datasets")).fetchall())


@contextmanager
def _opened(release: Release) -> Iterator[_Asked]:
    limits: dict[str, str | bool | int | float | list[str]] = {"threads": 2, "enable_external_access": False}
    with duckdb.connect(str(release.database), read_only=True, config=limits) as connection:
        yield _Asked(connection)


def _release(given: Settings, name: str | None) -> tuple[Release, Attempt | None]:
    """The release of that name, or the current one and how the last run went.

    Raises:
        UnknownName: there is none of that name.
        WrongUse: there is none at all.
    """
    folder = given.releases
    if name is None or name == "current":
        found = releases.current(folder)
        if found is None:
            raise WrongUse("There is no release yet, so there is nothing to report.", "Make one: dif run.")
        return found, releases.last_attempt(folder)
    named = Releases(given).get(name)
    said = named.manifest
    through, checks = said.get("through_month"), said.get("checks")
    counted = checks if isinstance(checks, dict) else {}
    return releases.Release(
        name=str(said["release"]),
        folder=named.folder,
        published_at=datetime.fromisoformat(str(said["published_at"])),
        as_of=datetime.fromisoformat(str(said.get("as_of") or said["published_at"])),
        through_month=date.fromisoformat(str(through)) if through else None,
        synthetic=bool(said.get("synthetic")),
        passed=int(counted.get("passed", 0)),
        failed=int(counted.get("failed", 0)),
    ), None


def _network(asked: _Asked, name: str) -> Area:
    """The network of that id or name, in capitals or not, with what stands in brackets or without.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    known = [
        Area(row["area_kind"], row["area"], row["name"], part=row["part"], certainty=row["certainty"])
        for row in asked.rows("areas")
        if row["area_kind"] == "NETWORK"
    ]
    sought = " ".join(name.split()).casefold()
    for one in known:
        if sought in (one.area.casefold(), one.name.casefold(), findings.short(one.name).casefold()):
            return one
    raise UnknownName("network", name, known=sorted({x for n in known for x in (n.area, findings.short(n.name))}))


def gather(given: Settings, name: str, release_name: str | None = None) -> Facts:
    """Ask the release for all that the report says.

    Args:
        given: where the releases are.
        name: of the network, or its id.
        release_name: which release; the current one when not given.

    Raises:
        UnknownName: there is no such network, or no such release.
        WrongUse: there is no release, or it is older than the datasets that the report rests on.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = _release(given, release_name)
    with _opened(release) as asked:
        lacks = [t for t in _NEEDED if t not in asked.datasets]
        if lacks:
            raise WrongUse(
                f"Release {release.name} is older than {', '.join(lacks)}.", "Make one that has it: dif run."
            )
        network = _network(asked, name)
        month = release.through_month or release.as_of.astimezone(wording.OSLO).date().replace(day=1)
        here = {"area_kind": network.area_kind, "area": network.area}
        standings = [Standing(**row) for row in asked.rows("report_services", network=network.area, through=month)]
        of_all = {**here, "service": None}
        calls = [Call(**row) for row in asked.rows("calls", **of_all, month=month)]
        return Facts(
            release=release,
            attempt=attempt,
            network=network,
            month=month,
            members={row["code"]: row["name"] for row in asked.rows("members", **here)},
            standings=standings,
            calls=calls,
            suppliers=[Supplier(**row) for row in asked.rows("suppliers", **of_all)],
            declined=[Declined(**row) for row in asked.rows("declined", **of_all)],
            lacking=_lacking(asked, network, standings),
            shown=_shown(asked, network, standings, calls, month),
        )


def _lacking(asked: _Asked, network: Area, standings: Sequence[Standing]) -> list[Lacking] | None:
    """Members of whom a delivery is missing that tells of a measured service; None where the release does not know."""
    if GAPS not in asked.datasets:
        return None
    found: dict[str, Lacking] = {}
    for one in standings:
        if one.active_basis == "USE":
            here = {"area_kind": network.area_kind, "area": network.area}
            for row in asked.rows("lacking", service=one.service, **here, month=one.month):
                lack = Lacking(**row)
                kept = found.get(lack.municipality_code, lack)
                found[lack.municipality_code] = max(kept, lack, key=lambda one: one.missing_to)
    return list(found.values())


def _shown(
    asked: _Asked, network: Area, standings: Sequence[Standing], calls: Sequence[Call], until: date
) -> Shown | None:
    """The service that most rows of the call list are about, where the network has numbers of it; else the first."""
    if not standings:
        return None
    counted = Counter(one.service for one in calls)
    chosen = min(standings, key=lambda one: (-counted[one.service], one.name))
    area = {"area_kind": network.area_kind, "area": network.area}
    history = [Funnel(**row) for row in asked.rows("funnel", service=chosen.service, **area, month=chosen.month)]
    steps = asked.rows("registered_steps", service=chosen.service, month=chosen.month)
    points = [CurvePoint(**row) for row in asked.rows("curve", service=chosen.service, **area, through=until)]
    return Shown(chosen.service, chosen.name, history, frozenset(row["step"] for row in steps), points)


# ── What it says in words. Pure ──────────────────────────────────────────────────────────────────────────────────────


def _basis(standings: Sequence[Standing], words: Words) -> str:
    """How the sum over services may be called: use and events are not the same."""
    bases = {one.active_basis for one in standings}
    return words(f"report.basis.{bases.pop() if len(bases) == 1 else 'BOTH'}")


def answer(facts: Facts, words: Words) -> str:
    """The report in one sentence."""
    name = findings.short(facts.network.name)
    if not facts.standings:
        return words("report.empty", network=name)
    waiting = sum(one.waiting or 0 for one in facts.standings)
    said = words(
        "report.answer.waiting" if waiting else "report.answer",
        members=len(facts.members),
        network=name,
        active=sum(one.active for one in facts.standings),
        possible=sum(one.members for one in facts.standings),
        basis=_basis(facts.standings, words),
        waiting=waiting,
    )
    return said + findings.synthetic_sentence(words, synthetic=_is_synthetic(facts.standings))


def _is_synthetic(rows: Sequence[Any]) -> bool:
    return any(one.synthetic for one in rows)


def figures(facts: Facts, words: Words) -> list[Figure]:
    """The report's key figures: what they have, against the country, who waits, whom to call, who said no."""
    found = []
    if facts.standings:
        found = _figures_of_services(facts.standings, words)
    first = sum(one.priority == 1 for one in facts.calls)
    declined = sum(one.rows_declined for one in facts.declined)
    return [
        *found,
        Figure(
            words("report.figure.calls"),
            wording.number(len(facts.calls), words.language),
            words("report.figure.calls.words", n=first),
            _is_synthetic(facts.calls),
        ),
        Figure(
            words("report.figure.declined"),
            wording.number(declined, words.language),
            words("report.figure.declined.words"),
            _is_synthetic(facts.declined),
        ),
    ]


def _figures_of_services(standings: Sequence[Standing], words: Words) -> list[Figure]:
    synthetic = _is_synthetic(standings)
    active, possible = (sum(getattr(one, name) for one in standings) for name in ("active", "members"))
    country = _share(sum(x.country_active for x in standings), sum(x.country_municipalities for x in standings))
    known = [one.waiting for one in standings if one.waiting is not None]
    waiting = Figure(
        words("report.figure.waiting"),
        wording.number(sum(known), words.language) if known else wording.MISSING,
        words("report.figure.waiting.words" if known else "report.figure.waiting.unknown"),
        synthetic and bool(known),
    )
    share = words("report.figure.share.words", share=wording.percent(country, words.language))
    return [
        Figure(
            words("report.figure.active", basis=_basis(standings, words)),
            words("uptake.n_of_m", n=active, m=possible),
            _year(standings, words),
            synthetic,
        ),
        Figure(
            words("report.figure.share"), wording.percent(_share(active, possible), words.language), share, synthetic
        ),
        waiting,
    ]


def _year(standings: Sequence[Standing], words: Words) -> str:
    """What changed in a year, of the services that were observed then too."""
    known = [(one.active, one.active_year_before) for one in standings if one.active_year_before is not None]
    if not known:
        return words("report.figure.year.none")
    n = sum(now - then for now, then in known)
    change = words("report.same" if n == 0 else "report.more" if n > 0 else "report.fewer", n=abs(n))
    key = "report.figure.year" if len(known) == len(standings) else "report.figure.year.some"
    return words(key, change=change, k=len(known), all=len(standings))


def services_title(standings: Sequence[Standing], words: Words) -> str:
    """Which service is furthest behind the country."""
    behind = min(standings, key=lambda one: (one.share - one.country, one.name))
    if behind.share >= behind.country:
        return words("report.services.title.none")
    share, country = (wording.percent(part, words.language) for part in (behind.share, behind.country))
    said = words("report.services.title", service=behind.name, share=share, country=country)
    return said + findings.synthetic_note(words, synthetic=behind.synthetic)


def be_aware(facts: Facts, words: Words) -> list[str]:
    """What the reader must know beside the numbers: who said no, which deliveries are missing."""
    said = [findings.declined(facts.declined, words)]
    if facts.lacking:
        names = sorted(facts.members.get(one.municipality_code, one.municipality_code) for one in facts.lacking)
        lacking = words(
            "report.lacking",
            n=len(names),
            noun=words.municipalities(len(names)),
            day=wording.day(max(one.missing_to for one in facts.lacking), words.language),
            names=findings.names(names, _NAMES_SHOWN, words),
        )
        said.append(lacking + findings.synthetic_sentence(words, synthetic=_is_synthetic(facts.lacking)))
    elif facts.lacking is not None:
        said.append(words("report.lacking.none"))
    if facts.network.unsure:
        said.append(words("report.certainty"))
    return said


def _freshness(facts: Facts, words: Words) -> list[str]:
    shown, language = facts.release, words.language
    checks = words("app.freshness.checks", passed=shown.passed)
    if shown.failed:
        checks = words("app.freshness.checks_failed", failed=shown.failed, all=shown.passed + shown.failed)
    return [
        words("app.freshness.through", month=wording.month(facts.month, language)),
        words("app.freshness.updated", at=wording.day_and_time(shown.published_at, language)),
        checks,
        words("app.freshness.release", release=shown.name),
    ]


# ── How it looks. Pure: facts in, markup out ─────────────────────────────────────────────────────────────────────────


def page(facts: Facts, words: Words, *, contact: str = "", form: str = "") -> str:
    """The report as one HTML file: nothing in it is fetched, and nothing runs.

    Args:
        facts: what it says.
        words: the texts.
        contact: the function address to ask at; empty says that none is set.
        form: the name of the follow-up form that goes with it, where there is one.
    """
    name = findings.short(facts.network.name)
    title = words("report.title", network=name, month=wording.month(facts.month, words.language))
    parts = [
        f'<p class="dif-kicker">{escape(words("report.kicker"))}</p><h1>{escape(title)}</h1>',
        f'<p class="dif-answer">{escape(answer(facts, words))}</p>',
        f'<p class="dif-freshness">{" · ".join(f"<span>{escape(x)}</span>" for x in _freshness(facts, words))}</p>',
        *_banners(facts, words),
        f"<section>{_head(words('uptake.figures'))}{tables.key_figures(figures(facts, words), words)}</section>",
    ]
    if facts.standings:
        parts.append(_services(facts, words))
    if facts.shown and facts.shown.history:
        parts.append(_charts(facts, facts.shown, words))
    parts += [_calls(facts, words, form), *_suppliers(facts, words), _aware(facts, words), _made(facts, words, contact)]
    return (
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">"
        f"<title>{escape(title)}</title><style>{_style()}</style></head>\n"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _style() -> str:
    font = base64.b64encode((_HERE / "static" / "inter-latin.woff2").read_bytes()).decode()
    face = f"@font-face{{font-family:Inter;font-weight:100 900;src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    return face + "".join((_HERE / name).read_text("utf-8") for name in ("page.css", "report.css"))


def _banners(facts: Facts, words: Words) -> list[str]:
    found = []
    if facts.attempt and facts.attempt.failed:
        at = wording.day_and_time(facts.attempt.at, words.language)
        said = words("state.failed.stays", release=facts.release.name)
        found.append((words("state.failed.title", at=at), said))
    rows: list[Any] = [*facts.standings, *facts.calls, *facts.suppliers, *facts.declined]
    if _is_synthetic(rows):
        key = "report.synthetic.all" if all(one.synthetic for one in rows) else "report.synthetic.some"
        found.append((words("report.synthetic.title"), words(key)))
    return [f'<p class="dif-banner"><strong>{escape(a)}.</strong> {escape(b)}</p>' for a, b in found]


def _head(title: str, subtitle: str = "", level: int = 2) -> str:
    small = f'<p class="dif-small">{escape(subtitle)}</p>' if subtitle else ""
    return f"<h{level}>{escape(title)}</h{level}>{small}"


def _table(kind: str, caption: str, columns: Sequence[tuple[str, bool]], rows: Sequence[str]) -> str:
    """A table of the pages; a phone scrolls it, by keyboard as well."""
    return tables.region(tables.table(kind, caption, columns, rows), caption)


def _services(facts: Facts, words: Words) -> str:
    language = words.language
    rows = []
    for one in facts.standings:
        marks = [words(f"uptake.table.basis.{one.active_basis}")]
        marks += [wording.month(one.month, language)] if one.month != facts.month else []
        marks += [words("app.synthetic")] if one.synthetic else []
        bar = charts.standing_svg(one.active, one.waiting, one.members, one.country)
        counts = "".join(f"<td{tables.NUMBER}>{escape(_count(n, one.members, words))}</td>" for n in _counts(one))
        rows.append(
            f'<tr><th scope="row">{escape(one.name)}{tables.marks(marks)}</th>'
            f'<td class="dif-barcell">{bar}</td>{counts}'
            f"<td{tables.NUMBER}>{escape(wording.percent(one.country, language))}</td></tr>"
        )
    columns = [("column.service", False), ("report.services.bar", False)]
    columns += [(f"report.services.{x}", True) for x in ("have", "waiting", "not_begun", "country")]
    table = _table(
        "dif-services", words("report.services.caption"), [(words(key), number) for key, number in columns], rows
    )
    place, month = findings.short(facts.network.name), wording.month(facts.month, language)
    subtitle = words("report.services.subtitle", network=place, month=month)
    unknown = any(one.waiting is None for one in facts.standings)
    note = f'<p class="dif-small">{escape(words("report.services.unknown"))}</p>' if unknown else ""
    legend = "".join(
        f'<span><span class="dif-key dif-key-{x}"></span>{escape(words(f"report.services.{x}"))}</span>'
        for x in ("have", "waiting", "not_begun", "country")
    )
    return (
        f"<section>{_head(services_title(facts.standings, words), subtitle)}"
        f'<p class="dif-legend" aria-hidden="true">{legend}</p>{table}{note}</section>'
    )


def _counts(one: Standing) -> tuple[int | None, ...]:
    return one.active, one.waiting, one.not_begun


def _count(n: int | None, members: int, words: Words) -> str:
    if n is None:
        return wording.MISSING
    return f"{tables.number(n, words)} ({wording.percent(_share(n, members), words.language)})"


def _charts(facts: Facts, shown: Shown, words: Words) -> str:
    """The pages' two charts, of the service that the call list is most about."""
    now, place = shown.history[0], findings.short(facts.network.name)
    month = wording.month(now.month, words.language)
    synthetic = findings.synthetic_sentence(words, synthetic=now.synthetic)
    steps = findings.steps(now, shown.registered, words)
    said = charts.funnel_in_words(steps, now.municipalities, shown.name, now.month, words)
    lost = now.annexed - now.active
    funnel = (
        _head(
            words(f"uptake.funnel.title.{now.active_basis}", active=now.active, all=now.municipalities, lost=lost),
            words("uptake.funnel.subtitle", month=month, area=place) + synthetic,
            3,
        )
        + charts.funnel_svg(steps, now.municipalities, said, words)
        + _small(words("uptake.funnel.inferred") if any(one.inferred for one in steps) else "")
    )
    own = [one for one in shown.points if one.service == shown.service]
    until = max(facts.month, now.month)
    dashed = words("uptake.curve.dashed") if any(one.active_basis == "EVENT" for one in shown.points) else ""
    gaps = findings.gaps_in_words(findings.gaps([one.month for one in own], until), words)
    curve = (
        _head(
            findings.curve_title(own, now.active_basis, words),
            words(f"uptake.curve.subtitle.{now.active_basis}", area=place) + synthetic,
            3,
        )
        + charts.curve_svg(
            shown.points, shown.service, until, charts.curve_in_words(shown.points, shown.service, until, words), words
        )
        + _small(" ".join(x for x in (dashed, gaps) if x))
    )
    most = any(one.service == shown.service for one in facts.calls)
    title = words("report.chosen.title" if most else "report.chosen.title.none", service=shown.name, network=place)
    return f'<section>{_head(title)}<div class="dif-pair"><div>{funnel}</div><div>{curve}</div></div></section>'


def _small(text: str) -> str:
    return f'<p class="dif-small">{escape(text)}</p>' if text else ""


def _calls(facts: Facts, words: Words, form: str) -> str:
    all_of_them, shown = len(facts.calls), facts.calls[:_CALLS_SHOWN]
    if not shown:
        return f"<section>{_head(words('report.calls.title.none'))}</section>"
    key = "report.calls.title" if all_of_them > len(shown) else "report.calls.title.all"
    title = words(key, shown=len(shown), all=all_of_them)
    subtitle = words("calls.order")
    if form:
        subtitle += " " + words("report.calls.form", file=form)
    columns = [
        (NOT_YET[name].title[words.language] if name else words("report.calls.what"), name == "priority")
        for name in _CALL_COLUMNS
    ]
    table = _table("dif-calls", words("report.calls.caption"), columns, [_call(one, words) for one in shown])
    return f"<section>{_head(title, subtitle)}{table}</section>"


_CALL_COLUMNS = ("priority", "", "supplier", "nearest", "contact", "change_since_last_week")


def _call(one: Call, words: Words) -> str:
    wait = ""
    if one.months_waiting:
        noun = words("month.one" if one.months_waiting == 1 else "month.many")
        wait = words("report.calls.waited", n=one.months_waiting, noun=noun)
    marks = [x for x in (wait, findings.follow_up(one, words)) if x]
    if one.synthetic:
        marks.append(words("app.synthetic"))
    system = one.source_system or "" if one.supplier else ""
    data = "nb" if words.language != "nb" else ""  # what the release says in Norwegian only
    sentence = findings.sentence(one, words)
    unknown = words("value.unregistered")
    changed = one.change_since_last_week
    told = f' lang="{data}"' if data and changed else ""
    return (
        f"<tr><td{tables.NUMBER}>{one.priority}</td>"
        f'<th scope="row">{escape(one.municipality)}: {escape(one.service_name)}'
        f'{tables.marks(marks)}<span class="dif-sentence">{escape(sentence)}</span></th>'
        f"<td>{tables.noted(one.supplier or one.source_system or unknown, system)}</td>"
        f"<td>{escape(one.nearest_municipality or unknown)}</td>"
        f"<td>{escape(one.contact or unknown)}</td>"
        f"<td{told}>{escape(changed or words('calls.change.none'))}</td></tr>"
    )


def _suppliers(facts: Facts, words: Words) -> list[str]:
    if not facts.suppliers:
        return []
    subtitle = words("suppliers.subtitle", area=findings.short(facts.network.name))
    table = tables.suppliers(facts.suppliers[:_SUPPLIERS_SHOWN], words, services=True)
    return [f"<section>{_head(findings.suppliers_title(facts.suppliers, words), subtitle)}{table}</section>"]


def _aware(facts: Facts, words: Words) -> str:
    told = "".join(f"<li>{escape(x)}</li>" for x in be_aware(facts, words))
    return f"<section>{_head(words('report.also.title'))}<ul>{told}</ul></section>"


def _made(facts: Facts, words: Words, contact: str) -> str:
    """Definitions, sources, limits, revisions, and whom to ask."""
    bases = sorted({one.active_basis for one in facts.standings}, reverse=True)
    told = facts.lacking is not None and "USE" in bases
    keys = [*(f"made.active.{basis}" for basis in bases), *(["made.lacking"] if told else []), "report.made.possible"]
    keys += ["report.made.standing", "made.steps", "made.priority"]
    used = (*_USED, GAPS) if told else _USED
    sources = [f"{DATASETS[x].title[words.language]} ({x})" for x in used]
    ask = words("app.contact", contact=contact) if contact else words("app.contact.unset")
    rest = [
        (words("made.source.title"), wording.listing(sources, words.language) + "."),
        (words("made.limits.title"), words("made.limits")),
        (words("made.revisions.title"), words("report.made.revisions", release=facts.release.name)),
        (words("app.contact.title"), ask),
    ]
    items = [_bold(words(key)) for key in keys] + [f"<strong>{escape(a)}</strong>: {escape(b)}" for a, b in rest]
    listed = "".join(f"<li>{item.replace('`', '')}</li>" for item in items)
    return f'<section class="dif-made">{_head(words("made.title"))}<ul>{listed}</ul></section>'


def _bold(text: str) -> str:
    """The pages' texts mark what is strong the Markdown way."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))


# ── The form that goes with it ───────────────────────────────────────────────────────────────────────────────────────


def write_form(facts: Facts, words: Words, path: Path) -> None:
    """The network's whole call list as a form in the shape of the register follow_up, to be filled in and sent back."""
    titles = {
        "municipality_code": words("column.municipality_code"),
        "municipality": words("column.municipality"),
        "service": words("column.service"),
        "sentence": words("calls.why"),
        "contact": NOT_YET["contact"].title[words.language],
        "so_far": words("form.now"),
        "status": words("form.status"),
        "followed_up_on": words("form.day"),
        "note": words("form.note"),
    }
    language = words.language
    rows = [
        {
            "municipality_code": one.municipality_code,
            "municipality": one.municipality,
            "service": one.service,
            "sentence": findings.sentence(one, words),
            "contact": one.contact,
            "so_far": findings.follow_up(one, words),
        }
        for one in facts.calls
    ]
    about = {
        "network": findings.short(facts.network.name),
        "month": wording.month(facts.month, language),
        "release": facts.release.name,
    }
    guide = [words("form.guide.1", **about), *(words(f"form.guide.{n}") for n in range(2, 7))]
    if _is_synthetic(facts.calls):
        guide.append(words("form.guide.synthetic"))
    sheet = registers.Sheet(
        titles=titles,
        fill=("status", "followed_up_on", "note"),
        choices={"status": FOLLOW_UPS},
        wide=("sentence", "note"),
        name=words("form.sheet"),
        guide=(words("form.guide"), guide),
        refused=words("form.refused"),
    )
    registers.write_form(FOLLOW_UP, rows, sheet, path)


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(
    given: Settings, name: str, *, folder: Path, out: Path | None, form: Path | None, release: str | None, language: str
) -> dict[str, str]:
    """Write the report, and the form when it is asked for; gives what was written.

    Raises:
        BadOption: the form's name does not end in .xlsx, or there is a file of that name, which may be filled in.
        SharingError: as `gather`.
    """
    if form is not None and form.suffix.lower() != ".xlsx":
        raise BadOption("--follow-up", form.name, "a name that ends in .xlsx")
    if form is not None and form.exists():
        raise BadOption("--follow-up", form.name, "the name of a new file: the one that is there may be filled in")
    facts, words = gather(given, name, release), Words(language)
    path = out or folder / f"rapport-{facts.network.area}-{facts.month:%Y-%m}.html"
    text = page(facts, words, contact=given.contact, form=form.name if form else "")
    path.write_text(text, "utf-8")
    if form is not None:
        write_form(facts, words, form)
    said = {"report": str(path), "network": facts.network.name, "release": facts.release.name}
    said |= {"month": f"{facts.month:%Y-%m}", "calls": str(len(facts.calls))}
    return said | ({"form": str(form)} if form else {})


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one report; stdout is one JSON object: what was written, or what is wrong and the mend."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.report", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("network")
    for option in ("--home", "--folder"):
        parser.add_argument(option, type=Path, required=True)
    for option in ("--out", "--follow-up"):
        parser.add_argument(option, type=Path)
    parser.add_argument("--release")
    parser.add_argument("--lang", default="nb")
    parser.add_argument("--contact", default="")
    asked = parser.parse_args(arguments)
    given = settings.load().but(home=asked.home, contact=asked.contact)
    try:
        said: dict[str, object] = dict(
            write(
                given,
                asked.network,
                folder=asked.folder,
                out=asked.out,
                form=asked.follow_up,
                release=asked.release,
                language=asked.lang,
            )
        )
        code = 0
    except SharingError as error:
        said, code = {**error.as_json(), "exit_code": error.exit_code}, error.exit_code
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        mend = "See that the folder is there, may be written and has room."
        said, code = {"problem": f"{error.strerror or error}{where}.", "mend": mend, "exit_code": 1}, 1
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
