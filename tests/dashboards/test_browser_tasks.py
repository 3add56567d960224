"""What people come for, in a real browser: each task from the front page, in no more clicks than it is worth.

A menu that opens is a click, and so is what is chosen in it. What is typed is no click.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.dashboards.browser import NEEDED

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = NEEDED


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a reader wants to know or have.

    Attributes:
        asks: who wants what.
        clicks: the most that it may take.
        steps: what is done: `menu:`, `link:`, `button:`, `fold:` and a name; `choose:` a filter `=` its option;
            `file:` the button whose file is wanted; `type:` a field `=` a number; `find:` what is sought.
        says: what the page then says, in sight, as a pattern.
    """

    asks: str
    clicks: int
    steps: tuple[str, ...]
    says: str

    def __str__(self) -> str:
        """The test's name for it."""
        return self.asks


TASKS = (
    Task("a director: is use growing, and why", 0, (), r"Endringen i inntekt skyldes"),
    Task(
        "a coordinator: who in my network lacks Digisos, and whom first",
        5,
        ("menu:Utbredelse", "choose:Tjeneste=Fiks Digisos", "choose:Område=Nettverk: DigiVestland"),
        r"Ringeliste: \d+ kommuner er ikke i gang med Fiks Digisos",
    ),
    Task(
        "an accountant: a year by service",
        3,
        ("menu:Min organisasjon", "choose:Virksomhet=Bergen kommune"),
        r"Tolv måneder koster|Året kan ikke",
    ),
    Task("DIF: what SvarUt costs, and did last year", 2, ("menu:Produktregnskap", "link:Resultat"), r"I samme måneder"),
    Task("a director: which product does not cover its cost", 0, (), r"dekker mindre enn 95|dekker kostnaden"),
    Task(
        "a product owner: what 5 % more would do",
        2,
        ("menu:Produktregnskap", "link:Pris", "type:Prisendring, prosent=5"),
        r"Med \+5,0\s% på alle dagens priser øker inntekten",
    ),
    Task("anybody: this chart for a slide", 3, ("menu:Utbredelse", "button:Last ned", "file:Bilde (PNG)"), r"Last ned"),
    Task(
        "anybody: what changed since the release before",
        2,
        ("fold:Utgave", "link:Hva er endret siden forrige utgave?"),
        r"Bruk som er endret|Ingen tall for bruk er endret",
    ),
    Task("a coordinator: which supplier holds others back", 1, ("menu:Utbredelse",), r"(ikke klar for|venter på) "),
    Task(
        "an adviser: what Bergen has not taken",
        3,
        ("menu:Kommune", "choose:Kommune=4601 Bergen"),
        r"Tjenester lignende",
    ),
    Task(
        "an adviser: the share on paper, against similar ones",
        3,
        ("menu:Bruk", "choose:Kommune=4601 Bergen"),
        r"ble levert digitalt",
    ),
    Task("a customer: what a message costs", 3, ("menu:Tjeneste", "choose:Tjeneste=SvarUt"), r"Grunnpris i dag"),
    Task("a director: which loan is at risk", 1, ("link:Produktregnskapet",), r"gjenstår av lån"),
    Task("DIF: who uses a service without an annex", 1, ("link:Tjenesten",), r"uten at vedlegget er signert: \w+"),
    Task(
        "an economist: which invoices cannot be explained",
        3,
        ("menu:Produktregnskap", "link:Lån og avstemming", "fold:De største uforklarte forskjellene"),
        r"Uforklarte rader, størst først|De største uforklarte",
    ),
    Task(
        "a product owner: support, against others",
        2,
        ("menu:Tjeneste", "fold:henvendelser i måneden per 100 kunder"),
        r"Hele landet",
    ),
    Task("DIF: who has not delivered", 2, ("menu:Data", "link:Leveringer"), r"levering mangler fra"),
    Task("anybody: tell me of new figures", 1, ("link:Abonner",), r"feeds/releases\.atom|Hva vil du følge"),
    Task(
        "a mayor: my own, found and followed",
        2,
        ("find:bergen", "menu:Utbredelse"),
        r"Bergen (har|hadde|tok)",
    ),
    Task("anybody: what a number means", 1, ("link:Resultat så langt i",), r"Datasettet og spørringen som gir tallet"),
)


@pytest.fixture(scope="module")
def served_home(whole_home) -> Path:
    return whole_home


def settled(page) -> None:
    """Wait until the page stands, or is one that Streamlit does not draw."""
    page.wait_for_function(
        """() => !document.getElementById('stApp') && !document.querySelector('[data-testid=stApp], #root')
            || document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
            && !document.querySelector('[data-testid=stSkeleton], #dif-first')
            && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(one => one.querySelector('svg'))"""
    )


def do(page, step: str) -> int:
    """Do a step as a reader does; how many clicks it took."""
    kind, _, name = step.partition(":")
    name, _, chosen = name.partition("=")
    if kind == "find":
        page.keyboard.press("/")
        page.get_by_role("dialog").wait_for()
        page.keyboard.type(name)
        page.get_by_role("dialog").get_by_role("link").first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**/kommune?**")
        return 0
    if kind == "type":
        page.get_by_label(name, exact=True).fill(chosen)
        page.keyboard.press("Enter")
        return 0
    if kind == "choose":
        switch, menu = (
            page.get_by_role(role, name=text, exact=True) for role, text in (("radio", chosen), ("combobox", name))
        )
        switch.or_(menu).first.wait_for(state="attached")
        if switch.count():
            page.get_by_text(chosen, exact=True).first.click()
            return 1
        menu.click()
        page.keyboard.type(chosen)  # a long list holds only what is in sight
        page.get_by_role("option", name=chosen, exact=True).click()
        return 2
    if kind == "file":
        with page.expect_download() as waited:
            page.get_by_role("button", name=name).first.click()
        assert waited.value.suggested_filename.endswith(".png")
        return 1
    place = page.get_by_test_id("stTopNav") if kind == "menu" else page.locator("main")
    found = {
        "menu": lambda: place.get_by_role("link", name=name, exact=True),
        "link": lambda: place.get_by_role("link", name=name),
        "button": lambda: place.get_by_role("button", name=name),
        "fold": lambda: place.locator("summary", has_text=name),
    }[kind]()
    found.first.click()
    return 1


@pytest.mark.slow("walks through several pages, each of which is drawn in test_browser_every_page.py")
@pytest.mark.parametrize("task", TASKS, ids=str)
def test_a_task_is_done_in_few_clicks(page, site, task):
    page.goto(f"{site}/oversikt")
    settled(page)
    clicks = 0
    for step in task.steps:
        clicks += do(page, step)
        settled(page)
    said = page.locator("body").get_by_text(re.compile(task.says)).locator("visible=true").first
    said.wait_for(timeout=60_000)
    assert clicks <= task.clicks
