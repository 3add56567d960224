"""Definitions as markup that links can target. Pure; every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards.shared.tables import facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboards.release.query import Row
    from dashboards.words import Words

TO_THE_LINKED: Final = """\
<script>
(() => {
  const go = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    // a hidden element (page.css) takes no focus, so wait; scroll once, then leave scrolling to the reader
    if (getComputedStyle(target).visibility === 'hidden') return void requestAnimationFrame(go);
    target.scrollIntoView();
    target.focus({preventScroll: true});
  };
  requestAnimationFrame(go);
  document.fonts.ready.then(go);
})();
</script>
"""
"""Scrolls to the definition in the address: the browser looked for it before the page was drawn."""


def numbers(pages: Mapping[str, Sequence[Row]], to: Callable[[str], str], words: Words) -> str:
    """Links to the pages; under each the numbers that it shows, with their unit, and dataset and query folded.

    Args:
        pages: the numbers by the key of their page, as `narrative.by_page`.
        to: gives the address of a dataset.
        words: the texts.
    """
    index = " · ".join(
        f'<a href="#of-{page}">{escape(words(f"{page}.title"))} ({len(metrics)})</a>' for page, metrics in pages.items()
    )
    listed = "".join(
        f'<h3 id="of-{page}" tabindex="-1">{escape(words(f"{page}.title"))}</h3>'
        f"<div>{''.join(_number(metric, to, words) for metric in metrics)}</div>"
        for page, metrics in pages.items()
    )
    index = f'<nav aria-label="{escape(words("definitions.index"))}">{index}</nav>'
    return _region(f'<div class="dif-definitions">{index}{listed}</div>', words("definitions.numbers.title"))


def _number(metric: Row, to: Callable[[str], str], words: Words) -> str:
    anchor = escape(metric.metric)
    link = f'<a class="dif-anchor" href="#{anchor}" aria-label="{escape(words("definitions.link"))}">#</a>'
    dataset = f'<a href="{escape(to(metric.dataset))}">{escape(metric.dataset)}</a>'
    unit = words.word("unit", "kr" if metric.unit == "øre" else metric.unit)  # pages show kroner
    return (
        f'<section id="{anchor}" tabindex="-1" aria-labelledby="{anchor}-title">'
        f'<h4 id="{anchor}-title">{escape(metric.title)} {link}</h4><p>{escape(metric.definition)}</p>'
        f"<details><summary>{escape(words('definitions.sql'))}</summary>"
        f'<p class="dif-small">{escape(words("definitions.unit"))}: {escape(unit)}<br>'
        f"{escape(words('definitions.dataset'))}: {dataset}</p>"
        f'<pre tabindex="0"><code>{escape(metric.sql)}</code></pre></details></section>'
    )


def _region(listed: str, label: str) -> str:
    """A frame that scrolls on a phone, where the list would be twenty screens long."""
    return f'<div class="dif-reference" role="region" tabindex="0" aria-label="{escape(label)}">{listed}</div>'


def terms(pairs: Sequence[tuple[str, str]], title: str) -> str:
    """Terms or abbreviations, each with its explanation. `title`: their heading."""
    return _region(facts(pairs, "dif-terms"), title)
