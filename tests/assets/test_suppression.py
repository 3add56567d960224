"""Small cells: what is hidden, and that nothing published gives it back, whoever asks."""

import itertools
import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assets import connections, measures, reference, suppression, usage
from assets.build import BuildWindow
from assets.suppression import Group, Judged, judge
from catalog import facts
from catalog.contracts.scan import Values, empty
from catalog.domain.calendar import months_between
from catalog.tables import conformed, registers
from catalog.tables.usage import (
    CONNECTION_MONTH,
    DISPATCH_DAY,
    DISPATCH_MONTH,
    MEASURE_MONTH,
    MEASURE_TOTAL_MONTH,
    NOT_SETTLED,
    PROTECTED,
    SENSITIVE_DISPATCH_MONTH,
)
from tests.linear import Linear
from tests.thorough import examples

AS_OF = datetime(2026, 9, 20, tzinfo=UTC)
MONTH = date(2026, 3, 1)
SPAN = BuildWindow(AS_OF)
ORGANISATIONS = reference.organisation.make(
    SPAN,
    register=empty(registers.ORGANISATION.schema),
    municipality_to_now=reference.municipality_to_now.make(SPAN),
)
REFERENCE = {m.contract.table: m.make(SPAN) for m in reference.BUILDS if not m.inputs}
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
INHABITANTS = {r["municipality_code"]: int(r["inhabitants"]) for r in facts.read("population")}
PLACES = sorted(
    (INHABITANTS[r["municipality_code"]], r["organisation_number"])
    for r in facts.read("organisation")
    if r["kind"] == "MUNICIPALITY" and r["municipality_code"]
)
OLD_AALESUND, AALESUND, A_COUNTY = "920415288", "929911709", NUMBER["Rogaland fylkeskommune"]
ACCOUNTS = ("a", "b", "c", "d")
NOTHING = empty(registers.HIDDEN_CELL.schema)


def group(*figures: int | str, **more) -> Group:
    return Group({str(i): Decimal(f) for i, f in enumerate(figures)}, **more)


def judged(*figures: int | str, **more) -> tuple[list[int], bool]:
    found = judge(group(*figures, **more))
    return sorted(int(h) for h in found.hidden), found.sum_hidden


@pytest.mark.parametrize(
    ("figures", "hidden", "sum_hidden"),
    [
        ((9, 20, 0, 5), [], False),
        ((3, 20, 9, 70), [0, 1, 2], False),
        ((20, 9, 70, 3, 4), [0, 1, 3, 4], False),
        ((3, 0, 20, 9), [0, 2, 3], False),
        (("0.4", 20, 9, "4.9999"), [0, 1, 2, 3], False),
        ((3, 5, 5, 30, 40), [0, 1, 2, 3, 4], False),
        ((3, 5, 5, 30), [0, 1, 2, 3], True),
        ((3, 20), [0], True),
        ((3,), [0], True),
        ((1, 1, 0), [0, 1], True),
        ((0, 0), [], False),
    ],
)
def test_each_small_figure_is_hidden_and_two_or_more_that_cover_it_or_else_the_sum(figures, hidden, sum_hidden):
    assert judged(*figures) == (hidden, sum_hidden)


@pytest.mark.parametrize(
    ("figures", "hidden", "sum_hidden"), [((8, 9, 30), [0, 1], False), ((8,), [], True), ((), [], True)]
)
def test_what_those_that_are_no_municipality_used_is_covered_whatever_it_is(figures, hidden, sum_hidden):
    assert judged(*figures, rest=Decimal(70)) == (hidden, sum_hidden)


@pytest.mark.parametrize(
    ("figures", "sum_hidden"),
    [
        pytest.param((9, 20, 8, 30), False, id="grown"),
        pytest.param((2, 20, 8, 30), False, id="as before"),
        pytest.param((9, 20, 8, 2), True, id="another is small now: the sum's change would be it"),
        pytest.param((0, 20, 0, 30), True, id="only one of the hidden is left"),
    ],
)
def test_what_was_hidden_stays_so_and_the_sum_goes_when_another_must_be_hidden(figures, sum_hidden):
    found = judge(group(*figures, hidden_before=frozenset("012"), shown_before=True))
    assert found.hidden >= frozenset("012")
    assert found.sum_hidden is sum_hidden


def test_a_sum_that_was_shown_before_anything_was_small_is_hidden_when_something_is():
    assert judged(3, 20, 9, shown_before=True) == ([0], True)
    assert judged(30, 20, 9, sum_hidden_before=True) == ([], True)


FIGURES = st.lists(st.integers(0, 12), max_size=8)


@given(FIGURES, st.sampled_from([0, 0, 3]))
def test_judging_again_with_what_was_hidden_changes_nothing(figures, rest):
    first = judge(group(*figures, rest=Decimal(rest)))
    again = judge(
        group(
            *figures,
            rest=Decimal(rest),
            hidden_before=first.hidden,
            shown_before=not first.sum_hidden,
            sum_hidden_before=first.sum_hidden,
        )
    )
    assert again == first


# --- measures of which one is a multiple of another ------------------------------------------------------------------

TEN = 10


def of_measures(*figures: int, lacking=(), rest=0, rest_lacking=False, times=()) -> dict[str, Group]:
    """A measure, and one that is ten (or other) times it; some, by place, or those without a cell, do not report it."""
    others = frozenset({"county"} if rest else ())
    reported = {str(i): Decimal(f) for i, f in enumerate(figures)}
    of_each = times or [TEN] * len(figures)
    cells = {n: f * of_each[int(n)] for n, f in reported.items() if int(n) not in lacking}
    ten = Group(cells, Decimal(0 if rest_lacking else rest * TEN), frozenset() if rest_lacking else others)
    return {"a": Group(reported, Decimal(rest), others), "b": ten}


def narrowed(groups: dict[str, Group], verdicts: dict[str, Judged]) -> list[str]:
    """The small figures, and those without a cell, that one who knows the multiple bounds more tightly than 1 to 4."""
    seen = Linear()
    for measure, one in groups.items():
        for name, figure in one.cells.items():
            shown = name not in verdicts[measure].hidden
            seen.figure((measure, name), float(figure) if shown else 0, float(figure) if shown else None)
        seen.figure((measure, "rest"), 0, None if one.rest_of else 0)
        if not verdicts[measure].sum_hidden:
            total = float(sum(one.cells.values(), one.rest))
            seen.total(dict.fromkeys([(measure, n) for n in (*one.cells, "rest")], 1), total)
    multiples = {
        groups["b"].cells[n] / f
        for n, f in groups["a"].cells.items()
        if n in groups["b"].cells and n not in verdicts["a"].hidden | verdicts["b"].hidden
    }
    for name in groups["b"].cells if len(multiples) < 2 else ():
        seen.total({("a", name): TEN, ("b", name): -1}, 0)
    if groups["b"].rest_of:
        seen.total({("a", "rest"): TEN, ("b", "rest"): -1}, 0)
    asked = [n for n, f in groups["a"].cells.items() if suppression.is_small(f)]
    asked += ["rest"] if groups["a"].rest else []
    return [n for n in asked if (b := seen.bounds(("a", n)))[0] > 1 or b[1] < suppression.SMALL - 1]


@pytest.mark.parametrize(
    ("groups", "hidden", "sums_hidden", "narrowed_alone"),
    [
        pytest.param(of_measures(9, 20, 30, 40), "", "", [], id="nothing small"),
        pytest.param(of_measures(3, 20, 9, 70), "012", "", ["0"], id="all report both"),
        pytest.param(of_measures(3, 20, 9, 70, lacking=[0]), "012", "ab", ["0"], id="the small one reports one"),
        pytest.param(of_measures(3, 20, 9, 70, lacking=[1, 2]), "012", "ab", ["0"], id="the small one reports both"),
        pytest.param(of_measures(3, 20), "0", "ab", ["0"], id="too few for a total"),
        pytest.param(of_measures(3, 20, 9, 70, 44, times=(10, 10, 7, 3, 2)), "012", "", [], id="no multiple"),
        pytest.param(of_measures(8, 9, 30, 40, rest=3), "01", "", [], id="those without a cell"),
        pytest.param(of_measures(8, 9, 30, rest=3, rest_lacking=True), "01", "ab", ["rest"], id="and report one alone"),
    ],
)
def test_a_measure_that_is_a_multiple_of_another_gives_none_of_its_figures_away(
    groups, hidden, sums_hidden, narrowed_alone
):
    together = suppression.judge_together(groups)
    for measure, verdict in together.items():
        assert verdict.hidden == {n for n in hidden if n in groups[measure].cells}
        assert verdict.sum_hidden is (measure in sums_hidden)
    assert narrowed(groups, together) == []
    assert narrowed(groups, {m: judge(one) for m, one in groups.items()}) == narrowed_alone


MEASURED = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=4, max_size=6)


@given(st.lists(MEASURED, min_size=1, max_size=3), st.sampled_from([0, 0, 3]), st.sampled_from([1, 2, 10]))
@example([[3, 20, 9, 70], [None, 20, 9, 70]], 0, 10)  # one total would give what the other lacks
@example([[3, 20, 9, 70, 44], [30, None, None, 70, 11]], 0, 1)  # a single one is hidden in the other
def test_judging_measures_together_again_changes_nothing(measured, rest, times):
    def groups(of_before):
        return {
            str(m): Group(
                {str(i): Decimal(f * times**m) for i, f in enumerate(figures) if f is not None},
                Decimal(rest if m else 0),
                frozenset({"county"} if rest and m else ()),
                hidden_before=of_before[str(m)].hidden if of_before else frozenset(),
                shown_before=bool(of_before) and not of_before[str(m)].sum_hidden,
                sum_hidden_before=bool(of_before) and of_before[str(m)].sum_hidden,
            )
            for m, figures in enumerate(measured)
        }

    first = suppression.judge_together(groups(None))
    assert suppression.judge_together(groups(first)) == first


# --- one who knows every rule ----------------------------------------------------------------------------------------


def published(figures: tuple[int, ...], judge=judge):
    found: Judged = judge(group(*figures))
    cells = tuple(None if str(i) in found.hidden else f for i, f in enumerate(figures))
    return cells, None if found.sum_hidden else sum(figures)


def parts(total: int, places: int):
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in parts(total - first, places - 1):
            yield (first, *others)


def explanations(seen, judge=judge):
    """Every group of whole numbers that the rules would publish just so."""
    cells, total = seen
    places = [i for i, c in enumerate(cells) if c is None]
    shown = sum(c for c in cells if c is not None)
    sums = range(len(places), 5 * len(places) + 1) if total is None else [total - shown]
    for hidden in sums if places else ():
        for values in parts(hidden, len(places)):
            figures = list(cells)
            for place, value in zip(places, values, strict=True):
                figures[place] = value
            if published(tuple(figures), judge) == seen:
                yield tuple(figures)


def found_out(truths, judge=judge) -> int:
    """How many small figures follow from what is published, by trying every group that could lie behind it."""
    known: dict = {}
    recovered = 0
    for figures in truths:
        seen = published(figures, judge)
        if seen not in known:
            could_be = list(explanations(seen, judge))
            known[seen] = [i for i, c in enumerate(seen[0]) if c is None and len({f[i] for f in could_be}) == 1]
        recovered += sum(0 < figures[i] < suppression.SMALL for i in known[seen])
    return recovered


def primary_alone(figures: Group) -> Judged:
    small = frozenset(n for n, f in figures.cells.items() if suppression.is_small(f))
    return Judged(small, sum_hidden=suppression.is_small(sum(figures.cells.values(), figures.rest)))


def test_one_who_knows_the_rules_and_tries_every_group_finds_no_small_figure():
    few = list(itertools.product((0, 1, 2, 4, 5, 6, 8), repeat=3))
    some = random.Random(14).sample(list(itertools.product((0, 1, 3, 4, 5, 6, 9), repeat=4)), 150)
    assert found_out([*few, *some]) == 0
    assert found_out([*few, *some], primary_alone) > 100, "the same attack sees through primary suppression alone"


# --- the tables ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def measured(rows_of, answers):
    """The month's other use and the country's, of measurements and dispatches of sensitive services."""

    def measured(rows, dispatches=(), remembered=NOTHING, as_of=AS_OF):
        base = {"month": MONTH, "day": MONTH, "service": "fiks-digisos", "measure": "soknader", "source": "logg"}
        sent = {"month": MONTH, "service": "fiks-digisos", "first_day": MONTH, "last_day": MONTH}
        scans = {
            "measurement": rows_of(
                conformed.MEASUREMENT, *(base | r | {"quantity": Decimal(r["quantity"])} for r in rows)
            ),
            "sensitive_dispatch_month": rows_of(SENSITIVE_DISPATCH_MONTH, *(sent | d for d in dispatches)),
            "measure": REFERENCE["measure"],
            "organisation": ORGANISATIONS,
            "population": REFERENCE["population"],
            "remembered": remembered,
        }
        return answers(
            (measures.measure_month.make(BuildWindow(as_of), **scans), MEASURE_MONTH),
            (measures.measure_total_month.make(BuildWindow(as_of), **scans), MEASURE_TOTAL_MONTH),
        )

    return measured


@pytest.fixture(scope="session")
def newly(session):
    """What made tables hide that is not remembered, and all that is remembered then."""

    def newly(measure_month, measure_total_month, connection_month, remembered=NOTHING, shown=((), ())):
        tables = {
            name: Values(pa.Table.from_pylist(list(rows), contract.arrow_schema))
            for name, rows, contract in (
                ("measure_month", measure_month, MEASURE_MONTH),
                ("measure_total_month", measure_total_month, MEASURE_TOTAL_MONTH),
                ("connection_month", connection_month, CONNECTION_MONTH),
                ("measure_month_shown", shown[0], MEASURE_MONTH),
                ("measure_total_month_shown", shown[1], MEASURE_TOTAL_MONTH),
            )
        }
        tables["measure"] = REFERENCE["measure"]
        found = session.cleared().table(suppression.newly_hidden(remembered, **tables))
        found = found.cast(registers.HIDDEN_CELL.schema)
        return found, Values(pa.concat_tables([remembered.table, found]))

    return newly


def test_flow_is_summed_and_what_stands_counts_as_on_the_last_day_of_each_account(measured):
    day = [date(2026, 3, d) for d in (1, 2, 3)]
    oslo = {"organisation_number": NUMBER["Oslo kommune"], "service": "fiks-folkeregister"}
    looked_up = [oslo | {"measure": "oppslag", "day": d, "quantity": 3} for d in day]
    accounts = [
        oslo | {"measure": "kontoer", "day": day[0], "account_id": "a", "quantity": 7},
        oslo | {"measure": "kontoer", "day": day[2], "account_id": "a", "quantity": 2},
        oslo | {"measure": "kontoer", "day": day[1], "account_id": "b", "quantity": 4},
        oslo | {"measure": "kontoer", "day": day[1], "source": "liste", "quantity": 5},
    ]
    cells, totals = measured(looked_up + accounts)
    assert {r["measure"]: r["quantity"] for r in cells} == {"oppslag": 9, "kontoer": 11}
    assert {r["measure"]: (r["quantity"], r["organisations"]) for r in totals} == {
        "oppslag": (9, 1),
        "kontoer": (11, 1),
    }


def test_only_what_counts_persons_at_a_sensitive_service_is_hidden(measured):
    oslo = {"organisation_number": NUMBER["Oslo kommune"], "quantity": 2}
    cells, totals = measured(
        [
            oslo,
            oslo | {"measure": "oppslag"},
            oslo | {"service": "fiks-folkeregister", "measure": "meldinger"},
        ]
    )
    hidden = {(r["service"], r["measure"]): r["quantity_hidden"] for r in cells}
    assert hidden == {
        ("fiks-digisos", "soknader"): PROTECTED,
        ("fiks-digisos", "oppslag"): None,
        ("fiks-folkeregister", "meldinger"): None,
    }
    assert [r["quantity"] for r in totals if r["quantity_hidden"]] == [None]


def test_a_municipality_that_ended_counts_under_its_successor_and_others_in_the_sum_alone(measured):
    halden, moss = NUMBER["Halden kommune"], NUMBER["Moss kommune"]
    numbers = {
        OLD_AALESUND: 4,
        AALESUND: 3,
        A_COUNTY: 40,
        "999999999": 1,
        halden: 90,
        moss: 80,
        NUMBER["Oslo kommune"]: 70,
    }
    cells, totals = measured(
        [{"organisation_number": n, "quantity": q} for n, q in numbers.items()],
        [{"organisation_number": OLD_AALESUND, "dispatches": 11, "service": "fiks-bekymringsmelding"}],
    )
    assert {(r["organisation_number"], r["measure"]): r["quantity"] for r in cells} == {
        (AALESUND, "soknader"): 7,
        (halden, "soknader"): None,
        (moss, "soknader"): None,
        (NUMBER["Oslo kommune"], "soknader"): 70,
        (AALESUND, "forsendelser"): 11,
    }
    assert {r["measure"]: (r["quantity"], r["organisations"]) for r in totals} == {
        "soknader": (288, 4),
        "forsendelser": (11, 1),
    }


def test_a_month_is_shown_when_it_is_settled_and_not_before(measured):
    rows = [{"organisation_number": n, "quantity": 50} for n in (NUMBER["Oslo kommune"], NUMBER["Moss kommune"])]
    cells, totals = measured(rows, as_of=datetime(2026, 4, 8, tzinfo=UTC))
    assert {r["quantity_hidden"] for r in cells + totals} == {NOT_SETTLED}
    cells, totals = measured(rows, as_of=datetime(2026, 4, 20, tzinfo=UTC))
    assert {r["quantity_hidden"] for r in cells + totals} == {None}


@trying(max_examples=examples(15))
@given(st.lists(st.integers(0, 12), min_size=3, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(figures, shuffle):
    rows = [
        {
            "month": MONTH,
            "service": "fiks-digisos",
            "measure": "soknader",
            "organisation_number": number,
            "quantity": Decimal(figure),
            "municipal": True,
            "inhabitants": 100,
            "synthetic": False,
        }
        for figure, (_, number) in zip(figures, PLACES, strict=False)
    ]
    mixed = shuffle.sample(rows, len(rows))
    one, other = (
        suppression.judged_measures(pa.Table.from_pylist(r), NOTHING.table, date(2026, 9, 1)) for r in (rows, mixed)
    )
    assert one.equals(other)


# --- R14: every published table, of two releases ---------------------------------------------------------------------

MEASURES = ("soknader", "meldinger", "forsendelser")
MONTHS = tuple(months_between(date(2025, 1, 1), date(2026, 6, 1)))


class Bounds:
    """What somebody can know of figures that he cannot see: intervals, tightened by sums until nothing moves."""

    def __init__(self) -> None:
        self.low: dict = {}
        self.high: dict = {}
        self.sums: list[tuple[dict, int]] = []

    def figure(self, name, low, high=10**6):
        self.low[name], self.high[name] = max(low, self.low.get(name, low)), min(high, self.high.get(name, high))

    def add(self, terms, total):
        self.sums.append((terms, total))

    def tighten(self) -> None:
        moved = True
        while moved:
            moved = False
            for terms, total in self.sums:
                low = sum(c * (self.low if c > 0 else self.high)[n] for n, c in terms.items())
                high = sum(c * (self.high if c > 0 else self.low)[n] for n, c in terms.items())
                for name, sign in terms.items():
                    mine = sorted((sign * self.low[name], sign * self.high[name]))
                    ends = sorted(sign * e for e in (total - (high - mine[1]), total - (low - mine[0])))
                    new = max(self.low[name], ends[0]), min(self.high[name], ends[1])
                    moved |= new != (self.low[name], self.high[name])
                    self.low[name], self.high[name] = new

    def pinned(self, name) -> bool:
        return self.low[name] == self.high[name]


def regions(seed: int):
    """Random regions: by group, the figures of a few municipalities in a first release and in one after it."""
    draw = random.Random(seed)
    first, second = {}, {}
    for key in itertools.product(MONTHS, ("fiks-digisos", "fiks-bekymringsmelding"), MEASURES):
        if key[2] == MEASURES[0]:
            places = [n for _, n in draw.sample(PLACES, draw.randint(1, 14))]
        few = (1, 2, 4, 5, 6) if draw.random() < 0.7 else ()
        figures = {n: draw.choice((*few, draw.randint(5, 60), draw.randint(5, 60))) for n in places}
        steps = (0, 0, 0, 1, 3) if draw.random() < 0.5 else (0,)
        later = {n: f + draw.choice(steps) for n, f in figures.items()}
        if draw.random() < 0.3:
            later[draw.choice([n for _, n in PLACES if n not in places])] = draw.choice((1, 2, 7))
        first[key], second[key] = figures, later
    return first, second


def by_table(groups):
    rows, dispatches = [], []
    for (month, service, measure), figures in groups.items():
        for number, figure in figures.items():
            row = {"month": month, "service": service, "organisation_number": number}
            if measure == "forsendelser":
                dispatches.append(row | {"dispatches": figure})
            else:
                rows.append(row | {"day": month, "measure": measure, "quantity": figure})
    return rows, dispatches


def by_group(cells, totals):
    seen: dict = defaultdict(dict)
    for r in cells:
        seen[r["month"], r["service"], r["measure"]][r["organisation_number"]] = r["quantity"]
    return seen, {(r["month"], r["service"], r["measure"]): r["quantity"] for r in totals}


def seen_in_a_release(bounds, number, truth, cells, total, *, told, known):
    """What one release says of a group's figures; `known` is seen by who sent it, `told` says which are small."""
    for name, quantity in cells.items():
        figure = truth.get(name, 0)
        if quantity is not None or name == known:
            bounds.figure((number, name), figure, figure)
        elif told:
            bounds.figure((number, name), *((1, 4) if figure < suppression.SMALL else (5,)))
        else:
            bounds.figure((number, name), 0)
    if total is not None:
        bounds.add({(number, name): 1 for name in cells}, int(total))


def seen_between_releases(bounds, before, after, totals):
    """Figures only grow, and who had no row had none."""
    for name in after:
        if name not in before:
            bounds.figure((0, name), 0, 0)
        if after[name] is None and before.get(name, 0) is not None:
            bounds.figure((1, name), 1)  # a 0 is never hidden anew
        bounds.figure(("grown", name), 0)
        bounds.add({(1, name): 1, (0, name): -1, ("grown", name): -1}, 0)
    if None not in totals:
        bounds.add({("grown", name): 1 for name in after}, int(totals[1] - totals[0]))


def known_of(truths, releases, key, *, told, known):
    """All that follows of a group's figures from the releases."""
    bounds = Bounds()
    for number, (cells, totals) in enumerate(releases):
        seen_in_a_release(
            bounds, number, truths[number][key], cells[key], totals[key], told=told and number == 0, known=known
        )
    if len(releases) > 1:
        (before, after), sums = (r[0][key] for r in releases), [r[1][key] for r in releases]
        seen_between_releases(bounds, before, after, sums)
    bounds.tighten()
    return bounds


def recovered(truths, releases, *, told: bool, insiders: bool) -> int:
    """Small figures that follow from the releases for one who takes it that figures only grow.

    Args:
        truths: the figures of each release, by group.
        releases: what each published: cells and totals by group.
        told: he has been told which hidden figures of the first release are 1-4, and that no other is.
        insiders: he also knows any one of the hidden figures, being who sent it.
    """
    count = 0
    for key in truths[0]:
        unseen = {
            (number, name): truths[number][key].get(name, 0)
            for number, (cells, _) in enumerate(releases)
            for name, quantity in cells[key].items()
            if quantity is None
        }
        for known in {None, *(name for _, name in unseen)} if insiders else {None}:
            bounds = known_of(truths, releases, key, told=told, known=known)
            count += sum(
                0 < figure < suppression.SMALL and name[1] != known and bounds.pinned(name)
                for name, figure in unseen.items()
            )
    return count


def test_no_small_figure_follows_from_the_tables_of_two_releases(measured, newly):
    first, second = regions(14)
    one = measured(*by_table(first))
    _, memory = newly(*one, [])
    two = measured(*by_table(second), remembered=memory)
    for truth, (_, totals) in ((first, one), (second, two)):
        for r in totals:
            key = r["month"], r["service"], r["measure"]
            assert r["quantity_hidden"] or r["quantity"] == sum(truth[key].values()), "totals are from before"
    releases = [by_group(*one), by_group(*two)]
    shown = sum(t is not None for t in releases[0][1].values())
    assert shown > len(first) / 3, "totals are shown where they can be"
    for cells, after in zip(releases[0][0].values(), (releases[1][0][k] for k in releases[0][0]), strict=True):
        assert not [n for n, q in cells.items() if q is None and after[n] is not None], "what is hidden stays so"
    for insiders in (False, True):
        assert recovered([first], releases[:1], told=True, insiders=insiders) == 0
        assert recovered([first, second], releases, told=False, insiders=insiders) == 0
        assert recovered([first, second], releases, told=True, insiders=insiders) == 0


def test_the_attack_sees_through_primary_suppression_alone():
    first, _ = regions(14)
    cells = {k: {n: None if f < suppression.SMALL else f for n, f in figures.items()} for k, figures in first.items()}
    totals = {k: total if (total := sum(f.values())) >= suppression.SMALL else None for k, f in first.items()}
    assert recovered([first], [(cells, totals)], told=True, insiders=False) > len(first) / 20


def test_the_attack_sees_through_a_release_that_forgets_what_the_one_before_showed(measured, newly):
    key = (MONTH, "fiks-digisos", "soknader")
    before = dict(zip((n for _, n in PLACES), (30, 20, 9), strict=False))
    truths = [{key: before}, {key: before | {PLACES[3][1]: 1}}]
    one = measured(*by_table(truths[0]))
    _, memory = newly(*one, [])
    for remembered, found in ((NOTHING, 1), (memory, 0)):
        two = measured(*by_table(truths[1]), remembered=remembered)
        assert recovered(truths, [by_group(*one), by_group(*two)], told=True, insiders=False) == found


# --- connections -----------------------------------------------------------------------------------------------------

SYSTEMS = ("Sak", "Arkiv", "Skjema")
KNOWN = (
    *({"source_system": n, "system": n, "supplier": "Leverandør", "sensitive": False} for n in SYSTEMS),
    {"source_system": "Oppvekst X", "system": "Familievern", "supplier": "Leverandør", "sensitive": True},
)


def traffic(seed: int):
    """Random dispatches by organisation and service: systems, among them a sensitive one, and none stated."""
    draw = random.Random(seed)
    sent = {}
    for key in itertools.product([n for _, n in PLACES[:160]], ("svarut", "fiks-io")):
        systems = draw.sample([(s, a) for s in SYSTEMS for a in ACCOUNTS[:2]], draw.randint(0, 3))
        counts = {s: draw.choice((1, 1, 2, 9, 30)) for s in systems}
        counts |= {("Oppvekst X", "c"): draw.choice((1, 2, 3, 4, 8))} if draw.random() < 0.6 else {}
        counts |= {(None, "d"): draw.choice((1, 2, 7))} if draw.random() < 0.3 else {}
        sent[key] = {c: (n, min(n, draw.choice((0, 0, 1, 2)))) for c, n in counts.items()}
    return sent


@pytest.fixture(scope="session")
def connected(rows_of, answers):
    """The month's connections, and its dispatches by organisation and service."""

    def connected(sent, remembered=NOTHING):
        rows = [
            {
                "day": MONTH,
                "organisation_number": number,
                "service": service,
                "source_system": system,
                "account_id": account,
                "outcome": "failed" if i < failed else "delivered",
                "channel": "SVARINN",
            }
            for (number, service), counts in sent.items()
            for (system, account), (dispatches, failed) in counts.items()
            for i in range(dispatches)
        ]
        dispatch = rows_of(conformed.DISPATCH, *({"month": MONTH} | r for r in rows))
        span = BuildWindow(AS_OF, MONTH)
        register = Values(pa.Table.from_pylist([dict(r) for r in KNOWN], registers.SOURCE_SYSTEM.schema))
        day = usage.dispatch_day.make(span, dispatch=dispatch)
        connection, totals = answers(
            (
                connections.connection_month.make(
                    span, dispatch=dispatch, source_system=register, remembered=remembered
                ),
                CONNECTION_MONTH,
            ),
            (usage.dispatch_month.make(span, dispatch_day=Values(as_table(answers, day))), DISPATCH_MONTH),
        )
        return [r | {"month": MONTH} for r in connection], totals

    return connected


def as_table(answers, day):
    ((*rows,),) = answers((day, DISPATCH_DAY))
    return pa.Table.from_pylist([r | {"month": MONTH} for r in rows], DISPATCH_DAY.arrow_schema)


def linked(connection, totals):
    """Rows by organisation and service, with what `dispatch_month` says of their sums."""
    seen: dict = defaultdict(list)
    sums: dict = defaultdict(lambda: [0, 0])
    for r in connection:
        seen[r["organisation_number"], r["service"]].append(r)
    for r in totals:
        key = r["organisation_number"], r["service"]
        sums[key][0] += r["dispatches"]
        sums[key][1] += r["dispatches"] if r["outcome"] == "failed" else 0
    return seen, sums


def not_stated_found_out(sent, seen, sums) -> int:
    """How many small numbers of dispatches, or failed ones, with no system stated follow from the tables."""
    count = 0
    for key, rows in seen.items():
        truth = [0, 0]
        for (system, _), numbers in sent[key].items():
            if system not in SYSTEMS:
                truth = [a + b for a, b in zip(truth, numbers, strict=True)]
        bounds = Bounds()
        for i, r in enumerate(rows):
            hidden = r["dispatches"] is None
            small = hidden and r["mapping"] == "NOT_STATED"
            bounds.figure(("dispatches", i), *((1, 4 if small else 10**6) if hidden else [r["dispatches"]] * 2))
            bounds.figure(("failed", i), *((0,) if r["failed"] is None else [r["failed"]] * 2))
            bounds.figure(("fine", i), 0)
            bounds.add({("dispatches", i): 1, ("failed", i): -1, ("fine", i): -1}, 0)
        for what, total in zip(("dispatches", "failed"), sums[key], strict=True):
            bounds.add({(what, i): 1 for i in range(len(rows))}, total)
        bounds.tighten()
        for i, r in enumerate(rows):
            for what, true in zip(("dispatches", "failed"), truth, strict=True):
                small = r["mapping"] == "NOT_STATED" and r[what] is None and 0 < true < suppression.SMALL
                count += small and bounds.pinned((what, i))
    return count


def test_no_small_number_without_a_system_follows_from_connections_and_the_totals_of_dispatches(connected, newly):
    sent = traffic(14)
    connection, totals = connected(sent)
    seen, sums = linked(connection, totals)
    for key, counts in sent.items():
        assert sums[key][0] == sum(n for n, _ in counts.values())
        shown = [r["dispatches"] for r in seen[key]]
        assert None in shown or sum(shown) == sums[key][0], "totals are from before"
    hidden = [r for r in connection if r["dispatches_hidden"]]
    assert len(hidden) > 100
    assert not_stated_found_out(sent, seen, sums) == 0
    for r in connection:
        folded = r["mapping"] == "NOT_STATED"
        alone = len(seen[r["organisation_number"], r["service"]]) == 1
        assert not (folded and not alone and r["dispatches"] is not None and r["dispatches"] < suppression.SMALL)

    _, memory = newly([], [], connection)
    grown = {k: {c: (n + 9, f) for c, (n, f) in counts.items()} for k, counts in sent.items()}
    after, sums_after = linked(*connected(grown, remembered=memory))
    assert not_stated_found_out(grown, after, sums_after) == 0
    for r in hidden:
        rows = after[r["organisation_number"], r["service"]]
        assert all(q["dispatches"] is None for q in rows), "what is hidden stays so"


def test_the_attack_on_connections_sees_through_hiding_the_small_row_alone(connected):
    sent = traffic(14)
    seen, sums = linked(*connected(sent))
    for key, rows in seen.items():
        for r in rows:
            if r["mapping"] != "NOT_STATED" and r["dispatches"] is None:
                r["dispatches"], r["failed"] = sent[key][r["source_system"], r["account_id"]]
    assert not_stated_found_out(sent, seen, sums) > 50


def test_what_is_remembered_is_landed_once(measured, connected, newly):
    rows = [{"organisation_number": n, "quantity": q} for (_, n), q in zip(PLACES, (2, 30, 40, 50), strict=False)]
    cells, totals = measured(rows)
    connection, _ = connected({(PLACES[0][1], "svarut"): {("Sak", "a"): (9, 0), (None, "b"): (2, 0)}})
    found, memory = newly(cells, totals, connection)
    assert [(r["dataset"], r["state"]) for r in found.to_pylist()] == [
        ("usage.connection_month", "HIDDEN"),
        *[("usage.measure_month", "HIDDEN")] * 3,
        ("usage.measure_total_month", "SHOWN"),
    ]
    again = measured(rows, remembered=memory)
    assert again == [cells, totals]
    assert newly(*again, connection, remembered=memory)[0].num_rows == 0


def published_after(measured, newly, before, after):
    """What is published of a group's figures, and then of others, each told by organisation; and both totals."""
    one = measured(before)
    _, memory = newly(*one, [])
    two = measured(after, remembered=memory)
    _, memory = newly(*two, [], remembered=memory, shown=one)
    two = measured(after, remembered=memory)
    assert newly(*two, [], remembered=memory, shown=one)[0].num_rows == 0, "it comes to rest"
    (cells, total), (cells_after, total_after) = (
        ({r["organisation_number"]: r["quantity"] for r in c}, t[0]["quantity"]) for c, t in (one, two)
    )
    return cells, cells_after, total, total_after


def use(*figures):
    return [{"organisation_number": n, "quantity": q} for (_, n), q in zip(PLACES, figures, strict=False)]


def test_a_batch_that_is_taken_back_is_not_what_a_total_goes_down_by(measured, newly):
    """Who took back, and when, is told of each batch; the two totals would say how much it told of."""
    before, after, total, total_after = published_after(
        measured, newly, use(2, 3, 30, 40, 50), use(2, 30, 40, 50)[:1] + use(2, 3, 30, 40, 50)[2:]
    )
    assert (before[PLACES[1][1]], after[PLACES[1][1]]) == (None, None)
    assert (total, total_after) == (125, None)


def test_a_shown_figure_that_grows_by_a_hidden_one_is_hidden_where_the_total_stands(measured, newly):
    """As when a sender that was unknown turns out to be another: what it grew by would be what was hidden."""
    before, after, total, total_after = published_after(measured, newly, use(2, 30, 40, 50), use(0, 30, 40, 52))
    (name,) = [n for n, figure in before.items() if figure is not None]
    assert (before[name], after[name]) == (50, None)
    assert (total, total_after) == (122, 122)


def test_figures_that_change_where_nothing_is_hidden_are_shown_as_they_are(measured, newly):
    before, after, total, total_after = published_after(measured, newly, use(20, 30, 40), use(20, 30, 45))
    assert None not in {*before.values(), *after.values()}
    assert (total, total_after) == (90, 95)


def test_no_later_version_of_the_register_takes_a_cell_back():
    cells = [
        {"dataset": MEASURE_MONTH.name, "month": "2026-03-01", "cell": f"{n}/fiks-digisos/soknader", "state": "HIDDEN"}
        for _, n in PLACES[:3]
    ]
    versions = [(1, cells[0]), (1, cells[1]), (2, cells[2]), (3, cells[1]), (4, {"cell": "of an older contract"})]
    rows = [
        {"register": "hidden_cell", "applied_at": datetime(2026, 9, n, tzinfo=UTC), "values": json.dumps(c)}
        for n, c in versions
    ]
    other = rows[0] | {"register": "budget"}
    landed = suppression.landed_cells(pa.Table.from_pylist([*rows, other]))
    assert landed.schema.equals(registers.HIDDEN_CELL.schema)
    assert landed["cell"].to_pylist() == sorted(c["cell"] for c in cells)


def test_a_hidden_cell_without_a_figure_any_more_is_there_and_hidden(measured, newly):
    rows = [{"organisation_number": n, "quantity": q} for (_, n), q in zip(PLACES, (2, 30, 40, 50), strict=False)]
    _, memory = newly(*measured(rows), [])
    cells, totals = measured(rows[1:], remembered=memory)
    assert {r["organisation_number"]: r["quantity"] for r in cells}[PLACES[0][1]] is None
    assert [r["quantity"] for r in totals] == [120]
    cells, totals = measured(rows[3:], remembered=memory)
    assert [r["quantity"] for r in totals] == [None], "one that is left would be the sum"
    assert len(cells) == 4
