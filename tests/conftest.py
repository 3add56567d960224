"""In which order modules begin, for all tests, and that none of them is timed."""

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONG = ("test_increments.py", "test_works.py", "test_cli.py", "test_care.py", "test_inbox.py")
"""Few tests that take long. A module is one worker's: begun last, it would be what the others wait for."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first, in the random order of the run otherwise."""
    items.sort(key=lambda item: item.path.name not in LONG)
