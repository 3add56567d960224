"""How a command's result is shown: to a person, to a program, and as an exit code."""

from __future__ import annotations

import json

import pytest

from pipelines.cli.screen import Note, Result, Table, command, records


@command()
def answer(count: int) -> Result:
    """A command with three rows and more."""
    rows = [{"nr": n, "names": ["a", "b"]} for n in range(count)]
    return Result(rows, ["Rows:", Table(rows, limit=2, empty="None."), Note("beside")], ["to both"], code=3)


@command(None)
def text() -> Result:
    """A command that has text alone."""
    return Result(lines=["done"])


def test_a_person_gets_lines_and_as_many_rows_as_fit(capsys):
    assert answer(5) == 3
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "Rows:"
    assert out.splitlines()[-1] == "… and 3 more; --limit or --json."
    assert err == "beside\nto both\n"
    answer(0)
    assert capsys.readouterr().out == "Rows:\nNone.\n"


def test_a_program_gets_the_facts_alone_and_the_same_exit_code(capsys):
    assert answer(5, json=True) == 3
    out, err = capsys.readouterr()
    assert [row["nr"] for row in json.loads(out)] == [0, 1, 2, 3, 4]
    assert err == "to both\n"


def test_a_command_without_facts_has_no_option_for_programs(capsys):
    with pytest.raises(TypeError, match="json"):
        text(json=True)
    assert (text(), capsys.readouterr().out) == (0, "done\n")


def test_values_of_a_list_stand_apart_for_a_person(capsys):
    listed = records([{"may": ["read", "send"]}], empty="Nobody.")
    assert listed.facts == [{"may": ["read", "send"]}]
    command(None)(lambda: listed)()
    assert "read send" in capsys.readouterr().out
