"""Signatures of releases: with the public key anybody can prove that a release, or one file of it, is as published.

A release that is published with `signing_key` has a signature in its manifest, and lists of its files with their
SHA-256, each list with its signature beside it. Each list has the file `RELEASE`, which says which release it is and
when it was published, so no list passes for that of another release. The lists need none of our programs: `openssl
pkeyutl -verify` takes the signature, and `sha256sum --check --ignore-missing` the files that somebody got
(docs/read-data.md).

Source: RFC 8032 (Ed25519), RFC 8410 (its keys in PEM).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.contracts.language import Audience
from catalog.contracts.sharing import Right
from catalog.errors import BadSetting, WrongUse
from transport.auth.files import private_text
from transport.base.settings import Settings
from transport.releases.folder import RELEASE_FILE, SIGNATURE, SUMS, audience_of, rights_of

_PUBLIC: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----\s*", re.DOTALL)
_MAKE: Final = "an Ed25519 key in PEM (`openssl genpkey -algorithm ed25519 -out signing.pem`)"


class Signer:
    """Signs releases as they are published."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """Sign with a key."""
        self._key = key

    @classmethod
    def of(cls, settings: Settings) -> Signer | None:
        """The signer with the home's key; None where releases are not signed.

        Raises:
            BadSetting: there is no such file, or it holds no such key.
            WrongUse: others may read it.
        """
        if settings.signing_key is None:
            return None
        text = private_text(settings.signing_key)
        try:
            key = serialization.load_pem_private_key((text or "").encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise BadSetting("signing_key", settings.signing_key, _MAKE)
        return cls(key)

    @property
    def name(self) -> str:
        """The start of the SHA-256 of the public key in DER, with its algorithm, to be compared by eye."""
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"ed25519:{hashlib.sha256(der).hexdigest()[:32]}"

    def signature(self, digest: str) -> str:
        """The signature of a manifest's digest, in Base64."""
        return base64.b64encode(self._key.sign(digest.encode())).decode()

    def write_lists(
        self, folder: Path, files: Mapping[str, Mapping[str, object]], audiences: Mapping[str, str]
    ) -> Iterator[Path]:
        """Write the lists of a release's files, a list an audience, and their signatures.

        Files with exact counts of connections are in none; `dif.duckdb`, whose bytes nobody can foresee, has them.

        Args:
            folder: the release.
            files: its files with their SHA-256, by path.
            audiences: of its datasets, by name.

        Yields:
            Each file written.
        """
        lists: dict[Audience, list[str]] = {audience: [] for audience in SUMS}
        for path, record in sorted(files.items()):
            if rights_of(path, audiences) == {Right.CONNECTION_COUNTS}:
                continue  # the list has other readers: by the hash, who knows all counts but one would find that one
            for audience in SUMS if path == RELEASE_FILE else (audience_of(path, audiences),):
                lists[audience].append(f"{record['sha256']}  {path}\n")
        for audience, lines in lists.items():
            content = "".join(lines).encode()
            for name, written in ((SUMS[audience], content), (SUMS[audience] + SIGNATURE, self._key.sign(content))):
                (folder / name).write_bytes(written)
                yield folder / name


class Verifier:
    """Verifies signatures, with several public keys where one was replaced: older releases stay signed with it."""

    def __init__(self, keys: Sequence[Ed25519PublicKey]) -> None:
        """Accept what any of the keys has signed."""
        self._keys = keys

    @classmethod
    def of(cls, file: Path) -> Verifier:
        """The verifier with the public keys in a PEM file.

        Raises:
            WrongUse: it cannot be read, or holds none.
        """
        try:
            text = file.read_bytes()
        except OSError as problem:
            raise WrongUse(f"The key {file} cannot be read: {problem.strerror}.", "Give the path of a file.") from None
        try:
            keys = [serialization.load_pem_public_key(block) for block in _PUBLIC.findall(text)]
        except (ValueError, UnsupportedAlgorithm):
            keys = []
        ours = [key for key in keys if isinstance(key, Ed25519PublicKey)]
        if not ours or len(ours) < len(keys):
            raise WrongUse(
                f"{file} holds no Ed25519 public key.",
                "Give the key that the publisher gave you (`openssl pkey -in signing.pem -pubout` writes it).",
            )
        return cls(ours)

    def accepts(self, digest: str, signature: str) -> bool:
        """Whether one of the keys signed the digest."""
        return any(_verifies(key, digest.encode(), signature) for key in self._keys)


def _verifies(key: Ed25519PublicKey, content: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True
