"""Only who has the key signs, and what is signed is taken for nothing else."""

import pytest
from itsdangerous import BadData

from transport.auth.signing import is_signature, signature, token_signer

KEY = b"k" * 32


@pytest.mark.parametrize("others", [("a", "bc"), ("ab", "c", ""), ("abc",), ("c", "ab"), ('a","b', "c")])
def test_a_signature_is_of_its_fields_alone(others):
    signed = signature(KEY, "ab", "c")
    assert is_signature(signed, KEY, "ab", "c")
    assert not is_signature(signed, KEY, *others)
    assert not is_signature(signed, b"o" * 32, "ab", "c")


@pytest.mark.parametrize("given", ["", "blåbær", "\ud800", "0" * 64])
def test_whatever_else_is_given_is_no_signature(given):
    assert not is_signature(given, KEY, "ab", "c")


def test_a_token_of_one_purpose_passes_for_no_other():
    token = token_signer(KEY, "file").dumps(["a", "b"])
    assert token_signer(KEY, "file").loads(token) == ["a", "b"]
    with pytest.raises(BadData):
        token_signer(KEY, "form").loads(token)
