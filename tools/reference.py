"""Writes the reference pages of docs from the code: every command with its options, and every setting."""

from __future__ import annotations

import docstring_parser

from pipelines.cli.main import app
from transport.base.settings import PROJECT, Settings

COMMANDS, SETTINGS = PROJECT / "docs" / "commands.md", PROJECT / "docs" / "settings.md"
_GENERATED = "<!-- made from the code by `make renew` -->"


def commands_page() -> str:
    """Every command with its help, arguments and options."""
    text = app.generate_docs().replace("```console", "```text").strip()
    return "\n".join([_GENERATED, *(line.rstrip() for line in text.splitlines()), ""])


def settings_page() -> str:
    """Every setting with its default and what it is, as its docstring says."""
    parameters = docstring_parser.parse(Settings.__doc__ or "").params
    rows = []
    for of in parameters:
        names = of.arg_name.split(", ")
        defaults = ", ".join(_default(name) for name in names)
        about = " ".join((of.description or "").split())
        rows.append(f"| {', '.join(f'`{name}`' for name in names)} | {defaults} | {about} |")
    head = [
        _GENERATED,
        "# Settings",
        "",
        "Each is an environment variable `DIF_<NAME>` or a line in `dif.toml` in the working folder; the environment",
        "wins. A setting that was removed stops each command with what to do instead.",
        "",
        "| name | default | is |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    if name == "home":
        return "`data/` in a checkout, `~/.local/share/dif` from a wheel"
    return "none" if value in ("", None) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main() -> None:
    """Write both pages."""
    COMMANDS.write_text(commands_page(), "utf-8")
    SETTINGS.write_text(settings_page(), "utf-8")
