import random
import re
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.domain import identity
from catalog.domain.identity import Regime, find_in_text, is_organisation_number, judge_identifiers, mask, regime
from tests.identity_forms import forms
from tests.thorough import some as sampled

ANOTHER_DRAW = "another draw of the same"

# No number of a person stands here or is made here: every number is synthetic (month + 80 or + 65), or a D-number or
# plain number born in the years 2038–2039 that nobody has, and is computed, never typed.


def number(
    born: date = date(2039, 7, 5), *, day: int = 0, month: int = 80, individual: int = 500, remainder: int = 0
) -> str | None:
    """Eleven digits with right control digits; None where a control digit would be 10."""
    six = f"{born.day + day:02d}{born.month + month:02d}{born.year % 100:02d}{individual:03d}"
    first = (remainder - sum(int(d) * w for d, w in zip(six, identity.FIRST_WEIGHTS, strict=True))) % 11
    nine = f"{six}{first}"
    second = -sum(int(d) * w for d, w in zip(nine, identity.SECOND_WEIGHTS, strict=False)) % 11
    return None if first == 10 or second == 10 else f"{nine}{second}"


def some(count: int, **how) -> list[str]:
    """So many synthetic numbers, all different."""
    found = (
        number(date(2000 + year, 1 + year % 12, 5), individual=i, **how) for i in range(500, 1000) for year in range(40)
    )
    return list(islice(filter(None, found), count))


SYNTHETIC = some(1)[0]


@given(
    st.dates(date(2038, 1, 1), date(2039, 12, 31)),
    st.sampled_from([0, 40]),
    st.sampled_from([0, 40, 80, 65]),
    st.integers(500, 999),
)
def test_every_kind_of_number_with_right_control_digits_is_found(born, day, month, individual):
    made = number(born, day=day, month=month, individual=individual)
    assume(made is not None)
    assert regime(made) is Regime.OLD


@given(st.dates(date(2038, 1, 1), date(2039, 12, 31)), st.integers(500, 999), st.integers(1, 3))
def test_the_wider_remainders_are_known_as_numbers_from_2032(born, individual, remainder):
    made = number(born, individual=individual, remainder=remainder)
    assume(made is not None)
    assert regime(made) is Regime.FROM_2032


@given(st.integers(4, 10), st.integers(500, 999))
def test_no_other_remainder_is_right(remainder, individual):
    made = number(individual=individual, remainder=remainder)
    assume(made is not None)
    assert regime(made) is None


@given(st.sampled_from(some(50)), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_never_right_by_the_old_rule(made, place, added):
    wrong = f"{made[:place]}{(int(made[place]) + added) % 10}{made[place + 1 :]}"
    assert regime(wrong) is not Regime.OLD


def test_a_date_that_no_calendar_has_is_no_number():
    made = [number(date(2039, 2, 1), day=day, month=80, individual=i) for day in (29, 30, 34) for i in range(500, 600)]
    assert {regime(m) for m in made if m} == {None}


@pytest.mark.parametrize("text", ["", "1234567890", "²" * 11, "٣" * 11, "123456 7890", "abcdefghijk", "00000000000"])
def test_what_is_not_eleven_plain_digits_of_a_date_is_no_number(text):
    assert regime(text) is None


@pytest.mark.parametrize("between", ["", " ", "-", "\u00a0"])
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("Gjelder ", ", se vedlegg"), ("nr:", "."), ("(", ")"), ("æ", "ø")]
)
def test_a_number_is_found_in_text_also_with_a_space_or_a_dash_after_six_digits(before, between, after):
    written = f"{SYNTHETIC[:6]}{between}{SYNTHETIC[6:]}"
    text = f"{before}{written}{after}"
    assert [text[a:b] for a, b in find_in_text(text)] == [written]
    assert mask(text) == f"{before}{'*' * 11}{after}"


@pytest.mark.parametrize(
    "text",
    [
        f"1{SYNTHETIC}",
        f"{SYNTHETIC}0",
        f"{SYNTHETIC[:5]} {SYNTHETIC[5:]}",
        f"{SYNTHETIC[:4]}.{SYNTHETIC[4:6]}.{SYNTHETIC[6:]}",
        f"{SYNTHETIC[:8]} {SYNTHETIC[8:]}",
        f"{SYNTHETIC[:2]}-{SYNTHETIC[2:4]}-{SYNTHETIC[4:8]}-{SYNTHETIC[8:]}",
        f"{SYNTHETIC[:6]} og så {SYNTHETIC[6:]}",
        f"{int(SYNTHETIC):x}",
    ],
)
def test_a_part_of_a_longer_run_or_a_number_cut_elsewhere_is_not_found(text):
    assert find_in_text(text) == []


def test_several_numbers_are_found_in_order():
    one, other = some(2)
    assert mask(f"{one} og {other}, {one}") == f"{'*' * 11} og {'*' * 11}, {'*' * 11}"


def test_a_number_only_the_rule_from_2032_knows_is_left_in_free_text():
    made = some(1, remainder=2)[0]
    assert find_in_text(f"konto {made}") == []


@given(st.text())
def test_masking_twice_is_masking_once_and_leaves_nothing_to_find(text):
    once = mask(f"{text} {SYNTHETIC} {text}")
    assert mask(once) == once
    assert find_in_text(once) == []


WRITTEN = forms(SYNTHETIC)


def test_a_number_is_found_however_it_is_written_and_whatever_stands_around_it():
    for written in WRITTEN.values():
        for before, after in ("", ""), ("fnr: ", " (se sak)"), ("bruker-", "@kommune.no"), ("2026-", "/1"):
            text = f"{before}{written}{after}"
            assert len(find_in_text(text)) == 1, written
            masked = mask(text)
            assert find_in_text(masked) == [], written
            assert masked.startswith(before), written
            assert masked.endswith(after), written
            assert "*" * 11 in masked, written
            assert SYNTHETIC[6:] not in "".join(c for c in masked if c.isdigit()), written


@pytest.mark.parametrize(
    "write",
    [
        lambda r: f"2026-0{r.randrange(1, 10)}-1{r.randrange(10)} {r.randrange(10, 24)}:{r.randrange(10, 60)}:09.12+01",
        lambda r: f"{r.randrange(1000, 9999)}.{r.randrange(10, 99)}.{r.randrange(10_000, 99_999)}",
        lambda r: f"tlf {r.randrange(20, 80)} {r.randrange(10, 99)} {r.randrange(10, 99)} {r.randrange(10, 99)}",
        lambda r: f"F-2026-{r.randrange(10**9):09d}",
        lambda r: f"{r.randrange(10**25):025d}",
        lambda r: f"974 605 171, {r.randrange(100)} saker",
        lambda r: f"{r.randrange(1, 29):02d}.{r.randrange(1, 13):02d}.2026.{r.randrange(1000):03d}",
        lambda r: f"<td>2026-0{r.randrange(1, 10)}-1{r.randrange(10)}</td><td>{r.randrange(10**4)}</td>",
        lambda r: f"x=2026&y={r.randrange(10**5)}%20{r.randrange(10**4)}%2C{r.randrange(10**4)}",
        lambda r: f"{r.getrandbits(128):032x}",
    ],
    ids=["a time", "an account at a bank", "a telephone", "an invoice", "a KID", "an organisation", "a date", "a table",
         "an address", "a hash"],
)  # fmt: skip
def test_other_numbers_that_people_write_are_not_taken_for_one(write):
    generator = random.Random(11)
    assert [text for text in (write(generator) for _ in range(2_000)) if find_in_text(text)] == []


def draws(count: int, seed: int = 7) -> list[str]:
    generator = random.Random(seed)
    return [f"{generator.randrange(10**11):011d}" for _ in range(count)]


def test_random_numbers_hit_as_often_as_the_rates_say():
    judged = [regime(text) for text in draws(200_000)]
    assert sum(j is Regime.OLD for j in judged) / len(judged) == pytest.approx(identity.OLD_RATE, abs=0.0006)
    assert sum(j is not None for j in judged) / len(judged) == pytest.approx(identity.NEW_RATE, abs=0.0012)


@pytest.mark.parametrize("seed", sampled(range(20), 4, ANOTHER_DRAW))
@pytest.mark.parametrize("count", [1, 10, 1_000, 5_000])
def test_account_numbers_that_are_eleven_digits_by_nature_are_left_alone(count, seed):
    assert judge_identifiers(draws(count, seed)) is False


@pytest.mark.parametrize(("random_numbers", "hits"), [(0, 2), (0, 50), (10, 3), (980, 20), (9_000, 100)])
def test_a_column_with_more_hits_than_chance_gives_is_taken_for_identity_numbers(random_numbers, hits):
    assert judge_identifiers([*draws(random_numbers), *some(hits)]) is True


def accounts(count, seed):
    """Bank accounts: ten random digits, and a control digit with the weights of an identity number's second."""
    ten = (f"{random.Random(seed * 100_000 + i).randrange(10**10):010d}" for i in range(2 * count))
    controls = ((n, -sum(int(d) * w for d, w in zip(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11) for n in ten)
    return [f"{n}{control}" for n, control in controls if control < 10][:count]


@pytest.mark.parametrize("seed", sampled(range(10), 3, ANOTHER_DRAW))
@pytest.mark.parametrize("count", [20, 200, 2_000])
def test_bank_accounts_are_left_alone_though_they_share_a_control_digit_with_identity_numbers(count, seed):
    assert judge_identifiers(accounts(count, seed)) is False


def test_identity_numbers_among_bank_accounts_are_judged():
    assert judge_identifiers([*accounts(200, 1), *some(80)]) is True


BEGIN_WITH_ZERO = [n for n in some(60) if n.startswith("0")]


@pytest.mark.parametrize("text", ["{}", "{}.0", " {} ", "{0:,}"])
def test_numbers_that_lost_their_zero_are_judged_with_those_that_did_not(text):
    lost = [text.format(int(n)) for n in BEGIN_WITH_ZERO]
    assert judge_identifiers(lost[:3]) is True
    assert judge_identifiers(lost[:1]) is False
    assert mask(lost[0], cell=True) == "*" * 11
    assert mask(lost[0]) == lost[0]
    assert mask(f"sak {int(BEGIN_WITH_ZERO[0])}", cell=True) == f"sak {int(BEGIN_WITH_ZERO[0])}"


@pytest.mark.parametrize("seed", sampled(range(20), 4, ANOTHER_DRAW))
@pytest.mark.parametrize(
    "write",
    [
        lambda r: str(r.randrange(10**9, 10**10)),
        lambda r: str(r.randrange(1_750_000_000, 1_850_000_000)),
        lambda r: f"{r.randrange(1, 29):02d}{r.randrange(1, 13):02d}2026-{r.randrange(10**5):05d}",
    ],
    ids=["ten digits", "seconds since 1970", "a date and a counter"],
)
def test_other_identifiers_that_may_begin_with_a_date_are_left_alone(write, seed):
    generator = random.Random(seed)
    assert judge_identifiers([write(generator) for _ in range(2_000)]) is False


@pytest.mark.parametrize("remainder", [1, 2, 3])
def test_a_column_of_numbers_from_2032_is_taken_too(remainder):
    assert judge_identifiers(some(20, remainder=remainder)) is True


def test_one_hit_alone_is_chance_and_so_is_one_repeated_a_thousand_times():
    assert judge_identifiers(some(1)) is False
    assert judge_identifiers(some(1) * 1_000) is False


def test_names_codes_and_nothing_are_no_identity_numbers():
    assert judge_identifiers([None, "", "0301", "konto-1", "974605171"]) is False
    assert judge_identifiers([]) is False


@pytest.mark.parametrize("text", ["bruker-{}", "{}@kommune.no", "{}/1", "x{}y"])
def test_identifiers_with_something_around_the_number_are_judged_by_the_number(text):
    assert judge_identifiers([text.format(n) for n in some(60)]) is True
    assert judge_identifiers([text.format(n) for n in draws(1_000)]) is False
    assert judge_identifiers([text.format(n) for n in some(1)] * 60) is False


def test_spaces_around_and_inside_an_identifier_do_not_hide_it():
    assert judge_identifiers([f" {n[:6]} {n[6:]} " for n in some(5)]) is True


@pytest.mark.parametrize("text", ["974605171", "920415288", "829912252"])
def test_an_organisation_number_is_recognised(text):
    assert is_organisation_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "97460517",
        "974605172",
        "9746051711",
        "97460517a",
        "174605171",
        "974 605 171",
        "974605171".translate({ord("9"): "\uff19"}),
    ],
)
def test_what_is_no_organisation_number_is_not(text):
    assert not is_organisation_number(text)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("210000003", True),
        ("310000000", True),
        ("974605171", True),
        ("210000004", False),
        ("110000006", False),
        ("410000008", False),
    ],
)
def test_a_made_up_organisation_number_is_one_only_where_such_are_taken(text, taken):
    assert is_organisation_number(text, or_made_up=True) is taken
    assert is_organisation_number(text) is (text == "974605171")


@given(st.integers(80_000_000, 99_999_999))
def test_at_most_one_control_digit_fits_an_organisation_number(stem):
    assert sum(is_organisation_number(f"{stem}{digit}") for digit in range(10)) <= 1


def test_no_identity_number_is_typed_into_the_product_or_its_tests():
    text = "".join(Path(source).read_text(encoding="utf-8") for source in (identity.__file__, __file__))
    assert [hit for hit in re.findall(r"[0-9]{11}", text) if regime(hit)] == []


@given(st.lists(st.sampled_from(["01417012345", "014170 12345", "01.41.70 12345", "12345678901", "sak", "\n", " 7 "])))
def test_one_number_is_masked_wherever_it_stands_and_no_other(parts):
    text = " og ".join(parts)
    masked = identity.mask_number(text, "01417012345")
    assert all("01417012345" not in re.sub(r"\D", "", part) for part in masked.split(" og "))
    assert masked.count("12345678901") == text.count("12345678901")
    assert identity.mask_number(masked, "01417012345") == masked
