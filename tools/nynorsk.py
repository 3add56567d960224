"""List the messages that nynorsk lacks, and that pages therefore tell in bokmål: `python -m tools.nynorsk [FILE]`.

One line for each file of messages with how many it has; with a file, the names of those that it lacks.
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
    found = {}
    for file in files("nb"):
        every, there = names(file), set(names(file.with_name(file.name.replace(".nb.", ".nn."))))
        found[file.relative_to(ROOT)] = len(every), [name for name in every if name not in there]
    return found


def told(of: list[Path]) -> list[str]:
    """What the command says."""
    found = lacking()
    if of:
        return [name for file in of for name in found[file][1]]
    lines = [f"{every - len(lacks):5} of {every:5}  {file}" for file, (every, lacks) in found.items()]
    has = sum(every - len(lacks) for every, lacks in found.values())
    return [*lines, f"{has:5} of {sum(every for every, _ in found.values()):5}  together"]


if __name__ == "__main__":
    sys.stdout.write("\n".join([*told([Path(name) for name in sys.argv[1:]]), ""]))
