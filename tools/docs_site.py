"""Hooks of MkDocs: the site has the readers and the pages of docs/README.md, so that there is one list of them.

It runs in an environment of its own, which has MkDocs and nothing of the product.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

DOCS = Path(__file__).parent.parent / "docs"
_LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")


def navigation(index: str) -> list[dict[str, Any]]:
    """The readers of the index's first table, each with the pages of its row that are in docs/."""
    parts: list[dict[str, Any]] = [{"Start": "README.md"}]
    for line in index.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|", 1)]
        pages = [target for _, target, _ in _LINK.findall(line) if target.endswith(".md") and "/" not in target]
        if line.startswith("|") and pages:
            parts.append({cells[0].capitalize(): pages})
        elif len(parts) > 1 and not line.startswith("|"):
            break
    decisions = sorted(f"decisions/{page.name}" for page in (DOCS / "decisions").glob("0*.md"))
    return [*parts, {"Decisions": ["decisions/README.md", *decisions]}]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the navigation from the index."""
    config.nav = navigation((DOCS / "README.md").read_text("utf-8"))
    return config


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:  # noqa: ANN401 - MkDocs' own type
    """Write a link to a file of the checkout that is no page of the site as the file's name.

    Links within docs/ stay, and a strict build stops at one that leads nowhere.
    """
    folder = posixpath.dirname(page.file.src_uri)

    def rewritten(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        path = posixpath.normpath(posixpath.join("docs", folder, target))
        if not target or ":" in target or (path.startswith("docs/") and (DOCS.parent / path).is_file()):
            return match[0]
        if path.startswith("docs/") and not (DOCS.parent / path).exists():
            return match[0]
        return f"{words} (`{path}`)" if words.strip("`") not in path else f"`{path}`"

    return _LINK.sub(rewritten, markdown)
