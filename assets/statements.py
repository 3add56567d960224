"""SQL statements that lie beside the functions that use them: one SELECT a file, named for its function.

A statement may have slots `{{name}}` for text that a contract gives (a list of columns, a rule's condition). Values
from data or users are never put in a slot; they are bound as `$parameters`. Lines that are comments are no part of it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from catalog.contracts.scan import sql_as_run


@cache
def _text(name: str) -> str:
    file = resources.files("assets").joinpath("sql", *f"{name}.sql".split("/"))
    return sql_as_run(file.read_text("utf-8")).strip().removesuffix(";")


def statement(name: str, **slots: str) -> str:
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
    return sql
