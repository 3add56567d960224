"""Definitions as markup that a link leads to. Pure; every text is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboards.views.definitions.models import Defined
    from dashboards.words import Words

TO_THE_LINKED: Final = """\
<script>
(() => {
  const go = () => {
    const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!found) return;
    // what is not shown yet (page.css) takes no focus; what is shown is gone to once, and the reader scrolls on
    if (getComputedStyle(found).visibility === 'hidden') return void requestAnimationFrame(go);
    found.scrollIntoView();
    found.focus({preventScroll: true});
  };
  requestAnimationFrame(go);
  document.fonts.ready.then(go);
})();
</script>
"""
"""Goes to the definition that the address names: the browser looked for it before the page was drawn."""


def numbers(found: Sequence[Defined], to: Callable[[str], str], words: Words) -> str:
    """Each number with its definition, unit, dataset and query. `to` gives the address of a dataset."""
    return f'<div class="dif-definitions">{"".join(_number(one, to, words) for one in found)}</div>'


def _number(one: Defined, to: Callable[[str], str], words: Words) -> str:
    anchor = escape(one.metric)
    link = f'<a class="dif-anchor" href="#{anchor}" aria-label="{escape(words("definitions.link"))}">#</a>'
    dataset = f'<a href="{escape(to(one.dataset))}">{escape(one.dataset)}</a>'
    unit = f"{escape(words('definitions.unit'))}: {escape(words.word('unit', one.unit))}"
    return (
        f'<section id="{anchor}" tabindex="-1" aria-labelledby="{anchor}-title">'
        f'<h3 id="{anchor}-title">{escape(one.title)} {link}</h3><p>{escape(one.definition)}</p>'
        f'<p class="dif-small">{unit} · {escape(words("definitions.dataset"))}: {dataset}</p>'
        f"<details><summary>{escape(words('definitions.sql'))}</summary>"
        f'<pre tabindex="0"><code>{escape(one.sql)}</code></pre></details></section>'
    )


def terms(found: Sequence[tuple[str, str]]) -> str:
    """Words, each with what it is."""
    told = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(text)}</dd></div>" for word, text in found)
    return f'<dl class="dif-terms">{told}</dl>'
