"""The messages of the pages as a test reads them: by language and name, with what each says and its places."""

from __future__ import annotations

import re

from fluent.runtime import FluentResource
from fluent.syntax import FluentSerializer
from fluent.syntax.ast import Junk, Message

from catalog.text import Text
from dashboards.words import LANGUAGES, files

_CHOICE = re.compile(r"\{ \$(\w+) ->\n\s*\[one\] ([^\n]*)\n\s*\*\[other\] ([^\n]*)\n\s*\}", re.DOTALL)
PLACE = re.compile(r"\{(\w+)(?::([^|}]*)\|([^|}]*))?\}")
"""A place in a message: its name, and after a number what it says in the singular and the plural."""


def _plain(message: Message) -> str:
    """A message on one line: `{n}` a place, `{n:one month|{n} months}` one that chooses by a number."""
    text = FluentSerializer().serialize_entry(message).partition(" =")[2].strip()
    numbered = _CHOICE.sub(lambda m: f"{{{m[1]}:{_bare(m[2])}|{_bare(m[3])}}}", text)
    numbered = re.sub(r"\{ SPELLED\(\$(\w+)[^)]*\) \}", r"{\1}", numbered)
    return re.sub(r"\{ \$(\w+) \}", r"{\1}", re.sub(r'\{ "( *)" \}', r"\1", numbered))


def _bare(variant: str) -> str:
    return re.sub(r"\{ (\$\w+|SPELLED\([^)]*\)) \}", "#", variant)


def messages(*, junk: bool = False) -> dict[str, Text]:
    """Every message by its name in the files.

    Args:
        junk: give what no parser understands instead; there should be none.
    """
    halves: dict[str, dict[str, str]] = {}
    wrong: dict[str, Text] = {}
    for language in LANGUAGES:
        for file in files(language):
            for part in FluentResource(file.read_text("utf-8")).body:
                if isinstance(part, Message):
                    halves.setdefault(part.id.name, {})[language] = _plain(part)
                elif isinstance(part, Junk):
                    wrong[f"{file.name}: {part.content}"] = Text("", "")
    return wrong if junk else {name: Text(half.get("nb", ""), half.get("en", "")) for name, half in halves.items()}


MESSAGES = messages()
