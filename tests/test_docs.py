"""Documentation that cannot drift: what README and docs say is held against the program."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from catalog.contracts.language import Column
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS
from catalog.tables.datasets import DATASETS
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import STREAMS
from pipelines.cli.main import app
from tools import contracts_page, docs_site, reference
from transport.base.settings import PROJECT, Settings

SETTINGS = reference.settings_page().splitlines()
README = (PROJECT / "README.md").read_text("utf-8")
CONTRACTS = [*STREAMS.values(), *REGISTERS.values(), *DATASETS.values()]


def commands_of(text: str) -> set[tuple[str, ...]]:
    """Every `dif …` that a text names, as its words up to the first argument."""
    said = re.findall(r"(?:`|\.venv/bin/)dif ([a-z-]+)(?: ([a-z-]+))?", text)
    return {tuple(w for w in words if w) for words in said}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"])
def test_every_command_that_a_page_names_exists(page: str) -> None:
    for words in commands_of((PROJECT / page).read_text("utf-8")):
        sub = app[words[0]]
        if len(words) > 1 and words[0] in {"release", "quarantine", "register", "serve"}:
            assert sub[words[1]]


def test_the_pages_of_commands_and_settings_are_made_from_the_code() -> None:
    assert reference.COMMANDS.read_text("utf-8") == reference.commands_page(), "run `make renew`"
    assert reference.SETTINGS.read_text("utf-8") == reference.settings_page(), "run `make renew`"
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in SETTINGS if line.startswith("| `"))))
    assert named == set(Settings.model_fields)


def test_the_readme_is_one_screen_and_every_page_is_in_the_list() -> None:
    assert len(README.splitlines()) <= 60
    listed = (PROJECT / "docs" / "README.md").read_text("utf-8")
    assert [path.name for path in (PROJECT / "docs").glob("*.md") if f"({path.name})" not in listed] == ["README.md"]


def test_the_site_has_every_page_by_reader() -> None:
    index = (PROJECT / "docs" / "README.md").read_text("utf-8")
    parts = {name: pages for part in docs_site.navigation(index) for name, pages in part.items()}
    assert {"Analysts", "Producers", "Coordinators and leadership", "Operators", "Developers", "Methodologists"} <= set(
        parts
    )
    shown = [page for pages in parts.values() for page in ([pages] if isinstance(pages, str) else pages)]
    assert sorted(shown) == sorted(str(p.relative_to(PROJECT / "docs")) for p in (PROJECT / "docs").rglob("*.md"))


@pytest.mark.slow("builds the documents as a site")
def test_the_site_builds_strictly_and_fetches_nothing_from_others(tmp_path: Path) -> None:
    mkdocs = PROJECT / ".venv" / "site" / "bin" / "mkdocs"
    if not mkdocs.exists():
        pytest.skip("not run: `make docs-site` has not been run here")
    command = [str(mkdocs), "build", "--quiet", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    pages = [page.read_text("utf-8") for page in tmp_path.rglob("*.html")]
    assert len(pages) > 80
    assert not [
        x for page in pages for x in re.findall(r'<(?:script|img|link rel="stylesheet)[^>]+(?:src|href)="?http', page)
    ]


@pytest.mark.parametrize("page", ["README.md", "docs/README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_link_of_a_page_leads_to_a_file(page: str) -> None:
    path = PROJECT / page
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_every_file_that_the_architecture_names_exists() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
    for name in re.findall(r"`((?:catalog|transport|assets|pipelines|dashboards)/[a-z_/]+(?:\.py|/))`", text):
        assert (PROJECT / name).exists(), name


def test_the_page_of_contracts_is_made_from_the_contracts() -> None:
    assert (PROJECT / "docs" / "contracts.md").read_text("utf-8") == contracts_page.contracts_page(), "run `make renew`"


def test_every_contract_says_what_it_is_in_both_languages() -> None:
    for contract in CONTRACTS:
        title, about, columns = contract.title, contract.about, contract.columns  # type: ignore[attr-defined]
        assert title.nb and title.en and about.nb and about.en, contract.name  # noqa: PT018 - one claim
        for column in columns:
            assert isinstance(column, Column), contract.name
            assert column.title.nb and column.title.en, column.name  # noqa: PT018 - one claim
            assert bool(column.about.nb) == bool(column.about.en), column.name
        assert len({c.name for c in columns}) == len(columns), contract.name


def test_every_dataset_has_an_owner_a_key_or_one_row_and_known_rules() -> None:
    for contract in DATASETS.values():
        assert contract.owner.startswith("team:"), contract.name  # type: ignore[attr-defined]
        assert contract.key, contract.name  # type: ignore[attr-defined]
        names = {c.name for c in contract.columns}  # type: ignore[attr-defined]
        for rule in contract.rules:  # type: ignore[attr-defined]
            assert set(rule.columns) <= names, rule.name


def test_every_metric_and_example_speaks_of_a_dataset_there_is() -> None:
    for metric in METRICS:
        assert metric.dataset in DATASETS
    for query in EXAMPLE_QUERIES:
        assert any(name in query.sql for name in DATASETS)


def test_no_page_names_a_folder_of_this_machine() -> None:
    for path in [*PROJECT.glob("*.md"), *Path(PROJECT / "docs").rglob("*.md")]:
        assert not re.search(r"(?<![\w.])/(home|root|Users|work|tmp)/", path.read_text("utf-8")), path.name


def test_the_list_of_decisions_names_each_and_every_link_between_them_leads_somewhere() -> None:
    folder = PROJECT / "docs" / "decisions"
    decisions = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    listed = re.findall(r"^- \[(\d{4})\]\((\1-[^)]+)\): (.+)$", decisions["README.md"], re.MULTILINE)
    assert {(name, f"# {title}") for _, name, title in listed} == {
        (name, text.partition("\n")[0]) for name, text in decisions.items() if name != "README.md"
    }
    for name, text in decisions.items():
        for target in re.findall(r"\]\(([^)#:]+)[)#]", text):
            assert (folder / target).exists(), f"{name}: {target}"
