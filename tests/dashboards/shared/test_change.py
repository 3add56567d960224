"""A change is told in one way everywhere: both numbers where they are few, else as exactly as the base bears."""

from datetime import date

import pytest

from dashboards.shared.ledger.models import CATEGORIES, Total
from dashboards.views.accounts import narrative as accounts
from dashboards.views.accounts.loans import narrative as loans
from dashboards.views.accounts.pricing import narrative as pricing
from dashboards.views.accounts.result import narrative as result
from dashboards.views.accounts.result.narrative import Category
from dashboards.views.organisation import narrative as organisation
from dashboards.views.organisation.models import ServiceYear
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


AT = accounts.period(2026, 3, date(2026, 9, 1))


def a_total(result_ore: int) -> Total:
    """A period with this result, of a cost of a million kroner."""
    costs = {**dict.fromkeys(CATEGORIES, 0), CATEGORIES[0]: 100_000_000}
    return Total(100_000_000 + result_ore, costs, 0, result_ore, None, synthetic=False)


@pytest.mark.parametrize(
    "told",
    [
        lambda ore: accounts.answer("A", a_total(ore), None, AT, NB),
        lambda ore: accounts.answer("A", a_total(-5_000_000), a_total(ore), AT, NB),
        lambda ore: accounts.moved(a_total(ore), a_total(0), NB),
        lambda ore: [figure.words for figure in accounts.figures(a_total(0), None, a_total(ore), ore, AT, [], NB)],
        lambda ore: accounts.development_title([{"result_so_far_ore": 5_000 + ore, "budget_so_far_ore": 5_000}], NB),
        lambda ore: pricing.decide(None, ore, NB),
        lambda ore: loans.reconciliation_title([{"at_stake_ore": ore}], NB),
        lambda ore: loans.owed([{"drawn_to_date_ore": 1, "balance_ore": ore}], NB),
        lambda ore: result.categories_title([Category("drift", 700 + ore, 700)], NB),
        lambda ore: organisation.year_title([ServiceYear("A", 70_000, 70_000 + ore, price_ore=ore)], NB),
    ],
)
def test_what_is_shown_as_zero_kroner_is_told_as_no_change(told):
    assert told(-49) == told(0) == told(49)
    assert told(0) != told(100)
