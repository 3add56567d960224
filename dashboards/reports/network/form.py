"""The follow-up form of a network's report: the whole call list as a spreadsheet, to fill in and send back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.tables.registers import FOLLOW_UP
from catalog.tables.uptake_calls import FOLLOW_UP_WORDS, FOLLOW_UPS, NOT_YET
from dashboards.shared import narrative as shared_narrative
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.words import formatting
from transport.ingest import registers

if TYPE_CHECKING:
    from pathlib import Path

    from dashboards.views.uptake.network import NetworkFacts
    from dashboards.words import Words


_FILL = ("status", "followed_up_on", "note")


def write_form(facts: NetworkFacts, words: Words, path: Path) -> None:
    """Writes the network's whole call list as a form for the register follow_up, to fill in and send back.

    Columns and statuses have the register's titles; `read_form` translates both back.
    """
    language = words.language
    of_register = {column.name: column.title[language] for column in FOLLOW_UP.columns}
    titles = {
        "municipality_code": of_register["municipality_code"],
        "municipality": words("column.municipality"),
        "service": of_register["service"],
        "sentence": words("calls.why"),
        "contact": NOT_YET["contact"].title[language],
        "so_far": words("form.now"),
        **{name: of_register[name] for name in _FILL},
    }
    notes = {"status": words("form.status"), "followed_up_on": words("form.day"), "note": words("form.note")}
    statuses = [FOLLOW_UP_WORDS[code][language] for code in FOLLOW_UPS]
    rows = [
        {
            "municipality_code": call.municipality_code,
            "municipality": call.municipality,
            "service": call.service,
            "sentence": uptake_narrative.sentence(call, words),
            "contact": call.contact,
            "so_far": uptake_narrative.follow_up(call, words),
        }
        for call in facts.calls
    ]
    about = {
        "network": shared_narrative.short(facts.network.name),
        "month": formatting.month(facts.month, language),
        "release": facts.release.name,
    }
    called = {name: of_register[name] for name in _FILL} | {"file": path.name}
    called |= {code.lower(): FOLLOW_UP_WORDS[code][language] for code in FOLLOW_UPS}
    guide = [words("form.guide.1", **about), *(words(f"form.guide.{n}", **called) for n in range(2, 8))]
    if any(call.synthetic for call in facts.calls):
        guide.append(words("form.guide.synthetic"))
    sheet = registers.Sheet(
        titles=titles,
        notes=notes,
        fill=_FILL,
        choices={"status": statuses},
        wide=("sentence", "note"),
        name=words("form.sheet"),
        guide=(words("form.guide"), guide),
        how=words("form.how", sheet=words("form.guide")),
        refused=words("form.refused"),
    )
    registers.write_form(FOLLOW_UP, rows, sheet, path)
