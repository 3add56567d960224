"""Signs what comes back to us in links: nobody without the key can make or change it.

Source: RFC 2104 (HMAC), with SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from itsdangerous import URLSafeTimedSerializer


def token_signer(key: bytes, purpose: str) -> URLSafeTimedSerializer:
    """Signs values into tokens that tell when they were made; a token of one purpose passes for no other."""
    return URLSafeTimedSerializer(key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def signature(key: bytes, *fields: str) -> str:
    """The signature of fields that a reader has from elsewhere, as 64 hexadecimal digits."""
    return hmac.digest(key, json.dumps(fields).encode(), "sha256").hex()


def is_signature(text: str, key: bytes, *fields: str) -> bool:
    """Whether a text is the signature of these fields."""
    return hmac.compare_digest(text.encode("utf-8", "replace"), signature(key, *fields).encode())
