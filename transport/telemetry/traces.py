"""A run, a batch and a page as traces for OpenTelemetry, sent to a collector in the background once they have ended.

Off by default: without `traces_url` nothing is recorded, and OpenTelemetry is not imported. Names of streams, tables,
statements and queries, rows, bytes and seconds are sent: no data, no parameter and nobody's identity. Rows and bytes of
batches and runs are rounded up, as each row may be a person. Nothing here raises into the caller.

A batch and the run that first took it in are different traces, days apart at worst. Nothing is stored to connect them:
the trace of a batch has an id made from the batch's identity (`otlp.batch_context`), so the run can name it in a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from catalog.domain import rounding
from catalog.errors import BadSetting
from catalog.tables.streams import STREAMS
from transport.base.settings import Settings
from transport.telemetry.profile import Profile, kind_of

if TYPE_CHECKING:
    from transport.telemetry.otlp import Batch, Facts, Sender

PAGE: ContextVar[Profile | None] = ContextVar("page", default=None)
"""The profile of the page that this thread draws; None without a collector."""


def check(settings: Settings) -> None:
    """Refuse an address that no collector can have.

    Raises:
        BadSetting: `traces_url` is not a web address.
    """
    address = urlsplit(settings.traces_url)
    if settings.traces_url and not (address.scheme in {"http", "https"} and address.hostname):
        raise BadSetting("traces_url", settings.traces_url, "an address like http://127.0.0.1:4318, or nothing")


def begun(settings: Settings) -> Profile | None:
    """A profile for what begins now; None without a collector."""
    return Profile() if settings.traces_url else None


def send(profile: Profile, settings: Settings, *, release: str = "", problem: str = "") -> None:
    """Send the spans of a run, and wait until they are sent or the collector has had its time. Fails no run.

    Args:
        profile: of the run.
        settings: where to.
        release: what it published; empty when nothing.
        problem: the kind of the error that stopped it; empty when none did.
    """
    if not settings.traces_url or not profile.spans:
        return
    outcome = {"dif.release": release, "dif.problem": problem, "dif.engine": settings.engine}
    facts: Facts = {name: value for name, value in outcome.items() if value}
    with suppress(Exception):
        _sender(settings).send("run", profile, facts, problem=problem, wait=True)


def send_batch(  # noqa: PLR0913 - the facts of a batch
    profile: Profile | None,
    settings: Settings,
    batch: Batch,
    *,
    wire: str,
    outcome: str,
    rows: int,
    bytes: int,  # noqa: A002 - the name of the fact
    problem: str = "",
    traceparent: str = "",
) -> None:
    """Send the spans of a batch at a door.

    Args:
        profile: of the batch; None without a collector.
        settings: where to.
        batch: stream, producer and batch id.
        wire: flight, http or inbox.
        outcome: one of `event_log.OUTCOMES`.
        rows: in the batch, where known.
        bytes: as kept, or as many as arrived.
        problem: the kind of the error, when refused or failed.
        traceparent: the caller's trace, which the spans continue; ignored unless W3C Trace Context allows it.
    """
    if profile is None:
        return
    stream = batch[0] if batch[0] in STREAMS else "unknown"  # a stranger's words are not passed on
    facts: Facts = {"dif.stream": stream, "dif.wire": wire, "dif.outcome": outcome}
    facts |= {"dif.rows": rounding.rounded_up(rows), "dif.bytes": rounding.rounded_up(bytes, rounding.BYTES)}
    facts |= {"dif.problem": problem} if problem else {}
    kept = outcome == "accepted"
    with suppress(Exception):
        _sender(settings).send_batch(profile, facts, batch, kept=kept, problem=problem, traceparent=traceparent)


@contextmanager
def page(settings: Settings, name: str) -> Iterator[None]:
    """Record the drawing of a page and its queries, and send both when it is drawn.

    Args:
        settings: where to.
        name: of the page, as the product names it.
    """
    profile = begun(settings)
    if profile is None:
        yield
        return
    before, problem = PAGE.set(profile), ""
    try:
        yield
    except Exception as stopped:
        problem = kind_of(stopped)
        raise
    finally:
        PAGE.reset(before)
        facts: Facts = {"dif.page": name, "dif.rows": sum(span.rows for span in profile.spans)}
        with suppress(Exception):
            _sender(settings).send("page", profile, facts, problem=problem)


def _sender(settings: Settings) -> Sender:
    from transport.telemetry import otlp

    return otlp.of(settings)
