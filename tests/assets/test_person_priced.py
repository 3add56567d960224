"""Income by use of a protected service: the attacks of the disclosure review on the ledger, each with a control."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa
import pytest

from assets import closing, ledger, quality, reconciliation, reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Values
from catalog.domain import person_priced
from catalog.tables import conformed
from catalog.tables.billing import INVOICE_BASIS, LATE_USE, PERSON_PRICED
from catalog.tables.ledger import ENTRY, PERSON_PRICED_LINE, PLACED_COST, PRODUCT_MONTH, WITHDRAWN_LINE
from catalog.tables.ledger import PERIOD as STATE
from catalog.tables.reconciliation import RECONCILIATION, RECONCILIATION_CELL, RECONCILIATION_PART
from catalog.tables.registers import BUDGET, CLOSED_AMOUNT, PERIOD, PRICE_RULE, PROJECT
from tests.thorough import some

[LETTERS] = PERSON_PRICED
SERVICE = "fiks-digisos"
PRICE = Decimal("2.5")
MARCH, APRIL, MAY = (date(2026, m, 1) for m in (3, 4, 5))
ELEMENT = next(m for m in reference.BUILDS if m.contract.table == "price_element").make(
    BuildWindow(datetime(2026, 6, 1, tzinfo=UTC))
)
PLACES = [r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY"]


def on(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def letters(organisation: str, quantity: int, received: datetime, period: date = MARCH, **more) -> dict:
    """An invoice line of so many letters, in an invoice of its own."""
    row = {
        "producer": "faktura",
        "invoice_id": f"{organisation}-{period:%Y%m}",
        "line_number": 1,
        "organisation_number": organisation,
        "service": SERVICE,
        "price_element": LETTERS,
        "period": period,
        "quantity": Decimal(quantity),
        "unit": "stk",
        "unit_price": PRICE,
        "amount_ore": int(quantity * PRICE * 100),
        "vat_ore": 0,
        "invoiced_on": received.date(),
        "first_received_at": received,
    }
    return row | more


class Ledger:
    """The ledger of some invoice lines as a release shows it, which the gate finds in order."""

    def __init__(self, rows_of, answer, session):
        self.rows_of, self.answer, self.session = rows_of, answer, session
        self.closed, self.amounts, self.withdrawn = [], [], []

    def register(self, contract, rows=()):
        return Values(pa.Table.from_pylist(list(rows), contract.schema))

    def entries(self, lines, as_of, *, judged=True):
        span = BuildWindow(as_of)
        invoice_line = self.rows_of(conformed.INVOICE_LINE, *lines)
        in_sums = self.answer(
            ledger.person_priced_line.make(
                span, invoice_line=invoice_line, withdrawn_line=self.rows_of(WITHDRAWN_LINE, *self.withdrawn)
            ),
            PERSON_PRICED_LINE,
        )
        inputs = {
            "invoice_line": invoice_line,
            "person_priced_line": self.rows_of(PERSON_PRICED_LINE, *in_sums),
            "loan_entry": self.rows_of(conformed.LOAN_ENTRY),
        }
        registers = {
            "closed_quarter": self.register(PERIOD, self.closed),
            "closed_amount": self.register(CLOSED_AMOUNT, self.amounts),
        }
        made = closing.entry.make(
            span,
            **inputs,
            **registers,
            placed_cost=self.rows_of(PLACED_COST),
            allocation=self.rows_of(ledger.ledger.ALLOCATION),
            element=ELEMENT,
            project=self.register(PROJECT),
            price_rule=self.register(PRICE_RULE),
        )
        rows = self.answer(made, ENTRY)
        keys = [tuple(str(r[k]) for k in ENTRY.key) for r in rows]
        assert len({*keys}) == len(keys)
        scans = {
            **inputs,
            **registers,
            "entry": self.rows_of(ENTRY, *rows),
            "cost_entry": self.rows_of(conformed.COST_ENTRY),
        }
        for rule in quality.TABLE_RULES:
            if judged and rule.name in ("ledger_ties", "person_priced_ties", "closed_periods_hold"):
                assert self.session.cleared().table(rule.broken(scans)).to_pylist() == [], rule.name
        return rows

    def income(self, entries):
        """The income of the service by month, as readers of the products see it."""
        scans = {"entry": self.rows_of(ENTRY, *entries), "budget": self.register(BUDGET)}
        made = self.answer(ledger.product_month.make(BuildWindow(on(date(2027, 1, 1))), **scans), PRODUCT_MONTH)
        return {r["month"]: r["income_ore"] for r in made}

    def close(self, entries, as_of):
        first, last = date(2026, 1, 1), MARCH
        made = closing.amounts(self.rows_of(ENTRY, *entries), first, last)
        self.amounts = self.session.cleared().table(made).to_pylist()
        self.closed = [
            {"quarter": "2026-Q1", "status": "CLOSED", "closed_by": "økonomi", "release": "2026-04-21.1"}
            | {"changed_at": as_of, "counted_until": as_of}
        ]


@pytest.fixture
def books(rows_of, answer, session):
    return Ledger(rows_of, answer, session)


@pytest.fixture
def fewest(monkeypatch):
    """Another threshold, as the control has it."""
    return lambda number: monkeypatch.setattr(person_priced, "FEWEST", number)


def summed(entries) -> list[tuple]:
    rows = [r for r in entries if r["category"] == LETTERS]
    return [(r["source_key"].replace(LETTERS, "*"), r["period"], r["original_period"], r["amount_ore"]) for r in rows]


def test_a_sum_names_months_and_nothing_by_which_it_could_be_given_to_a_payer(books):
    other = {"price_element": "digisos-innbyggere", "line_number": 2, "unit_price": Decimal(1), "amount_ore": 300}
    lines = [letters(o, n + 1, on(date(2026, 4, 1 + n))) for n, o in enumerate(PLACES[:20])]
    entries = books.entries([*lines, lines[0] | other | {"quantity": Decimal(3)}], on(date(2026, 4, 25)))
    assert summed(entries) == [("samlet/*/2026-03", MARCH, MARCH, 210 * 250)]
    [sum_] = [r for r in entries if r["category"] == LETTERS]
    assert (sum_["producer"], sum_["organisation_number"], sum_["service"]) == ("dif", None, SERVICE)
    [own] = [r for r in entries if r["category"] != LETTERS]
    assert (own["organisation_number"], own["source_key"], own["amount_ore"]) == (
        PLACES[0],
        f"{PLACES[0]}-202603/2",
        300,
    )


@pytest.mark.parametrize(("threshold", "recovered"), some([(20, 0), (1, 10)], 1, "what would be found without it"))
def test_invoices_pushed_one_by_one_give_no_municipality_away(books, fewest, threshold, recovered):
    """Disclosure 1: invoices by themselves, a release after each, also after the quarter was closed."""
    fewest(threshold)
    counts = [n % 6 + 1 for n in range(26)]
    pushed = [
        letters(organisation, count, on(date(2026, 4, 1) + timedelta(days=n)))
        for n, (organisation, count) in enumerate(zip(PLACES, counts, strict=False))
    ]
    seen: list[dict] = []
    for upto in range(16, len(pushed) + 1):
        as_of = on(date(2026, 4, 1) + timedelta(days=upto - 1), 18)
        entries = books.entries(pushed[:upto], as_of, judged=threshold == 20 and upto in (22, 26))
        seen.append({key: amount for key, *_, amount in summed(entries)})
        if upto == 22:
            books.close(entries, as_of)
    guessed = 0
    for (before, after), count in zip(pairwise(seen), counts[16:], strict=True):
        changes = {after.get(key, 0) - before.get(key, 0) for key in {*before, *after}} - {0}
        guessed += count * 250 in changes
    assert guessed == recovered
    if threshold == 20:
        assert [step for before, after in pairwise(seen) for step in {*after.items()} - {*before.items()}] == [
            ("samlet/*/2026-03", sum(counts[:20]) * 250)
        ], "one sum of twenty; six late payers are less than the nearest 1 000 kr"


def test_late_lines_of_a_closed_quarter_are_one_sum_in_the_first_open_month(books):
    first = [letters(o, 10, on(date(2026, 4, 7))) for o in PLACES[:30]]
    closed_at = on(date(2026, 4, 21))
    books.close(books.entries(first, closed_at), closed_at)
    late = [letters(o, 2, on(date(2026, 5, 1 + n)), invoice_id=f"sen {n}") for n, o in enumerate(PLACES[:20])]
    assert summed(books.entries(first + late[:19], on(date(2026, 5, 25)))) == [
        ("samlet/*/2026-03", MARCH, MARCH, 75_000)
    ]
    entries = books.entries(first + late, on(date(2026, 5, 25)))
    assert summed(entries) == [
        ("samlet/*/2026-03", MARCH, MARCH, 75_000),
        ("samlet/*/2026-03/2026-04", APRIL, MARCH, 10_000),
    ]
    assert books.income(entries) == {MARCH: 75_000, APRIL: 10_000}
    register = {"closed_quarter": books.register(PERIOD, books.closed)}
    state = books.answer(
        closing.period.make(BuildWindow(closed_at), entry=books.rows_of(ENTRY, *entries), **register), STATE
    )
    assert [(r["quarter"], r["later_entries"], r["later_ore"]) for r in state if r["later_entries"]] == [
        ("2026-Q1", 1, 10_000)
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    some(
        [(1, None), (199, None), (200, 100_000), (599, 100_000), (600, 200_000)],
        [(199, None), (200, 100_000)],
        "further from where it is rounded up",
    ),
)
def test_what_few_payers_have_is_rounded_to_a_thousand_kroner(books, count, told):
    lines = [letters(PLACES[0], count, on(date(2026, 4, 7)))]
    entries = books.entries(lines, on(date(2026, 4, 25)))
    assert [r[0] for r in summed(entries)] == ["avrundet/*/2026-Q1"] * (told is not None)
    assert [r[-1] for r in summed(entries)] == [told] * (told is not None)
    assert books.entries(lines, on(date(2026, 3, 25))) == [], "and not before the quarter is over"


@pytest.mark.parametrize("count", some(range(1, 10), [1, 9], "another count"))
def test_an_expensive_unit_does_not_show_through_the_rounding(books, count):
    lines = [letters(PLACES[0], count, on(date(2026, 4, 7)), unit_price=Decimal(400), amount_ore=count * 40_000)]
    assert books.entries(lines, on(date(2026, 4, 25))) == []


@pytest.mark.parametrize(("threshold", "known"), [(20, None), (1, 23)])
def test_the_ledger_does_not_give_the_total_beside_which_usage_is_perturbed(
    books, fewest, rows_of, answer, threshold, known
):
    """Disclosure 2: two municipalities, one with 3 and one with 20; who sent 20 must not learn the other."""
    fewest(threshold)
    as_of = on(date(2026, 6, 3))
    sent = [(PLACES[0], 3), (PLACES[1], 20)]
    lines = [letters(o, n, on(date(2026, 5, 7)), APRIL) for o, n in sent]
    basis = [
        {"payer_number": o, "organisation_number": o, "service": SERVICE, "price_element": LETTERS, "month": APRIL}
        | {"quantity": Decimal(n), "unit": "stk", "unit_price": PRICE, "amount_ore": int(n * 250), "status": "READY"}
        for o, n in sent
    ]
    entries = books.entries(lines, as_of, judged=threshold == 20)
    told = {abs(r["amount_ore"]) / 250 for r in entries} | {ore / 250 for ore in books.income(entries).values()}
    span = BuildWindow(as_of)
    streams = {"invoice_line": rows_of(conformed.INVOICE_LINE, *lines), "invoice_basis": rows_of(INVOICE_BASIS, *basis)}
    cell = answer(reconciliation.reconciliation_cell.make(span, **streams, element=ELEMENT), RECONCILIATION_CELL)
    cells = {"reconciliation_cell": rows_of(RECONCILIATION_CELL, *cell)}
    late = rows_of(LATE_USE)
    part = answer(reconciliation.reconciliation_part.make(span, **cells, **streams, late_use=late), RECONCILIATION_PART)
    parts = rows_of(RECONCILIATION_PART, *part)
    for row in answer(reconciliation.reconciled.make(span, **cells, reconciliation_part=parts), RECONCILIATION):
        told |= {float(row["billed_quantity"]), float(row["measured_quantity"])}
    assert told == ({known} if known else set())


def test_the_gate_finds_a_sum_of_too_few_payers_and_one_that_is_not_that_of_its_lines(books, rows_of, session):
    as_of = on(date(2026, 4, 25))
    lines = [letters(o, 300, on(date(2026, 4, 7))) for o in PLACES[:21]]
    lines.append(letters(PLACES[0], 350, on(date(2026, 4, 8)), invoice_id="sen"))
    [exact, rounded] = books.entries(lines, as_of)[::-1]
    assert (exact["amount_ore"], rounded["amount_ore"]) == (21 * 75_000, 100_000)
    [made] = [
        books.answer(
            ledger.person_priced_line.make(
                BuildWindow(as_of),
                invoice_line=rows_of(conformed.INVOICE_LINE, *lines),
                withdrawn_line=rows_of(WITHDRAWN_LINE),
            ),
            PERSON_PRICED_LINE,
        )
    ]
    [rule] = [r for r in quality.TABLE_RULES if r.name == "person_priced_ties"]

    def found(sent=lines, in_sums=made, entries=(exact, rounded)):
        scans = {
            "invoice_line": rows_of(conformed.INVOICE_LINE, *sent),
            "person_priced_line": rows_of(PERSON_PRICED_LINE, *in_sums),
            "entry": rows_of(ENTRY, *entries),
        }
        return sorted({r["what"] for r in session.cleared().table(rule.broken(scans)).to_pylist()})

    few = [r | {"sum_key": r["sum_key"].replace("avrundet", "samlet")} for r in made]
    assert found() == []
    assert found(in_sums=few) == ["FEW_PAYERS", "SUM"]
    assert found(entries=[exact | {"amount_ore": 1}, rounded]) == ["SUM"]
    assert found(entries=[exact, rounded | {"amount_ore": 87_500}]) == ["SUM"], "rounded, and not exact"
    assert found(entries=[exact, rounded | {"amount_ore": 300_000}]) == ["SUM"]
    assert found(entries=[exact]) == ["SUM"]
    assert found(sent=[*lines[:-1], lines[-1] | {"amount_ore": 90_000}]) == ["LINE"]
    assert found(in_sums=[*made, made[0]]) == ["LINE_TWICE", "SUM"]


def withdrawn(line, at) -> dict:
    """A line of a withdrawn batch, as the lake holds it."""
    kept = {n: line[n] for n in WITHDRAWN_LINE.arrow_schema.names if n in line}
    return kept | {"payer_number": line["organisation_number"], "withdrawn_at": at}


def test_a_withdrawn_line_stays_in_its_sum_and_what_takes_it_back_waits_for_nineteen_others(books):
    """Else the sum would change by that payer's amount, which the other lines of its invoice name."""
    lines = [letters(o, 300, on(date(2026, 4, 7))) for o in PLACES[:21]]
    before = books.entries(lines, on(date(2026, 4, 25)))
    books.withdrawn = [withdrawn(lines[4], on(date(2026, 4, 26)))]
    left = [*lines[:4], *lines[5:]]
    waits = books.entries(left, on(date(2026, 4, 27)))
    exact = [e for e in waits if e["source_key"].startswith("samlet/")]
    assert exact == [e for e in before if e["source_key"].startswith("samlet/")]
    assert [e["amount_ore"] for e in waits if e["source_key"].startswith("avrundet/")] == [-100_000], "of 75 000 øre"
    others = [letters(o, 10, on(date(2026, 4, 28)), invoice_id=f"sen-{o}") for o in PLACES[21:40]]
    told = books.entries([*left, *others], on(date(2026, 4, 29)))
    assert sum(e["amount_ore"] for e in told) == 20 * 75_000 + 19 * 2_500, "all of it, in sums of twenty"


def test_a_line_of_a_withdrawn_batch_that_another_batch_holds_too_is_the_same_line(books):
    lines = [letters(o, 300, on(date(2026, 4, 7))) for o in PLACES[:21]]
    before = books.entries(lines, on(date(2026, 4, 25)))
    books.withdrawn = [withdrawn(lines[4], on(date(2026, 4, 26)))]
    again = lines[4] | {"first_received_at": on(date(2026, 4, 20))}
    assert books.entries([*lines[:4], again, *lines[5:]], on(date(2026, 4, 27))) == before
