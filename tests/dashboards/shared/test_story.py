"""The rule by which the board reads the most important first: no sum that one product explains stands alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain.calendar import months_between
from dashboards.release.query import Row
from dashboards.shared.board import narrative, story
from dashboards.shared.board.models import BoardFacts
from dashboards.shared.ledger.models import Book, Loan, Spread
from dashboards.words import LANGUAGES, Words, formatting
from tests.dashboards.rows import replace
from transport.releases.release import Release

NB = Words("nb")
FIRST, MONTH = date(2025, 11, 1), date(2026, 10, 1)
AT = datetime(2026, 11, 1, tzinfo=UTC)
RELEASE = Release(
    Path("2026-11-01.1"),
    {"published_at": AT.isoformat(), "through_month": MONTH.isoformat(), "checks": {"passed": 1, "failed": 0}},
)
AMOUNTS = st.integers(0, 10**11)


def book(service: str, income: int, cost: int) -> Book:
    """Twelve months, of which the first has it all."""
    rows = [
        Row(
            service=service,
            name=service,
            month=month,
            income_ore=earned,
            cost_brukerstotte_ore=spent,
            cost_drift_ore=0,
            cost_forvaltning_ore=0,
            cost_administrasjon_ore=0,
            allocated_ore=0,
            result_ore=earned - spent,
            budget_ore=None,
            balance_carried_ore=0,
            synthetic=False,
        )
        for month in months_between(FIRST, MONTH)
        for earned, spent in [(income, cost) if month == FIRST else (0, 0)]
    ]
    return Book(rows, MONTH, date(2024, 1, 1))


def told(*flows: tuple[int, int]) -> BoardFacts:
    """A month with a product for each pair of income and cost."""
    books = {f"p{n}": book(f"p{n}", income, cost) for n, (income, cost) in enumerate(flows)}
    names = {service: service.upper() for service in books}
    return BoardFacts(RELEASE, None, MONTH, names, [], [], [], begun=date(2024, 1, 1), books=books, loans_followed=True)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(-(10**11), 10**11), max_size=9))
def test_a_product_explains_a_sum_if_and_only_if_it_is_more_than_half_of_it(parts):
    who, total = story.explains(parts), abs(sum(parts.values()))
    if who is None:
        assert len(parts) < 2 or all(2 * abs(part) <= total for part in parts.values())
    else:
        assert 2 * abs(parts[who]) > total
        assert abs(parts[who]) == max(abs(part) for part in parts.values())


@settings(max_examples=50)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=9), st.sampled_from(LANGUAGES))
def test_the_result_is_told_without_the_product_that_explains_it_and_the_first_words_give_no_amount(flows, language):
    facts, words = told(*flows), Words(language)
    said = narrative.answer(facts, words)
    assert "{" not in said
    results = {service: year.result_ore for service, (_, year) in facts.years.items()}
    who, beside = story.explains(results), narrative.figures(facts, words)[1].words
    assert (who is not None) == any(name in beside for name in facts.names.values())
    if who:
        rest = formatting.rounded_kroner(sum(results.values()) - results[who], language)
        assert f"{facts.names[who]}: {rest}" in beside
    low, high = story.outside(facts)
    assert len(low) + len(high) <= story.covered(facts) <= len(flows)
    assert "kr" not in said.lower().split()


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        (
            [(100, 100), (100, 104)],
            "Alle to produkter dekker kostnaden: Den finansielle dekningsgraden er mellom 95 og 105 %.",
        ),
        (
            [(100, 100)],
            (
                "Produktet dekker kostnaden: Den finansielle dekningsgraden er mellom 95 og 105 %. "
                "Ingen saker krever beslutning."
            ),
        ),
        (
            [(90, 100)] * 3,
            (
                "Tre av tre produkter dekker mindre enn 95 % av kostnaden. "
                "Én sak krever beslutning. Den gjelder produktene under 95 %."
            ),
        ),
        (
            [(200, 100), (100, 100)],
            "Ett av to produkter tar inn mer enn 105 % av kostnaden. Ingen dekker mindre enn 95 %.",
        ),
        (
            [(900, 100), (10, 100)],
            "Ett av to produkter dekker mindre enn 95 % av kostnaden. To saker krever beslutning.",
        ),
    ],
)
def test_the_story_says_who_covers_and_what_to_decide(flows, said):
    facts = told(*((income * 100, cost * 100) for income, cost in flows))
    assert said in narrative.answer(facts, NB).replace("\xa0", " ")


@settings(max_examples=50)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=9), AMOUNTS)
def test_matters_stand_by_kroner_at_stake_and_every_product_outside_the_limits_counts_in_one(flows, owed):
    loan = Loan(
        project="DF-1",
        service=None,
        name=None,
        granted_ore=0,
        drawn_ore=owed,
        repaid_ore=0,
        balance_ore=owed,
        balance_before_ore=None,
        overdrawn=True,
        payoff_month_low=None,
        payoff_month_expected=None,
        payoff_month_high=None,
        payoff_basis=None,
        payoff_reason=None,
        synthetic=False,
    )
    facts = replace(told(*flows), loans=[loan])
    matters = narrative.decisions(facts, NB)
    stakes = [matter.stake_ore for matter in matters]
    assert None not in stakes
    assert stakes == sorted(stakes, reverse=True)
    results, (low, high) = story.of_twelve_months(facts), story.outside(facts)
    at_stake = {matter.kind: matter.stake_ore for matter in matters}
    for kind, services in (("below", low), ("above", high)):
        assert at_stake.get(kind, 0) == sum(abs(results[service]) for service in services)
    assert at_stake["loan"] == owed


def test_the_trend_of_uptake_is_of_the_same_services_counted_in_the_same_way_throughout():
    def seen(service: str, months: list[date], basis: str = "USE") -> list[Row]:
        return [Row(service=service, month=month, active=10, active_basis=basis) for month in months]

    since = list(months_between(date(2026, 7, 1), MONTH))
    observed = [*seen("a", since), *seen("b", since[1:]), *seen("b", since[:1], "EVENT"), *seen("gone", since[:2])]
    spreads = [
        Spread(
            service=x,
            name=x,
            month=MONTH,
            active=10,
            active_basis="USE",
            municipalities=357,
            active_year_before=None,
            synthetic=False,
        )
        for x in ("a", "b", "gone")
    ]
    facts = replace(told((1, 1)), observed=observed, spreads=spreads)
    assert story.uptake(facts)[-4:] == [None, 20, 20, 20]
    fewer = replace(facts, observed=[*seen("a", since), *seen("b", since[:2]), *seen("gone", since[:2])])
    assert story.uptake(fewer) == []
