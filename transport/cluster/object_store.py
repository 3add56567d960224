"""Stores of objects by URL, and their errors as ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from obstore import exceptions
from obstore.store import AzureStore, GCSStore, MemoryStore, S3Store, from_url

from catalog.errors import BadSetting, SharingError, TryAgain
from transport.storage.backends import unlocked_reading

if TYPE_CHECKING:
    from obstore import ObjectMeta

Store = S3Store | GCSStore | AzureStore | MemoryStore
_RETRY_TIMEOUT = timedelta(seconds=30)
AT_ONCE = 64 * 1024 * 1024
"""Bytes that one request transfers at most."""


@cache
def _memory(url: str) -> MemoryStore:  # noqa: ARG001 - one store a name
    return MemoryStore()


def store_at(url: str, setting: str) -> Store:
    """The store of a URL; `obstore` reads keys, region and endpoint (`AWS_ACCESS_KEY_ID` …).

    Raises:
        BadSetting: the URL names no store.
    """
    if url.startswith("memory://"):
        return _memory(url)
    looking = unlocked_reading()
    expected = "s3://bucket/folder, gs://bucket/folder, az://account/container/folder or memory://name"
    try:
        store = from_url(
            url,
            retry_config={
                "max_retries": 8,  # with pauses that double, 25 s: a store that restarts or is busy is waited for
                "retry_timeout": timedelta(seconds=looking.store_patience) if looking else _RETRY_TIMEOUT,
            },  # options of the client would hide the environment's
        )
    except (exceptions.BaseError, ValueError) as problem:
        raise BadSetting(setting, url, expected) from problem
    if not isinstance(store, S3Store | GCSStore | AzureStore):
        raise BadSetting(setting, url, expected)
    return store


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the store's errors into ours.

    Args:
        what: is kept there, such as `The landing`.
    """
    try:
        yield
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as problem:
        raise _refused(what) from problem
    except FileNotFoundError as problem:
        if problem.errno is not None:  # a local file, not the store's
            raise
        raise _no_bucket(what) from problem
    except exceptions.BaseError as problem:
        if "NoSuchBucket" in str(problem):
            raise _no_bucket(what) from problem
        if re.search(r"\b(401 Unauthorized|403 Forbidden)\b", str(problem)):  # a listing reports this in text only
            raise _refused(what) from problem
        happened = "does not answer" if "HTTP error: " in str(problem) else "gave an unexpected answer"
        raise TryAgain(f"{_possessive(what)} object storage {happened}.", "Try again soon.") from problem


def download(store: Store, name: str, to: Path) -> ObjectMeta:
    """Write an object to a local file; a large one in parts, since a request has a time limit.

    Raises:
        FileNotFoundError: there is no such object.
    """
    got = store.get(name)
    size = got.meta["size"]
    with to.open("wb") as handle:
        if size <= AT_ONCE:
            handle.write(got.bytes())
        else:
            for start in range(0, size, AT_ONCE):
                handle.write(store.get_range(name, start=start, length=min(AT_ONCE, size - start)))
    return got.meta


def endpoint_in(problem: SharingError) -> str:
    """The store's address in its own error text, for the operator: senders read our errors. Empty if it has none.

    The environment may name the endpoint (`AWS_ENDPOINT_URL`), which no setting tells.
    """
    cause = problem.__cause__
    hit = re.search(r"https?://[^/\s@]+(?=/)", str(cause)) if isinstance(cause, exceptions.BaseError) else None
    return hit[0] if hit else ""


def at_once(what: str) -> TryAgain:
    """S3 may refuse both of two simultaneous puts (409): then no object has that name."""
    return TryAgain(
        f"Several wrote to {_possessive(what).lower()} object storage at the same moment.", "Try again soon."
    )


def _possessive(noun: str) -> str:
    return f"{noun}'" if noun.endswith("s") else f"{noun}'s"


def _refused(what: str) -> SharingError:
    return SharingError(
        f"{_possessive(what)} object storage rejected our credentials; nothing was kept.",
        "Ask the operator for credentials that may list, get, put and delete in that bucket.",
    )


def _no_bucket(what: str) -> SharingError:
    return SharingError(
        f"{_possessive(what)} bucket does not exist; nothing was kept.",
        "Create the bucket, or correct the setting that names it.",
    )
