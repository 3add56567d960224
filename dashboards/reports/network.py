"""The report of a regional network: one page to mail on the first of the month. One HTML file with all that it needs.

It asks the release with the pages' SQL files and says it with the pages' words, without the pages' server: nothing of
Streamlit is loaded. `dif report network` is the way people call it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import BadOption, UnknownName
from dashboards import findings, wording
from dashboards.answers import GAPS, Area
from dashboards.answers.uptake import CALLS, Call, CurvePoint, Declined, Funnel, Lacking, Supplier
from dashboards.reports.asking import opened, reported
from dashboards.reports.facts import Facts, Shown, Standing
from dashboards.reports.form import write_form
from dashboards.reports.network_page import page
from dashboards.texts import Words

if TYPE_CHECKING:
    from dashboards.reports.asking import Asked
    from transport.settings import Settings

_NEEDED = ("uptake.network_month", *CALLS)


# ── What the release says ────────────────────────────────────────────────────────────────────────────────────────────


def _network(asked: Asked, name: str) -> Area:
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
    release, attempt = reported(given, release_name)
    with opened(release) as asked:
        asked.needs(_NEEDED, release.name)
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


def _lacking(asked: Asked, network: Area, standings: Sequence[Standing]) -> list[Lacking] | None:
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
    asked: Asked, network: Area, standings: Sequence[Standing], calls: Sequence[Call], until: date
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
    said = {"report": str(path), "about": facts.network.name, "release": facts.release.name}
    said |= {"month": f"{facts.month:%Y-%m}", "calls": str(len(facts.calls))}
    return said | ({"form": str(form)} if form else {})
