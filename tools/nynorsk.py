"""List the messages that nynorsk lacks, and that pages therefore tell in bokmål: `python -m tools.nynorsk [FILE]`.

One line for each message file with its number of messages; with a file, the names of the missing ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fluent.runtime import FluentResource
from fluent.syntax.ast import Message

from dashboards.words import files

ROOT = Path(__file__).parent.parent


def names(file: Path) -> list[str]:
    """The names of a file's messages, in order; none where there is no file."""
    body = FluentResource(file.read_text("utf-8")).body if file.exists() else []
    return [part.id.name for part in body if isinstance(part, Message)]


def lacking() -> dict[Path, tuple[int, list[str]]]:
    """By file of bokmål, from the project's folder: how many messages it has, and the names that nynorsk lacks."""
    lacking_names = {}
    for file in files("nb"):
        every, translated = names(file), set(names(file.with_name(file.name.replace(".nb.", ".nn."))))
        lacking_names[file.relative_to(ROOT)] = len(every), [name for name in every if name not in translated]
    return lacking_names


def report(of: list[Path]) -> list[str]:
    """The lines that the command prints."""
    lacking_names = lacking()
    if of:
        return [name for file in of for name in lacking_names[file][1]]
    lines = [f"{every - len(lacks):5} of {every:5}  {file}" for file, (every, lacks) in lacking_names.items()]
    has = sum(every - len(lacks) for every, lacks in lacking_names.values())
    return [*lines, f"{has:5} of {sum(every for every, _ in lacking_names.values()):5}  together"]


if __name__ == "__main__":
    sys.stdout.write("\n".join([*report([Path(name) for name in sys.argv[1:]]), ""]))
