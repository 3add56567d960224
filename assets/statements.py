"""SQL statements, kept beside the functions that use them: one SELECT per file, named after its function.

A statement may have slots `{{name}}` for text from a contract (a list of columns, a rule's condition). Values from
data or users never go in a slot; they are bound as `$parameters`. Comment lines are not part of the statement.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Self

from catalog.contracts.scan import normalized_sql


class Statement(str):
    """The text of a statement, which knows the file that it stands in."""

    __slots__ = ("file",)
    file: str

    def __new__(cls, text: str, file: str) -> Self:
        """The text, from a file of the project."""
        instance = super().__new__(cls, text)
        instance.file = file
        return instance

    def __reduce__(self) -> tuple[type[Statement], tuple[str, str]]:
        """What a copy in another process is made of."""
        return Statement, (str(self), self.file)


def _file(name: str) -> str:
    return resources.files("assets").joinpath("sql", *f"{name}.sql".split("/")).read_text("utf-8")


@cache
def _text(name: str) -> str:
    return normalized_sql(_file(name)).strip().removesuffix(";")


def comment(name: str) -> str:
    """What the statement says of itself in the comment that it begins with."""
    lines = takewhile(lambda line: line.startswith("--"), _file(name).splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)


def statement(name: str, **slots: str) -> Statement:
    """The statement `assets/sql/<name>.sql` with its slots filled.

    Raises:
        ValueError: a slot is left unfilled, or one was given that the statement does not have.
    """
    sql = _text(name)
    for slot, text in slots.items():
        if "{{" + slot + "}}" not in sql:
            message = f"{name}.sql has no slot {slot}"
            raise ValueError(message)
        sql = sql.replace("{{" + slot + "}}", text)
    if "{{" in sql:
        message = f"{name}.sql has a slot left unfilled"
        raise ValueError(message)
    return Statement(sql, f"assets/sql/{name}.sql")
