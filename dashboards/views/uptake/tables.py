"""The tables of uptake: products by network, whom to call, and suppliers. Pure: answers in, markup out."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from catalog.tables.uptake_calls import NOT_YET, SUPPLIER_GAP
from dashboards.page.downloads import in_month
from dashboards.shared.narrative import apart, names, short, synthetic_caption, synthetic_marks, synthetic_note
from dashboards.shared.tables import HEADING, STACKED, Cell, colours, marks, noted, number, table
from dashboards.views.uptake.charts import standing_svg
from dashboards.views.uptake.models import share_of
from dashboards.views.uptake.narrative import change, evidence, follow_up, no_delivery, sentence, standing
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa

    from dashboards.release.query import Area, Row
    from dashboards.shared import panel
    from dashboards.shared.panel import Rows
    from dashboards.shared.tables import Column
    from dashboards.views.uptake.models import Supplier
    from dashboards.views.uptake.network import Standing
    from dashboards.words import Words


def network_table(
    cells: Sequence[Row], areas: Sequence[Area], chosen: str, area: str, words: Words, month: date | None = None
) -> str:
    """Products by row, networks by column, `n of m` in each cell; `..` where a network has no number.

    Args:
        cells: the numbers.
        areas: the columns, in order; the country first.
        chosen: the service of the marked row.
        area: the area of the marked column.
        words: the texts.
        month: the month of the page; a service's month is noted where it differs.
    """
    rows: dict[str, dict[str, Row]] = {}
    for cell in cells:
        rows.setdefault(cell.service, {})[cell.area] = cell
    of_service = [next(iter(by_area.values())) for by_area in rows.values()]
    unmarked, own = synthetic_caption(words, [(of.name, of.synthetic) for of in of_service])
    lines: list[list[str | Cell]] = []
    kinds: dict[int, str] = {}
    for service, by_area in sorted(rows.items(), key=lambda item: (-_country_share(item[1]), item[0])):
        some = next(iter(by_area.values()))
        basis = words(f"uptake.table.basis.{some.active_basis}")
        text = basis if some.month == month else f"{basis}, {formatting.month(some.month, words.language)}"
        text += synthetic_note(own, synthetic=some.synthetic)
        if service == chosen:
            kinds[len(lines)] = _CHOSEN
        values = [_cell(by_area.get(column.area), marked=column.area == area, words=words) for column in areas]
        lines.append([Cell(f'{escape(some.name)} <span class="dif-mark">{text}</span>'), *values])
    columns: list[Column] = [(words("column.service"), False)]
    columns += [
        (Cell(_breakable(_column(column, words)), _marked(chosen=column.area == area)), False) for column in areas
    ]
    caption = " · ".join(filter(None, [words("uptake.table.caption"), unmarked]))
    label = words("uptake.table.region")
    return table("dif-heat dif-networks", caption, columns, lines, label=label, kinds=kinds)


def _column(area: Area, words: Words) -> str:
    return words("area.country") if area.area_kind == "NO" else short(area.name)


def _breakable(name: str) -> str:
    """A name that may break after `Digi`, to keep the column as narrow as its numbers."""
    return escape(name).replace("Digi", "Digi<wbr>", 1)


def _marked(*, chosen: bool) -> str:
    return f'class="{_CHOSEN}"' if chosen else ""


_CHOSEN: Final = "dif-chosen"


def _country_share(by_area: dict[str, Row]) -> Decimal:
    return share_of(by_area["NO"].active, by_area["NO"].municipalities) if "NO" in by_area else Decimal(0)


def _cell(cell: Row | None, *, marked: bool, words: Words) -> Cell:
    if cell is None:
        return Cell(formatting.MISSING, _marked(chosen=marked))
    background, text = colours(share_of(cell.active, cell.municipalities))
    count = words("uptake.n_of_m", n=cell.active, m=cell.municipalities)
    style = f'style="background:{background};color:{text}"'
    return Cell(escape(count), f"{_marked(chosen=marked)} {style}".strip())


_NAMES_SHOWN: Final = 6
_ADDRESS: Final = re.compile(r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|https?://[^\s,<>\"]+")
"""An e-mail address or a link within a contact, which also names the function that answers."""


def calls(
    listed: Sequence[Row], words: Words, *, service: str, registered: Mapping[str, str], more: bool = False
) -> str:
    """Whom to call, one row each, in the given order: who, why, and the contact as a link.

    Args:
        listed: the rows.
        words: the texts.
        service: the service's name, the subject of a mail.
        registered: by municipality, what has been registered since the release.
        more: these are only the first rows; a phone shows half of them.
    """
    # a row may be synthetic only in its supplier: then the row says so, and who waits is real
    caption = words("calls.caption") + synthetic_note(words, synthetic=all(call.synthetic for call in listed))
    columns: list[Column] = [(words("column.municipality"), False), (words("calls.why"), False)]
    columns += [(NOT_YET["contact"].title[words.language], "dif-contact")]
    own = apart(words, listed)
    rows = [_call(call, service, registered.get(call.municipality_code, ""), own) for call in listed]
    kind = f"dif-list dif-to-call {STACKED}{' dif-cut' if more else ''}"
    return table(kind, caption, columns, rows, words, label=words("calls.region"))


def _call(call: Row, service: str, registered: str, words: Words) -> list[Cell]:
    waits = ""
    if call.months_waiting:
        noun = words("month.one" if call.months_waiting == 1 else "month.many")
        waits = words("report.calls.waited", n=call.months_waiting, noun=noun)
    made_up = synthetic_marks(words, synthetic=call.synthetic)
    who = " · ".join(x for x in (words("calls.priority", n=call.priority), waits, *made_up) if x)
    new = change(call, words)
    done = follow_up(call, words)
    note = f' – <span lang="nb">{escape(call.follow_up_note)}</span>' if call.follow_up_note else ""
    notes = [
        escape(words("calls.new", change=new)) if new else "",
        escape(no_delivery(call, words)),
        escape(words("follow_up.before", done=done)) + note if done and not registered else "",
        f"<strong>{escape(registered)}</strong>" if registered else "",
    ]
    under = "".join(f'<span class="dif-note">{text}</span>' for text in notes if text)
    texts = (noted(call.municipality, who), escape(sentence(call, words)) + under)
    return [*map(Cell, texts), Cell(contact(call.contact, service, words))]


def contact(text: str | None, subject: str, words: Words) -> str:
    """A contact with its addresses as links; that it is missing, where nobody has registered one."""
    if not text:
        return escape(words("calls.contact.none"))
    parts, done = [], 0
    for hit in _ADDRESS.finditer(text):
        link = f"mailto:{hit[0]}?subject={quote(subject)}" if hit["mail"] else hit[0]
        shown = escape(hit[0]).replace("@", "@<wbr>")
        before = escape(text[done : hit.start()]).replace(": ", ":<br>")
        parts += [before, f'<a href="{escape(link)}">{shown}</a>']
        done = hit.end()
    return "".join([*parts, escape(text[done:])])


def suppliers_by_service(listed: Sequence[Supplier], chosen: str, words: Words) -> str:
    """Suppliers by row, services by column: how many wait, and whether the supplier says no to the service.

    Args:
        listed: a row for each service and system, whom to call first at the top.
        chosen: the service of the marked column.
        words: the texts.
    """
    cells: dict[str, dict[str, list[Supplier]]] = {}
    for row in listed:
        cells.setdefault(row.name, {}).setdefault(row.service, []).append(row)
    services = {row.service: row.service_name for row in listed}
    waiting = {service: sum(_waiting(of.get(service, ())) for of in cells.values()) for service in services}
    order = sorted(services, key=lambda service: (service != chosen, -waiting[service], services[service]))
    most = max(_waiting(some) for of in cells.values() for some in of.values())
    rows = []
    for name, of in list(cells.items())[:_SUPPLIERS_SHOWN]:
        connections = sum(row.held for some in of.values() for row in some)
        waits = (_waits(of.get(service, ()), most, words) for service in order)
        rows.append([short(name), str(connections or "–"), *waits])
    columns = [(SUPPLIER_GAP["supplier"].title[words.language], False), (words("suppliers.held"), False)]
    columns += [(services[service], False) for service in order]
    label = words("suppliers.region")
    markup = table("dif-heat dif-matrix", words("suppliers.caption"), columns, rows, label=label, sorts=True)
    notes = [words("suppliers.no.words")] if any(row.supplier_ready == "NO" for row in listed) else []
    notes += [words("suppliers.shown", n=_SUPPLIERS_SHOWN, all=len(cells))] if len(cells) > _SUPPLIERS_SHOWN else []
    return markup + f'<p class="dif-small">{escape(" ".join(notes))}</p>'


_SUPPLIERS_SHOWN: Final = 12


def _waiting(some: Sequence[Supplier]) -> int:
    """How many municipalities wait with any of a supplier's systems."""
    return len({name for row in some for name in row.municipalities})


def _waits(some: Sequence[Supplier], most: int, words: Words) -> str | Cell:
    n = _waiting(some)
    if not n:
        return "–"
    background, text = colours(Decimal(n) / (most + 1))
    says_no = any(row.supplier_ready == "NO" for row in some)
    content = f"<strong>{escape(words('suppliers.no', n=n))}</strong>" if says_no else number(n, words)
    return Cell(content, f'style="background:{background};color:{text}"')


def suppliers(listed: Sequence[Supplier], words: Words, *, services: bool = False) -> str:
    """Suppliers' systems, and how many wait with each.

    Args:
        listed: the rows, in order.
        words: the texts.
        services: show each row's service; otherwise all rows are of one service, and show who waits.
    """
    columns = [
        (words("suppliers.supplier"), False),
        *([(words("column.service"), False)] if services else []),
        (words("suppliers.waiting"), True),
        (SUPPLIER_GAP["inhabitants"].title[words.language], True),
        (words("suppliers.active"), True),
        (SUPPLIER_GAP["supplier_ready"].title[words.language], False),
    ]
    rows: list[list[str | Cell]] = []
    own = words if services else apart(words, listed)  # of one service, the heading marks the first
    for supplier in listed:
        mark = synthetic_marks(own, synthetic=supplier.synthetic)
        system = [supplier.source_system] if supplier.supplier else []
        about = [Cell(f"{escape(supplier.service_name)}{marks(mark)}")] if services else []
        who = "" if services else noted("", names(supplier.municipalities, _NAMES_SHOWN, words))
        ready = noted(words(f"ready.{supplier.supplier_ready}"), evidence(supplier, words))
        name = Cell(f"{escape(supplier.name)}{marks(system if services else [*system, *mark])}{who}")
        counts = (number(n, words) for n in (supplier.waiting, supplier.inhabitants, supplier.active))
        rows.append([name, *about, *counts, Cell(ready)])
    caption = words("suppliers.caption" if services else "suppliers.caption.one")
    return table("dif-suppliers", caption, columns, rows, None if services else words, label=words("suppliers.region"))


def standings(services: Sequence[Standing], month: date, printed: Collection[str], words: Words) -> str:
    """Each service with a network's members by how far they have come, beside the country.

    Args:
        services: the network's services, in order.
        month: the reported month; a service's month is noted where it differs.
        printed: the services that are also printed.
        words: the texts.
    """
    language = words.language
    rows: list[list[str | Cell]] = []
    for service in services:
        noted_of = [words(f"uptake.table.basis.{service.active_basis}")]
        noted_of += [formatting.month(service.month, language)] if service.month != month else []
        noted_of += synthetic_marks(words, synthetic=service.synthetic)
        bar = standing_svg(service.active, service.waiting, service.members, service.country)
        of_members = (service.active, service.waiting, service.not_begun)
        counts = [_of_members(n, service.members, words) for n in of_members]
        named = Cell(f"{escape(service.name)}{marks(noted_of)}")
        rows.append([named, Cell(bar), *counts, formatting.percent(service.country, language)])
    columns: list[Column] = [(words("column.service"), False), (words("report.services.bar"), "dif-barcell")]
    columns += [(words(f"report.services.{x}"), True) for x in _STANDINGS]
    kinds = {place: "dif-screen" for place, service in enumerate(services) if service.service not in printed}
    return table("dif-services", words("report.services.caption"), columns, rows, kinds=kinds)


def standings_key(words: Words) -> str:
    """The key to the bars' colours, hidden from screen readers."""
    text = "".join(
        f'<span><span class="dif-key dif-key-{x}"></span>{escape(words(f"report.services.{x}"))}</span>'
        for x in _STANDINGS
    )
    return f'<p class="dif-legend" aria-hidden="true">{text}</p>'


_STANDINGS: Final = ("have", "waiting", "not_begun", "country")
"""The parts of the bars: how far members have come, and the country."""


def _of_members(n: int | None, members: int, words: Words) -> str:
    if n is None:
        return formatting.MISSING
    return f"{number(n, words)} ({formatting.percent(share_of(n, members), words.language)})"


def first_calls(calls: Sequence[Row], words: Words) -> str:
    """The call list in short, to fit on a sheet of paper."""
    columns: list[Column] = [(NOT_YET["priority"].title[words.language], True)]
    columns += [(words("report.calls.what"), HEADING)]
    columns += [(NOT_YET[name].title[words.language], False) for name in ("supplier", "nearest", "contact")]
    rows = [_first_call(call, words) for call in calls]
    return table("dif-calls", words("report.calls.caption"), columns, rows)


def _first_call(call: Row, words: Words) -> list[str | Cell]:
    unknown = words("value.unregistered")
    system = call.source_system or "" if call.supplier else ""
    whom = contact(call.contact, call.service_name, words)
    changed = change(call, words)
    new = f'<span class="dif-mark"> · {escape(words("report.calls.new"))} {escape(changed)}</span>' if changed else ""
    what = (
        f"{escape(call.municipality)}: {escape(call.service_name)}{marks(call_marks(call, words))}{new}"
        f'<span class="dif-sentence">{escape(sentence(call, words))}</span>'
    )
    supplier = noted(call.supplier or call.source_system or unknown, system)
    return [str(call.priority), Cell(what), Cell(supplier), call.nearest_municipality or unknown, Cell(whom)]


def call_marks(call: Row, words: Words) -> list[str]:
    """The marks after a row's name: its wait, its follow-up, and that it is synthetic."""
    wait = ""
    if call.months_waiting:
        noun = words("month.one" if call.months_waiting == 1 else "month.many")
        wait = words("report.calls.waited", n=call.months_waiting, noun=noun)
    return [x for x in (wait, follow_up(call, words), *synthetic_marks(words, synthetic=call.synthetic)) if x]


# ── The same as files ────────────────────────────────────────────────────────────────────────────────────────────────


def call_rows(answer: pa.Table, words: Words, basis: str, release: str) -> Rows:
    """Header and rows of the call list, with all its columns. Missing values are empty cells, for machine reading.

    Args:
        answer: the list from the release.
        words: the texts.
        basis: `USE` or `EVENT`.
        release: repeated on each row so that a row can be pasted elsewhere.
    """
    titles = {column.name: column.title[words.language] for column in NOT_YET.columns}
    titles["no_delivery_since"] = words("column.no_delivery_since")
    return rows_of_release(answer, titles, basis, release, words)


def supplier_rows(answer: pa.Table, words: Words, release: str) -> Rows:
    """Header and rows of the suppliers of waiting municipalities, which are all named, with commas between.

    Args:
        answer: the suppliers from the release.
        words: the texts.
        release: repeated on each row so that a row can be pasted elsewhere.
    """
    titles = {column.name: column.title[words.language] for column in SUPPLIER_GAP.columns}
    # the whole country's, and the area's
    titles |= {name: words(f"suppliers.{name}") for name in ("active", "signed", "waiting")}
    titles["municipalities"] = titles["municipality_codes"]
    return rows_of_release(answer, titles, "", release, words)


def rows_of_release(answer: pa.Table, titles: Mapping[str, str], basis: str, release: str, words: Words) -> Rows:
    """Header and rows with column titles; each row ends with the release and whether it is synthetic."""
    names = [name for name in answer.column_names if name not in {"service_name", "synthetic"}]
    header = [*(titles[name] for name in names), *(words(f"column.{name}") for name in ("release", "synthetic"))]
    rows: list[list[panel.Cell]] = [
        [
            *(_in_file(name, row[name], basis, words) for name in names),
            release,
            words("value.yes" if row["synthetic"] else "value.no"),
        ]
        for row in answer.to_pylist()
    ]
    return header, rows


def _in_file(name: str, value: object, basis: str, words: Words) -> panel.Cell:
    """A value in the reader's language; a month as `2026-05`, a day as `2026-05-31`."""
    if value is None:
        return None
    if name == "step":
        return standing(str(value), basis, words)
    if name in {"supplier_ready", "follow_up"}:
        return words(f"{'ready' if name == 'supplier_ready' else name}.{value}")
    if isinstance(value, date):
        return in_month(value) if name == "month" else value.isoformat()
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, int) else str(value)
