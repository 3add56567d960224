"""Noise by cell key: the table's properties, keys of sets, and the secret that is never printed."""

from __future__ import annotations

import copy
import math
import pickle
import random
import statistics
import traceback
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catalog import facts
from catalog.domain.perturbation import (
    JS,
    LEADING_FLOW,
    PROTECTED_SERVICES,
    TABLE,
    TOTAL,
    D,
    NoiseTable,
    Secret,
    V,
    cell_key,
    check,
    digest,
    merge,
    published,
    record_hash,
)
from catalog.tables.usage import DISPATCHES
from tests.thorough import examples
from tools import perturbation_table

LAST = D + JS + 1
ROWS = {true: dict(row) for true, row in enumerate(TABLE.rows)}
SECRET = Secret(bytes(range(32)))
SETS = st.sets(st.text(max_size=40), max_size=20)


def noise(true: int) -> dict[int, float]:
    return {value - true: weight / TOTAL for value, weight in ROWS[true].items()}


def table(**changed: dict[int, int]) -> NoiseTable:
    """The bundled table with some rows exchanged, as `of_3={...}`."""
    rows = ROWS | {int(name.removeprefix("of_")): row for name, row in changed.items()}
    return NoiseTable(tuple(tuple(rows[true].items()) for true in sorted(rows)))


def moved(true: int, **weights: int) -> dict[str, dict[int, int]]:
    """A row with weights added at noises, as `m1=-3, p2=3`."""
    row = dict(ROWS[true])
    for name, weight in weights.items():
        value = true + int(name[1:]) * (-1 if name[0] == "m" else 1)
        row[value] = row.get(value, 0) + weight
    return {f"of_{true}": dict(sorted((value, weight) for value, weight in row.items() if weight))}


# ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_method_and_its_parameters_are_the_published_ones():
    assert (D, V, JS, sorted(ROWS)) == (5, 3, 2, list(range(LAST + 1)))
    assert {value: round(weight / TOTAL, 2) for value, weight in ROWS[1].items()} == {
        0: 0.73,
        3: 0.14,
        4: 0.07,
        5: 0.04,
        6: 0.02,
    }


def test_zero_stays_zero():
    assert ROWS[0] == {0: TOTAL}


@pytest.mark.parametrize("true", range(1, LAST + 1))
def test_the_noise_has_exactly_mean_0_and_variance_3_and_is_at_most_5_either_way(true):
    row = ROWS[true]
    assert sum(row.values()) == TOTAL
    assert sum(value * weight for value, weight in row.items()) == true * TOTAL
    assert sum((value - true) ** 2 * weight for value, weight in row.items()) == V * TOTAL
    assert max(abs(value - true) for value in row) <= D
    assert not row.keys() & {-1, 1, 2}


def test_each_value_that_the_rules_leave_can_be_published():
    for true in range(1, LAST + 1):
        assert list(ROWS[true]) == [n for n in range(max(true - D, 0), true + D + 1) if n not in (1, 2)]


def test_the_last_row_is_symmetric_and_serves_all_larger_counts():
    assert all(ROWS[LAST][LAST + n] == ROWS[LAST][LAST - n] for n in range(D + 1))
    for draw in (0, 1, TOTAL // 3, TOTAL - 1):
        noises = {TABLE.published(count, draw) - count for count in (LAST, LAST + 1, 40, 10**12)}
        assert len(noises) == 1


def test_each_published_value_has_at_least_six_true_ones_that_can_give_it():
    values = {true: {TABLE.published(true, d) for d in range(0, TOTAL, TOTAL // 40_000)} for true in range(31)}
    for value in (0, *range(3, 20)):
        assert sum(value in given for given in values.values()) >= 6


@pytest.mark.parametrize("true", range(1, LAST + 1))
def test_no_other_distribution_with_this_mean_and_variance_has_more_entropy(true):
    # The logarithm of the maximum is a polynomial of the second degree: what moves no moment changes no entropy.
    logs = {x: math.log(share) for x, share in noise(true).items()}
    (x0, x1, x2), rest = sorted(logs, key=logs.get)[-3:], sorted(logs, key=logs.get)[:-3]
    for x in rest:
        told = (
            logs[x0] * (x - x1) * (x - x2) / ((x0 - x1) * (x0 - x2))
            + logs[x1] * (x - x0) * (x - x2) / ((x1 - x0) * (x1 - x2))
            + logs[x2] * (x - x0) * (x - x1) / ((x2 - x0) * (x2 - x1))
        )
        assert logs[x] == pytest.approx(told, abs=1e-5)


def test_the_tool_makes_the_bundled_file_byte_for_byte():
    assert (perturbation_table.D, perturbation_table.V, perturbation_table.JS) == (D, V, JS)
    bundled = Path(facts.__file__).with_name("perturbation.csv").read_bytes()
    assert perturbation_table.text().encode() == bundled
    assert perturbation_table.text().encode() == bundled


def test_the_tool_stops_where_no_distribution_has_the_variance(monkeypatch):
    monkeypatch.setattr(perturbation_table, "V", 1)
    with pytest.raises(ArithmeticError, match="No noise of variance 1 for a count of 1"):
        perturbation_table.text()


def test_the_bundled_table_passes_its_own_check():
    check(table())
    check(NoiseTable.read())
    assert table() == TABLE


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (NoiseTable(()), "0 rows"),
        (NoiseTable(TABLE.rows[:-1]), "8 rows"),
        (NoiseTable((*TABLE.rows, TABLE.rows[-1])), "10 rows"),
        (table(of_0={0: TOTAL - 1, 3: 1}), "0 does not stay 0"),
        (table(of_4={}), "do not sum to 2³², in the row of 4"),
        (table(of_4=dict(reversed(ROWS[4].items()))), "not in order, each once, in the row of 4"),
        (NoiseTable((*TABLE.rows[:-1], TABLE.rows[-1] + TABLE.rows[-1][-1:])), "not in order, each once"),
        (table(**moved(5, p1=1)), "do not sum to 2³², in the row of 5"),
        (table(**moved(6, p5=-ROWS[6][11] - 1, p4=ROWS[6][11] + 1)), "not positive, in the row of 6"),
        (table(**moved(1, m2=1, p0=0, p3=-1)), "below 0, in the row of 1"),
        (table(**moved(7, p6=1, p5=-1)), "larger than 5, in the row of 7"),
        (table(**moved(3, m1=1, p0=-1)), "is 1 to 2, in the row of 3"),
        (table(**moved(4, p1=1, p0=-1)), "mean of the noise is not 0, in the row of 4"),
        (table(**moved(5, m1=1, p0=-2, p1=1)), "variance of the noise is not 3, in the row of 5"),
        (table(**moved(8, m1=1, p0=-3, p1=3, p2=-1)), "last row is not symmetric"),
        # Zero from 5 is parted among noises of -2, 0 and 1, which keeps all moments; five true counts are left.
        (table(**moved(5, m5=-ROWS[5][0], m2=5 * ROWS[5][0], p0=-9 * ROWS[5][0], p1=5 * ROWS[5][0])), "fewer than 6"),
    ],
)
def test_a_table_with_a_broken_property_is_refused_by_name(broken, problem):
    with pytest.raises(ValueError, match=problem):
        check(broken)


@given(st.data())
@settings(max_examples=examples(100))
def test_no_weight_can_be_moved_without_being_seen(data):
    true = data.draw(st.integers(0, LAST))
    source = data.draw(st.sampled_from(sorted(ROWS[true])))
    target = data.draw(st.integers(0, true + D + 1).filter(lambda value: value != source))
    weight = data.draw(st.integers(1, ROWS[true][source]))
    row = ROWS[true] | {source: ROWS[true][source] - weight, target: ROWS[true].get(target, 0) + weight}
    with pytest.raises(ValueError, match="broken"):
        check(table(**{f"of_{true}": dict(sorted(row.items()))}))


# ── What is published ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 50, 100_000])
def test_many_keys_give_the_count_in_the_mean_and_a_standard_deviation_of_the_root_of_three(count):
    n = 20_000
    keys = (cell_key(SECRET, "fiks-digisos", "soknader", (number, number), count) for number in range(n))
    noises = [published(count, key) - count for key in keys]
    assert abs(statistics.fmean(noises)) < 4 * math.sqrt(V / n)
    assert statistics.pstdev(noises) == pytest.approx(math.sqrt(V), rel=0.04)
    assert max(map(abs, noises)) <= D


def test_a_draw_gives_each_value_as_often_as_the_table_says():
    at = 0
    for value, weight in ROWS[4].items():
        assert {published(4, draw << 32) for draw in (at, at + weight - 1)} == {value}
        at += weight
    assert at == TOTAL


@given(st.integers(0, 10**9), st.integers(0, 2**64 - 1))
def test_a_published_value_is_possible(count, key):
    value = published(count, key)
    assert value == published(count, key)
    assert value >= 0
    assert value not in (1, 2)
    assert abs(value - count) <= D
    assert count or not value


@pytest.mark.parametrize("unit", [3, 11, 31])
def test_noise_of_a_unit_is_so_many_times_larger_with_mean_0_and_without_gaps(unit):
    weights, at = {}, 0
    for weight in ROWS[LAST].values():
        for filling in range(unit):
            rest = (2 * filling + 1) * TOTAL // (2 * unit)
            weights[published(1000, (at << 32) + rest, unit) - 1000] = weight
        at += weight
    most = D * unit + unit // 2
    assert sorted(weights) == list(range(-most, most + 1))
    assert sum(noise * weight for noise, weight in weights.items()) == 0
    assert sum(noise**2 * weight for noise, weight in weights.items()) > V * unit**2 * TOTAL * unit


@pytest.mark.parametrize("unit", [0, 2, -1])
def test_no_even_unit_is_taken_since_its_noise_would_have_a_bias(unit):
    with pytest.raises(ValueError, match="odd"):
        published(30, 0, unit)


@pytest.mark.parametrize(("count", "key"), [(-1, 0), (3, -1), (3, 2**64)])
def test_no_count_below_zero_and_no_key_of_another_size_is_taken(count, key):
    with pytest.raises(ValueError, match="0 or more"):
        published(count, key)


# ── Keys of sets ─────────────────────────────────────────────────────────────────────────────────────────────────────


def key_of(records) -> int:
    return cell_key(SECRET, "fiks-digisos", "soknader", digest(map(record_hash, records)), len(records))


@given(SETS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_same_set_gives_one_key_in_any_order_and_however_it_is_parted(records, chance, parts):
    shuffled = list(records)
    chance.shuffle(shuffled)
    in_parts = [digest(map(record_hash, shuffled[nth::parts])) for nth in range(parts)]
    chance.shuffle(in_parts)
    whole = digest(map(record_hash, sorted(records)))
    assert merge(in_parts) == whole
    assert merge([merge(in_parts[:2]), merge(in_parts[2:]), digest(())]) == whole
    assert key_of(shuffled) == key_of(records)


@given(SETS, SETS)
@example({"a", "b"}, {"c"})
@example(set(), {""})
def test_another_set_gives_another_key(one, other):
    assume(one != other)
    assert key_of(one) != key_of(other)


def test_one_record_more_draws_independently():
    chance = random.Random(5)
    pairs = []
    for _ in range(20_000):
        records = [str(chance.getrandbits(64)) for _ in range(9)]
        pairs.append((published(9, key_of(records)) - 9, published(10, key_of([*records, "more"])) - 10))
    one, other = zip(*pairs, strict=True)
    assert abs(statistics.correlation(one, other)) < 4 / math.sqrt(len(pairs))
    assert statistics.pvariance(a - b for a, b in pairs) == pytest.approx(2 * V, rel=0.05)


def test_a_key_belongs_to_secret_service_flow_and_set_and_to_no_other_writing_of_them():
    of = (SECRET, "fiks-digisos", "soknader", (1, 2), 7)
    others = [
        (Secret(bytes(32)), *of[1:]),
        (SECRET, "fiks-bekymringsmelding", "soknader", (1, 2), 7),
        (SECRET, "fiks-digisos", "meldinger", (1, 2), 7),
        (SECRET, "fiks-digisos", "soknader", (2, 1), 7),
        (SECRET, "fiks-digisos", "soknader", (1, 2), 8),
        (SECRET, "fiks-digisoss", "oknader", (1, 2), 7),
        (SECRET, "fiks-digiso", "ssoknader", (1, 2), 7),
        (SECRET, "", "fiks-digisossoknader", (1, 2), 7),
    ]
    keys = [cell_key(*each) for each in (of, *others)]
    assert len(set(keys)) == len(keys)
    assert all(0 <= key < 2**64 for key in keys)


def test_a_key_is_the_same_tomorrow_and_on_another_machine():
    # A change here draws all noise anew: then two releases give two readings of each cell.
    assert record_hash("fiks-digisos", "0301", "æ") == 14486231940421593037
    assert key_of(["a", "b", "c"]) == 4509468670942994623
    assert SECRET.id == "b8405f1179f15506"


@pytest.mark.parametrize("wrong", [(-1, 0), (0, 2**64)])
def test_a_digest_of_signed_or_wider_numbers_is_refused(wrong):
    with pytest.raises(OverflowError):
        cell_key(SECRET, "fiks-digisos", "soknader", wrong, 1)


def test_duckdb_makes_the_same_digest_by_the_documented_expressions():
    records = [(f"id-{number}", "å", "") for number in range(200)]
    hashed = "('0x' || sha256(concat_ws(chr(31), a, b, c))[:16])::ubigint"
    with duckdb.connect() as connection:
        connection.execute("create table record (a varchar, b varchar, c varchar)")
        connection.executemany("insert into record values (?, ?, ?)", records)
        theirs = connection.execute(
            f"select bit_xor({hashed}), (sum({hashed}) % 18446744073709551616::hugeint)::ubigint from record"
        ).fetchone()
    assert theirs == digest(record_hash(*record) for record in records)


# ── The secret ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_is_made_anew_each_time_with_32_bytes():
    one, other = Secret.new(), Secret.new()
    assert one != other
    assert one.id != other.id
    assert len(one.to_text()) == 64 + 1 + 16


def test_a_secret_is_the_same_after_its_text_a_copy_and_another_process():
    secret = Secret.new()
    for same in (Secret.from_text(secret.to_text()), Secret.from_text(f" {secret.to_text()}\n"), copy.deepcopy(secret)):
        assert same == secret
        assert hash(same) == hash(secret)
        assert same.id == secret.id
    assert pickle.loads(pickle.dumps(secret)) == secret
    assert secret != "another kind"


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_no_other_number_of_bytes_is_taken(size):
    with pytest.raises(ValueError, match=f"32 bytes, not {size}"):
        Secret(b"s" * size)


def test_a_secret_is_never_printed():
    secret = Secret.new()
    digits, raw = secret.to_text()[:64], bytes.fromhex(secret.to_text()[:64])
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "{}".format(secret), repr([secret])]  # noqa: UP032
    try:
        cell_key(secret, "fiks-digisos", "soknader", (-1, 0), 1)
    except OverflowError as error:
        inside = error.with_traceback(error.__traceback__.tb_next)  # not this test, which has the digits
        shown.append("".join(traceback.TracebackException.from_exception(inside, capture_locals=True).format()))
    assert len(shown) == 7
    for text in shown:
        assert secret.id in text
        assert digits[:8] not in text
        assert repr(raw)[2:-1] not in text
    assert secret.id not in digits
    assert not hasattr(secret, "__dict__")


def damaged() -> list[str]:
    text = SECRET.to_text()
    flipped = [text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :] for at in (0, 31, 63, 65, 80)]
    return ["", "-", text[:-1], text[1:], text[:64], text + "0", text.upper(), text.replace("-", ""), *flipped]


@pytest.mark.parametrize("text", damaged())
def test_a_damaged_text_is_refused_and_not_repeated(text):
    with pytest.raises(ValueError, match="The secret is damaged") as caught:
        Secret.from_text(text)
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET.to_text()[10:40] not in told.lower()


# ── What is protected ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_protected_service_has_one_leading_flow_and_a_reason_in_both_languages():
    assert LEADING_FLOW == {"fiks-digisos": "soknader", "fiks-bekymringsmelding": "forsendelser"}
    assert PROTECTED_SERVICES == ("fiks-digisos", "fiks-bekymringsmelding")
    flows = {row["measure"] for row in facts.read("measure") if row["kind"] == "FLOW"} | {DISPATCHES}
    assert set(LEADING_FLOW.values()) <= flows
    assert all(row["reason_nb"] and row["reason_en"] for row in facts.read("protected_service"))
