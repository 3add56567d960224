"""In which order modules begin, for all tests, and that none of them is timed."""

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONG = (
    "test_browser_every_page.py",
    "test_works.py",
    "test_increments.py",
    "test_care.py",
    "test_diff.py",
    "test_cli.py",
    "test_inbox.py",
    "test_sql.py",
    "test_release.py",
    "test_send.py",
    "test_hidden_cells.py",
    "test_browser.py",
    "test_slips.py",
    "test_definitions.py",
)
"""What takes long, the longest first. A module is one worker's: begun last, it would be what the others wait for."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first, in the random order of the run otherwise."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))
