"""A change is told in one way everywhere: both numbers where they are few, else as exactly as the base bears."""

import pytest

from dashboards.words import Words
from dashboards.words.change import Change, change_of, change_of_ore

NB, EN = Words("nb"), Words("en")


@pytest.mark.parametrize(
    ("before", "now", "since", "signed"),
    [
        (2, 8, "opp fra 2 til 8 siden november 2025", "fra 2 til 8"),
        (19, 4, "ned fra 19 til 4 siden november 2025", "fra 19 til 4"),
        (4, 4, "uendret fra november 2025", "uendret"),
        (20, 23, "15 % mer enn i november 2025", "+15 %"),
        (999, 1100, "10 % mer enn i november 2025", "+10 %"),
        (1000, 1101, "10,1 % mer enn i november 2025", "+10,1 %"),
        (1000, 900, "10,0 % mindre enn i november 2025", "\u221210,0 %"),
        (500, 501, "uendret fra november 2025", "uendret"),
        (100_000, 100_010, "uendret fra november 2025", "uendret"),
    ],
)
def test_few_are_told_by_number_and_many_in_per_cent(before, now, since, signed):
    change = Change(before, now)
    assert change.since_month("november 2025", NB).replace("\u00a0", " ") == since
    assert change.signed(NB).replace("\u00a0", " ") == signed


def test_amounts_are_told_in_kroner_and_the_unknown_not_at_all():
    assert change_of_ore(1500, 1900).signed(NB).replace("\u00a0", " ") == "fra 15 kr til 19 kr"
    assert change_of_ore(150_000, 165_150).signed(EN) == "+10.1%"
    assert change_of(None, 3) is None
    assert change_of(0, 3) is None
    assert change_of(30, 33).moved(EN) == "up 10%"
