"""The keys by which a shared cost is split."""

from catalog.domain.allocation import DEFAULT_KEYS, KEYS
from catalog.domain.products import MEASURES
from catalog.tables.streams import COST_CATEGORIES


def test_every_measure_is_a_key_and_categories_with_a_key_exist():
    assert {m.upper() for m in MEASURES} | {"FORSENDELSER", "AKTIVE", "INNTEKT", "LIKT"} == set(KEYS)
    assert set(DEFAULT_KEYS) <= set(COST_CATEGORIES)
    assert set(DEFAULT_KEYS.values()) <= set(KEYS)
