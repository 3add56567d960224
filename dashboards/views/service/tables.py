"""The tables of a product, for its page and its report: catalogue, systems, prices, accounts. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from catalog.tables.reference import PRODUCT
from dashboards.shared import tables
from dashboards.shared.charts import flow_svg
from dashboards.shared.ledger.models import CATEGORIES, catalogue_text
from dashboards.shared.tables import Cell, marks
from dashboards.views.service.narrative import (
    TEMPLATES,
    age_of,
    channel,
    cut,
    duration,
)
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.query import Row
    from dashboards.shared.ledger.models import Book
    from dashboards.shared.tables import Column
    from dashboards.words import Words

_ADDRESSES: Final = ("https://", "http://")


def column(name: str, words: Words) -> str:
    """The title of a product catalogue column."""
    return PRODUCT[name].title[words.language]


def about(
    catalogue: Mapping[str, str | None],
    names: Sequence[str],
    words: Words,
    *,
    missing: Sequence[str] | None = None,
    longest: int | None = None,
    links: bool = False,
) -> str:
    """The product catalogue's texts, as a list of terms. They are Norwegian, even on an English page.

    Args:
        catalogue: the product's row.
        names: the columns, in order.
        words: the texts.
        missing: the columns whose absence is stated; all of them if None.
        longest: the most letters there is room for.
        links: whether addresses become links.
    """
    foreign = ' lang="nb"' if words.language != "nb" else ""
    rows = []
    for name in names:
        value = catalogue_text(catalogue, name)
        if value is None:
            if missing is None or name in missing:
                rows.append((name, escape(words("product.about.unsaid"))))
            continue
        if name == "adoptable_by":
            value = formatting.listing([words.word(name, part) for part in value.split(";")], words.language)
        markup = escape(cut(value, longest))
        if links and value.startswith(_ADDRESSES):
            markup = f'<a href="{escape(value)}">{markup}</a>'
        rows.append((name, f"<span{foreign}>{markup}</span>"))
    return tables.terms(((column(name, words), markup) for name, markup in rows), "dif-about")


def expected(catalogue: Mapping[str, str | None], actual: str, words: Words) -> str:
    """Expected use beside actual use."""
    expectation = catalogue_text(catalogue, "expected_use")
    foreign = ' lang="nb"' if expectation and words.language != "nb" else ""
    rows = (
        (words("service.expected"), f"<span{foreign}>{escape(expectation or words('product.about.unsaid'))}</span>"),
        (words("service.actual"), escape(actual)),
    )
    return tables.terms(rows, "dif-about")


def templates(catalogue: Mapping[str, str | None], as_of: date, words: Words) -> str:
    """The agreement and the risk assessment: template, version and age."""
    rows = []
    for name, version in TEMPLATES:
        edition, template = catalogue_text(catalogue, version), catalogue_text(catalogue, name)
        unsaid = words("product.about.unsaid")
        named: str | Cell = template or unsaid
        if template and template.startswith(_ADDRESSES):
            named = Cell(f'<a href="{escape(template)}">{escape(template)}</a>')
        rows.append([column(name, words), named, edition or unsaid, age_of(edition, as_of, words)])
    columns = [(words(f"service.template.{name}"), False) for name in ("kind", "name", "version", "age")]
    caption, label = words("service.template.caption"), words("table.region")
    return tables.table("dif-list dif-templates", caption, columns, rows, label=label)


def systems(used_systems: Sequence[Row], words: Words, *, longest: int | None = None, kind: str = "dif-systems") -> str:
    """Source systems and suppliers; what each sent where that is known. `longest`: the most letters of a name."""
    rows: list[list[str | Cell]] = []
    alike = all(system.synthetic for system in used_systems)
    counted = any("dispatches" in system for system in used_systems)
    for system in used_systems:
        marked = [words("app.synthetic")] if system.synthetic and words.marks and not alike else []
        name = system.system or words(f"product.systems.{system.mapping}")
        supplier = cut(system.supplier or words("value.unregistered"), longest) if system.system else "–"
        named = Cell(f"{escape(cut(name, longest))}{marks(marked)}")
        sent = [_sent(system, words)] if counted else []
        rows.append([named, supplier, tables.number(system.customers, words), *sent])
    names = [("system", False), ("supplier", False), ("customers", True), *([("dispatches", True)] if counted else [])]
    columns = [(words(f"product.systems.{name}"), number) for name, number in names]
    return tables.table(kind, words("product.systems.caption"), columns, rows, words)


def _sent(system: Row, words: Words) -> str:
    """What a system sent; as a band where the count is not known."""
    return words.value("dispatches", system.dispatches_band if system.dispatches is None else system.dispatches)


def prices(
    calculations: Sequence[Row],
    words: Words,
    *,
    printed: int | None = None,
    longest: int | None = None,
    kind: str = "dif-prices",
) -> str:
    """Today's price, the self-cost price and the proposed price. Only the first `printed` rows show on paper."""
    rows: list[list[str | Cell]] = []
    alike = all(price.synthetic for price in calculations)
    for price in calculations:
        named = price.channel if price.channel and price.channel.casefold() != price.element.casefold() else ""
        several = sum((other.element, other.channel) == (price.element, price.channel) for other in calculations) > 1
        marked = [named, words("product.price.from", n=price.size_low or 0) if several else ""]
        marked.append(words("app.synthetic") if price.synthetic and words.marks and not alike else "")
        amounts = (price.current_price, price.self_cost_price, price.proposed_price)
        texts = [
            formatting.MISSING if amount is None else formatting.price(amount, words.language) for amount in amounts
        ]
        texts[0] = words("product.price.none") if price.current_price is None else texts[0]
        rows.append([Cell(f"{escape(cut(price.element, longest))}{marks([x for x in marked if x])}"), *texts])
    names = (("element", False), ("today", True), ("self_cost", True), ("proposed", True))
    columns = [(words(f"product.price.{name}"), number) for name, number in names]
    kinds = dict.fromkeys(range(len(rows))[printed:] if printed is not None else (), "dif-screen")
    return tables.table(kind, words("product.price.title"), columns, rows, kinds=kinds)


def flow(book: Book, words: Words) -> str:
    """From income to result so far this year: one bar per step, each from where the last ended; empty without data."""
    total, then = book.year, book.last_year
    if total is None:
        return ""
    costs = [*((name, total.costs_ore[name]) for name in CATEGORIES), ("allocated", total.allocated_ore)]
    stands = [total.income_ore]
    for _, cost in costs:
        stands.append(stands[-1] - cost)
    ends = min(0, *stands), max(0, *stands)
    steps = [("income", total.income_ore, 0, total.income_ore, "income")]
    steps += [
        (name, cost, start, end, "cost") for (name, cost), start, end in zip(costs, stands, stands[1:], strict=False)
    ]
    steps.append(("result", total.result_ore, 0, total.result_ore, "result"))
    before: Mapping[str, int] = {}
    if then is not None:
        before = {**then.costs_ore, "income": then.income_ore, "allocated": then.allocated_ore}
        before = {**before, "result": then.result_ore}
    rows: list[list[str | Cell]] = [
        [
            _step(name, kind, words),
            Cell(flow_svg(start, end, *ends, kind=kind)),
            formatting.whole_kroner(amount_ore, words.language),
            *([formatting.whole_kroner(before[name], words.language)] if before else []),
        ]
        for name, amount_ore, start, end, kind in steps
    ]
    if total.budget_ore is not None:
        budget = formatting.whole_kroner(total.budget_ore, words.language)
        rows.append([words("accounts.statement.budget"), "", budget, *([""] if before else [])])
    years = [book.month.year, *([book.month.year - 1] if before else [])]
    columns: list[Column] = [(words("product.flow.post"), False), (words("product.flow.bar"), "dif-barcell")]
    columns += [(words("product.flow.year", year=str(year)), True) for year in years]
    sums = {place: "dif-sum" for place, (*_, kind) in enumerate(steps) if kind != "cost"}
    return tables.table("dif-flow", words("accounts.steps.caption"), columns, rows, kinds=sums)


def _step(name: str, kind: str, words: Words) -> str:
    """A step with its sign: minus for a cost, equals for the result."""
    text = words(f"value.part.{name}")
    return text if kind == "income" else f"{'=' if kind == 'result' else '−'} {text.lower()}"


def delivery(deliveries: Sequence[Row], words: Words) -> str:
    """Delivery times by channel: the 50th, 90th and 99th percentile."""
    rows = []
    for channel_times in deliveries:
        hours = (channel_times.p50_hours, channel_times.p90_hours, channel_times.p99_hours)
        name = formatting.first(channel(channel_times.channel, words))
        if channel_times.get("provisional"):
            name += f" ({words('service.delivery.provisional')})"
        rows.append([name, *(duration(x, words) for x in hours), tables.number(channel_times.dispatches, words)])
    names = (("channel", False), ("p50", False), ("p90", False), ("p99", False), ("dispatches", True))
    columns = [(words(f"service.delivery.{name}"), number) for name, number in names]
    return tables.table("dif-list", words("service.delivery.caption"), columns, rows, label=words("table.region"))
