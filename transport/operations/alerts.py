"""Alerts: conditions that somebody should act on, detected from files on disk, and sent once by each channel.

`check` only reads. `notify` sends a message when an alert begins, again while it lasts, and when it is over. Sent
messages are recorded in `home/alerts.json`, so that neither a restart nor a second process repeats them.
Urgency `now` wakes someone; `morning` waits until 07:00 in Oslo on the next weekday.
Each alert has a section in `docs/operator.md`.

Repairs do not belong here: an alert names the next command, and a person runs it.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import itertools
import json
import re
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from catalog.domain import identity
from catalog.domain.calendar import OSLO
from catalog.errors import BadSetting, Damaged, SharingError, WrongUse
from catalog.tables.streams import PUSHED, STREAMS
from transport.auth.tokens import Token, Tokens
from transport.base import atomic_files
from transport.base.names import PRODUCER
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.operations import backup, clock, server_state
from transport.operations.notifiers import beat, channels_of, house, is_service, is_web, send
from transport.releases.store import AS_OF, Release, Releases
from transport.storage.backends import free_bytes
from transport.storage.journal import CLOCK_TOLERANCE, Entry
from transport.storage.landing import Landing, open_landing
from transport.telemetry import event_log

RUNBOOK = "docs/operator.md"
_MORNING = 7
_SATURDAY = 5
_HABIT = timedelta(days=28)
_SILENCE = timedelta(hours=6)
"""How long a stream that normally gets batches may be silent."""
_REPEAT = timedelta(hours=24)
"""How often a lasting alert is repeated."""
_WEEK = timedelta(days=7)
_WEEKS_OF_FOUR = 3
_DAYS_OF_HABIT = timedelta(days=3)
_LATE = 3
_GONE = 12
_DELIVERIES = 4
_RECENT = 120
_ORDINARY = 3
_GROWTH, _GROWN_ROWS = 1.2, 100
_FEWEST_MISSING = 3
_CLEAR_OF_DISK = 1.1
_MEGABYTE = 1 << 20
_NEWEST_REASONS = 200
_NEWEST_BATCHES = 1000
_FAR_FILES = 200
_MARKS_LIMIT = 1 << 16
_OVER_LIMIT = timedelta(days=7)
_TOKEN_ENDS = timedelta(days=30)
"""How long before the end of a token it is told, and how long after it."""
_REOPEN_SECONDS = 600
_MOST_LISTED = 5
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}-?[0-9]{5}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition to act on.

    Attributes:
        id: a stable word, one of `IDS`.
        urgency: `now` or `morning`.
        what: what is wrong, for a person.
        since: when it began, as far as can be seen.
        touches: who is affected.
        next: the next command, as typed, or a short text in Norwegian around commands.
        about: distinguishes alerts of the same id: a stream, a producer.
    """

    id: str
    urgency: str
    what: str
    since: datetime
    touches: str
    next: str
    about: str = ""

    @property
    def key(self) -> str:
        """Identifies the alert from one check to the next."""
        return f"{self.id}:{self.about}" if self.about else self.id

    @property
    def runbook(self) -> str:
        """The runbook's section on it."""
        return f"{RUNBOOK}#{self.id}"

    def as_json(self) -> dict[str, str]:
        """As JSON, also for `alerts.json`."""
        fields = {name: str(getattr(self, name)) for name in ("id", "about", "urgency", "what", "touches", "next")}
        return fields | {"since": self.since.isoformat(timespec="seconds"), "runbook": self.runbook}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message sent by one channel.

    Attributes:
        problem: why delivery failed; empty on success. Never holds an address.
    """

    channel: str
    began: int
    lasting: int
    over: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a look found; the other fields of the alert follow from its name and from earlier looks.

    Attributes:
        since: when it began; None where only the record tells.
    """

    what: str
    touches: str
    next: str
    since: datetime | None = None
    about: str = ""


# --- looking ---------------------------------------------------------------------------------------------------------


def firing(settings: Settings, now: datetime) -> list[Alert]:
    """Every alert, the urgent first. Reads what lies on disk and changes nothing."""
    findings: list[tuple[str, _Finding]] = []
    for name, _, look in _CONDITIONS:
        try:
            findings += [(name, finding) for finding in look(settings, now)]
        except Damaged:
            continue  # `_damage` reports it
        except Exception as problem:  # noqa: BLE001 - one look that breaks hides no other, and is news itself
            what = f"Overvåkingen kunne ikke se etter «{name}» ({type(problem).__name__})."
            findings.append(
                ("watch_broken", _Finding(what, "Varsler av dette slaget uteblir.", "dif doctor", about=name))
            )
    memory = _recall(settings)
    alerts = []
    for name, finding in findings:
        # producers' names are masked, like all text that leaves the house
        about, what, touches, command = map(identity.mask, (finding.about, finding.what, finding.touches, finding.next))
        alert = Alert(name, URGENCY[name], what, finding.since or now, touches, command, about)
        record = memory.get(alert.key, {})
        if finding.since is None and record and not record["over"]:
            alert = replace(alert, since=datetime.fromisoformat(record["since"]))
        alerts.append(replace(alert, since=alert.since.astimezone(UTC)))
    return sorted(alerts, key=lambda a: (a.urgency != "now", IDS.index(a.id), a.about))


def landed(settings: Settings) -> Sequence[Entry]:
    """Every batch kept. Reads the journal from where the last call stopped.

    Raises:
        Damaged: the journal is not what was written.
    """
    return tuple(_landing(settings).entries)


_Stamp = tuple[int, int, int]
_OPENED: dict[tuple[Path, str], tuple[Landing, _Stamp, float]] = {}
_OPENING = threading.Lock()


def _landing(settings: Settings) -> Landing:
    """The landing, opened once per process: a journal that only grew is read on, otherwise it is reopened."""
    name, now = (settings.landing, settings.landing_url), _stamp(settings.landing / "journal")
    with _OPENING:
        landing, before, opened_at = _OPENED.pop(name, (None, now, 0.0))
        goes_on = now == before or (now[0] == before[0] and now[1] > before[1])
        if landing is None or not goes_on or time.monotonic() - opened_at > _REOPEN_SECONDS:
            landing, opened_at = open_landing(settings), time.monotonic()
        else:
            landing.refresh()
        _OPENED[name] = landing, now, opened_at  # not reached when reading raised: the next call then reopens it
        return landing


def _stamp(journal: Path) -> _Stamp:
    """Inode, size and time of the journal on this disk; zeros where there is none."""
    try:
        status = journal.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return status.st_ino, status.st_size, status.st_mtime_ns


def _arrivals(settings: Settings, now: datetime) -> Mapping[tuple[str, str], list[datetime]]:
    """When batches came, by stream and producer, sorted; without simulated batches and manually kept registers."""
    came: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for entry in landed(settings):
        if not entry.synthetic and entry.stream in PUSHED:
            moment = entry.received_at.astimezone(UTC)
            if moment <= now:
                came[entry.stream, entry.producer].append(moment)
    return {name: sorted(moments) for name, moments in came.items()}


def _no_receipts(settings: Settings, now: datetime) -> Iterator[_Finding]:
    by_stream: dict[str, list[datetime]] = defaultdict(list)
    producers: dict[str, set[str]] = defaultdict(set)
    for (stream, producer), moments in _arrivals(settings, now).items():
        by_stream[stream] += moments
        if moments[-1] > now - _HABIT:
            producers[stream].add(producer)
    for stream, moments in by_stream.items():
        last = max(moments)
        if _silent(sorted(moments), now):
            what = (
                f"Strømmen «{STREAMS[stream].title.nb}» har ikke fått noen sending siden {_clock(last)}, "
                "og pleier å ha fått det nå."
            )
            touches = f"Produsenter: {_listed(producers[stream])}. Sidene får ikke nyere tall fra dem."
            yield _Finding(what, touches, "dif status", last, stream)


def _silent(moments: Sequence[datetime], now: datetime) -> bool:
    """Whether a stream lacks a batch, judged by its habit over the 28 days before its last batch.

    There are two habits. A stream that for at least three days was never silent for longer than six hours should not be
    silent so long now. And a stream that had batches by this time of the week in three of the four preceding weeks
    should have had one, at the latest six hours ago. A monthly stream has neither habit. After 28 days without a batch
    no habit is left.
    """
    last = moments[-1]
    if not _SILENCE < now - last < _HABIT:
        return False
    recent = [m for m in moments if m >= last - _HABIT]
    gaps = [b - a for a, b in itertools.pairwise(recent)]
    if last - recent[0] >= _DAYS_OF_HABIT and max(gaps) <= _SILENCE:
        return True
    overdue = min(now - _SILENCE, last + _WEEK) - last
    weeks = sum(any(last - n * _WEEK < m <= last - n * _WEEK + overdue for m in recent) for n in range(1, 5))
    return weeks >= _WEEKS_OF_FOUR


def _late_producer(settings: Settings, now: datetime) -> Iterator[_Finding]:
    for (stream, producer), moments in _arrivals(settings, now).items():
        # files within an hour are one delivery; batches every few minutes, day and night, are no deliveries
        came = [m for i, m in enumerate(moments) if i == 0 or m - moments[i - 1] > timedelta(hours=1)]
        if len(came) < _DELIVERIES and moments[-1] - moments[0] >= _DAYS_OF_HABIT:
            came = moments
        if len(came) < _DELIVERIES:
            continue
        gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(came[-_RECENT:])]
        usual = timedelta(seconds=statistics.median_low(gaps))
        silent, patience = now - moments[-1], max(_LATE * usual, timedelta(days=1))
        ordinary = sum(gap >= silent.total_seconds() for gap in gaps) >= _ORDINARY  # as on weekends
        if patience < silent < max(_HABIT, _GONE * usual) and not ordinary:
            what = (
                f"{producer} er sen med «{STREAMS[stream].title.nb}»: siste sending kom {_clock(moments[-1])}, "
                f"og det pleier å komme en hver {_lasted(usual)}."
            )
            touches = f"Produsent: {producer}. Virksomhetene den sender for, mangler i de nyeste tallene."
            yield _Finding(what, touches, "dif status", moments[-1] + patience, f"{stream}/{producer}")


def _servers_down(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    servers = server_state.gone_for_good(settings)
    if servers is None:
        return
    whole = len(servers.gone) == len(servers.processes)
    over = "" if whole else f" over {servers.gone[0].replace('http', 'HTTP').replace('flight', 'Flight')}"
    what = f"Mottaket{over} (startet {_clock(servers.started_at)}) er borte uten å ha blitt avsluttet."
    others = "" if servers.gone == ("flight",) else ", mottakere av delinger og KI-assistenter"
    touches = (
        f"Alle produsenter og lesere over {'nettet' if whole else over.removeprefix(' over ')}{others}: ingen svarer "
        "dem. Det som har kvittering, er tatt vare på."
    )
    yield _Finding(what, touches, "dif serve transport" if whole else f"dif serve {servers.gone[0]}")


def _closed_door(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    if server_state.nobody_let_in(settings) is not None:
        what = "Ingen slipper inn: filene i access/ er borte eller kan ikke brukes."
        touches = "Alle produsenter og lesere med nøkkel: de avvises. Produsentene må sende på nytt når døren er åpen."
        yield _Finding(what, touches, "dif doctor")


def _clock_was_put(settings: Settings, now: datetime) -> Iterator[_Finding]:
    touches = "Alle strømmer: sendinger får feil mottakstid, og varsler om sendinger som uteblir, kan svikte."
    if put := clock.step(settings):
        how = "fram" if put > timedelta() else "tilbake"
        what = f"Klokken på maskinen ble stilt {how} {_lasted(abs(put))}."
        yield _Finding(what, touches, "dif doctor", about="step")
    newest = _landing(settings).newest
    if newest is not None and newest - now > CLOCK_TOLERANCE:
        what = f"Nyeste linje i journalen er datert {_clock(newest)}, fram i tid. Klokken går feil, eller gjorde det."
        yield _Finding(what, touches, "dif doctor", about="journal")


def _token_ends(settings: Settings, now: datetime) -> Iterator[_Finding]:
    tokens: list[Token] = []
    with contextlib.suppress(WrongUse):  # `closed_door` tells of a file that cannot be read
        tokens = Tokens(settings).all()
    valid = [token for token in tokens if token.revoked_at is None]
    replaced = {t.name for t in valid if t.expires_at is None or t.expires_at > now + _TOKEN_ENDS}
    for token in valid:
        ends = token.expires_at
        if ends is None or token.name in replaced or abs(ends - now) > _TOKEN_ENDS:
            continue
        touches = f"{token.name}: det som bruker nøkkelen, blir avvist etter at den er utløpt."
        command = "dif share profile" if token.rights.recipient else "dif token add"
        what = f"Nøkkelen {token.id} {'utløper' if ends > now else 'utløp'} {_clock(ends)}."
        yield _Finding(what, touches, command, ends - _TOKEN_ENDS, token.id)


def _disk(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    free, reserve = free_bytes(settings), settings.disk_reserve_mb * _MEGABYTE
    firing = "disk" in (remembered(settings) or ())
    if free < reserve * (_CLEAR_OF_DISK if firing else 1):
        left = f"Det er {free // _MEGABYTE} MB igjen på disken"
        what = f"{left}; under {settings.disk_reserve_mb} MB avvises sendinger, og kjøringer stopper."
        touches = "Alle produsenter: de får beskjed om å prøve igjen. Ny utgave kan ikke lages."
        yield _Finding(what, touches, "dif release prune")


def _damage(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    try:
        wrong = _wrong_files(settings)
    except Damaged:
        what = "Journalen over mottatte sendinger kan ikke leses."
        touches = "Alle strømmer: ingenting kan tas imot eller gjøres om til ny utgave før den er på plass."
        yield _Finding(what, touches, "dif doctor --mend", about="journal")
        wrong = []
    if wrong:
        first, count = wrong[0], count_with_noun(len(wrong), "sending", "sendinger")
        size = "er ikke like stor som da den kom" if len(wrong) == 1 else "er ikke like store som da de kom"
        what = f"{count} mangler på disken eller {size}, først {first.file}."
        senders = {f"{e.producer} ({e.stream})" for e in wrong}
        touches = f"Produsenter: {_listed(senders)}. De kan måtte sende på nytt."
        mirror = None if settings.landing_url else settings.mirror
        lost = next((e for e in wrong if not mirror or not _fits(e, _size(mirror / (e.packed_in or e.file)))), None)
        command = "dif doctor --mend"
        if lost is not None:
            command += (
                f" --from BACKUP; finnes den ikke i noen kopi: be {lost.producer} sende {lost.batch_id} på nytt, "
                f"eller dif withdraw {lost.stream}/{lost.producer}/{lost.batch_id} --reason …"
            )
        yield _Finding(what, touches, command, about="landing")
    broken = _wrong_release(settings)
    if broken:
        touches = "Alle lesere: sider, SQL og filer av gjeldende utgave."
        yield _Finding(broken, touches, "dif doctor --mend", about="release")


def _wrong_files(settings: Settings) -> list[Entry]:
    """Batches whose file is missing or has another size than the journal says. The doctor checks the content.

    Withdrawn batches are skipped: they count nowhere, so their loss is no news.
    """
    landing = _landing(settings)

    def wrong(entries: Iterable[Entry]) -> list[Entry]:
        size_of = functools.cache(landing.backend.size)  # a packed file holds many batches
        return [e for e in entries if landing.withdrawal(e) is None and not _fits(e, size_of(landing.place(e)))]

    # each file in object storage costs a network call
    suspects = wrong(landing.entries[-_FAR_FILES:] if settings.landing_url else list(landing.entries))
    if suspects:  # they may have been packed or repaired meanwhile
        landing.refresh()
        suspects = wrong(landing.entry(e.number) for e in suspects)
    return suspects


def _fits(entry: Entry, size: int | None) -> bool:
    """Whether a file of this size may be the batch's."""
    return size is not None and bool(entry.packed_in or size == entry.bytes)


def _wrong_release(settings: Settings) -> str:
    pointer, releases = settings.releases / "current", Releases(settings)
    try:
        current = releases.current()
    except SharingError:
        return "Gjeldende utgave har ingen lesbar innholdsliste."
    if current is None:
        there_was = pointer.is_symlink() or not all(name.startswith(AS_OF) for name in releases.names())
        return "Gjeldende utgave er borte." if there_was else ""
    files = current.manifest.get("files")
    if not isinstance(files, dict):
        return ""
    wrong = [path for path, record in files.items() if _size(current.folder / path) != record["bytes"]]
    if not wrong:
        return ""
    count = count_with_noun(len(wrong), "fil", "filer")
    return f"{count} i utgave {current.name} mangler eller har feil størrelse, først {min(wrong)}."


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _backup(settings: Settings, now: datetime) -> Iterator[_Finding]:
    patience = timedelta(hours=settings.alert_backup_hours)
    if not patience:
        return
    last = backup.last(settings)
    taken_at = last.taken_at if last else None
    again = f"dif backup {last.folder if last else 'FOLDER'}"
    touches = "Alle: går disken i stykker nå, er det som har kommet siden forrige sikkerhetskopi, borte."
    if last is not None and last.failed(now):
        before = f"siste hele er fra {_clock(taken_at)}" if taken_at else "det finnes ingen hel fra før"
        what = f"Sikkerhetskopien fra {_clock(last.at)} ble ikke hel; {before}."
        yield _Finding(what, touches, again, last.at)
    elif taken_at is not None and now - taken_at > patience:
        what = f"Siste sikkerhetskopi ble tatt {_clock(taken_at)}, for over {_lasted(patience)} siden."
        yield _Finding(what, touches, again, taken_at + patience)
    elif taken_at is not None and taken_at - now > patience:  # the clock was ahead: its age would be told in years
        what = f"Siste sikkerhetskopi er datert {_clock(taken_at)}, fram i tid. Ingen vet hvor gammel den er."
        yield _Finding(what, touches, again)
    elif taken_at is None and server_state.ever_served(settings):
        # a home without servers is a trial; simulated batches can be made again
        first = min((moments[0] for moments in _arrivals(settings, now).values()), default=now)
        if now - first > patience:
            what = f"Det er aldri tatt sikkerhetskopi. Første sending kom {_clock(first)}."
            yield _Finding(what, touches, again, first + patience)


def _identity_number(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    marks = _marks(settings)
    places = list(dict.fromkeys([*marks, *_leaks(settings)]))
    if places:
        what = f"Et fødselsnummer er funnet der det ikke skal finnes: {_listed(places)}. Rydd først, se driftsboka."
        touches = "Personen nummeret gjelder. Personvernombudet skal ha beskjed."
        yield _Finding(what, touches, "dif alerts --mended", min(marks.values(), default=None))


def identity_number_seen(settings: Settings, where: str) -> None:
    """Raise the alert `identity_number`; it lasts until a person runs `dif alerts --mended`. Never raises an error.

    Args:
        settings: of the home.
        where: the place, without the number; recorded once, however often it is seen.
    """
    with contextlib.suppress(Exception):
        place = identity.mask(where[:1000])[:200]
        marks = _marks(settings)
        if place not in marks:
            event_log.EventLog(settings).event("identity_number_seen", where=place)
            path = _marks_file(settings)
            if (_size(path) or 0) < _MARKS_LIMIT:
                settings.home.mkdir(parents=True, exist_ok=True)
                line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "where": place})
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")
                path.chmod(0o640)


def identity_numbers_mended(settings: Settings) -> int:
    """Clear what `identity_number_seen` recorded; a number that still shows is found again at the next check.

    Returns:
        How many places were recorded.
    """
    count = len(_marks(settings))
    _marks_file(settings).unlink(missing_ok=True)
    return count


def _marks_file(settings: Settings) -> Path:
    return settings.home / "identity_numbers.jsonl"


def _marks(settings: Settings) -> dict[str, datetime]:
    """The recorded places, and when each was seen."""
    try:
        text = _marks_file(settings).read_text("utf-8", "replace")
    except FileNotFoundError:
        return {}
    rows = [value for line in text.split("\n") if (value := event_log.event_of(line)) is not None]
    return {str(v["where"]): datetime.fromisoformat(str(v["at"])) for v in rows if "where" in v and "at" in v}


def _leaks(settings: Settings) -> list[str]:
    """Places that show a number that should be masked: in the newest log lines, reasons and batch names."""
    kinds: tuple[event_log.Kind, ...] = ("batches", "reads", "server")
    places = [f"loggen ({kind})" for kind in kinds if any(map(_shows, event_log.newest(settings, kind)))]
    for path in refusals(settings)[:_NEWEST_REASONS]:
        with contextlib.suppress(OSError):
            if _shows(path.name) or _shows(path.read_text("utf-8", "replace")[:_MARKS_LIMIT]):
                places.append("inbox/rejected (begrunnelser)")
                break
    with contextlib.suppress(Damaged):
        # a date and a counter may look like a number now and then: judged by how many names do
        names = [f"{e.producer} {e.batch_id}" for e in landed(settings)[-_NEWEST_BATCHES:]]
        if identity.judge_identifiers(hit.replace("-", "") for name in names for hit in _NUMBERS.findall(name)):
            places.append("navn på sendinger i journalen")
    return places


def _shows(text: str) -> bool:
    """Whether a text holds a number; of JSON, only keys and strings are searched, each by itself."""
    try:
        value = json.loads(text)
    except ValueError:
        return bool(identity.find_in_text(text))
    return any(identity.find_in_text(string) for string in _strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value


def _failed_check(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    attempt = Releases(settings).last_attempt()
    if attempt.get("status") != "failed":
        return
    failed = attempt.get("failed_checks")
    names = [f"{c.get('dataset')}.{c.get('check')}" for c in failed] if isinstance(failed, list) else []
    what = (
        f"Siste kjøring stoppet i {count_with_noun(len(names), 'kontroll', 'kontroller')}: {_listed(names)}."
        if names
        else f"Siste kjøring ble ikke ferdig ({attempt.get('kind')})."
    )
    pointer = settings.releases / "current"
    release = f"utgave {pointer.resolve().name}" if pointer.exists() else "ingen utgave"
    since = datetime.fromisoformat(str(attempt["at"]))
    yield _Finding(what, f"Sidene viser fortsatt {release}.", "dif status", since)


def _growing_quarantine(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    releases = Releases(settings)
    current = releases.current()
    parent = str(current.manifest.get("parent") or "") if current else ""
    if current is None or not (releases.folder / parent / "manifest.json").is_file() or not parent:
        return
    before, after = _quarantined(releases.folder / parent), _quarantined(current.folder)
    grown = {
        stream: (before[stream], rows)
        for stream, rows in after.items()
        if rows > before[stream] * _GROWTH and rows - before[stream] > _GROWN_ROWS
    }
    if grown:
        growth = _listed(f"{_title(s)} fra {was} til {rows}" for s, (was, rows) in sorted(grown.items()))
        what = f"Rader til kontroll vokste i utgave {current.name}: {growth}."
        touches = f"Sidene: radene telles ikke med. Strømmer: {_listed(grown)}."
        yield _Finding(what, touches, "dif quarantine list", current.published_at)


@functools.lru_cache(maxsize=4)
def _quarantined(folder: Path) -> Counter[str]:
    """Rows in quarantine by stream; cached, since a release does not change."""
    rows: Counter[str] = Counter()
    for path in sorted((folder / "parquet" / "quality.accounting").rglob("*.parquet")):
        table = pq.read_table(path, columns=["stream", "quarantined"])
        summed = table.group_by("stream").aggregate([("quarantined", "sum")])
        for stream, count in zip(summed["stream"].to_pylist(), summed["quarantined_sum"].to_pylist(), strict=True):
            rows[str(stream)] += int(count or 0)
    return rows


def _missing_reporters(settings: Settings, _now: datetime) -> Iterator[_Finding]:
    """Organisations whose delivery was due by their own rhythm and is missing, according to the release.

    `_late_producer` sees a producer fall silent between releases. A producer that still sends, but leaves out some of
    its organisations, is seen only here. Simulated deliveries are ignored.
    """
    current = Releases(settings).current()
    begun: dict[tuple[str, str], dict[str, date]] = defaultdict(dict)
    for delivery in (missing_deliveries(current) if current else None) or ():
        if not delivery.synthetic:
            begun[delivery.producer, delivery.stream][delivery.organisation_number] = delivery.late_from
    for (producer, stream), missing in sorted(begun.items()):
        if len(missing) >= _FEWEST_MISSING:
            count = count_with_noun(len(missing), "virksomhet", "virksomheter")
            what = (
                f"{producer} har ikke levert «{_title(stream)}» som ventet for {count}; det er et hull, ikke null bruk."
            )
            touches = f"Virksomheter: {_listed(missing)}. De mangler i de nyeste tallene."
            since = datetime.combine(min(missing.values()), datetime.min.time(), OSLO)
            yield _Finding(what, touches, "dif status", since, f"{stream}/{producer}")


@dataclass(frozen=True, slots=True)
class MissingDelivery:
    """A delivery that was due and has not come.

    Attributes:
        late_from: the day after the first deadline missed since the last delivery that came as expected.
        synthetic: whether the simulator is the sender.
    """

    producer: str
    stream: str
    organisation_number: str
    late_from: date
    synthetic: bool


def missing_deliveries(release: Release) -> Sequence[MissingDelivery] | None:
    """Whose newest due delivery is missing: one per producer, stream and organisation, sorted in that order.

    None when the release predates `quality.expected_reporter`.
    """
    twin = release.folder / "parquet" / "quality.expected_reporter"
    return _missing(twin) if twin.is_dir() else None


@functools.lru_cache(maxsize=4)
def _missing(twin: Path) -> tuple[MissingDelivery, ...]:
    """Missing deliveries from the dataset's files; cached, since a release does not change."""
    names = ["producer", "stream", "organisation_number", "day", "due_on", "status", "synthetic"]
    due = [("expected", "==", True), ("status", "!=", "NOT_YET_DUE")]
    rows: list[dict[str, Any]] = []
    for path in sorted(twin.rglob("*.parquet")):
        rows += pq.read_table(path, columns=names, filters=due).to_pylist()
    begun: dict[tuple[str, str, str], MissingDelivery] = {}
    for row in sorted(rows, key=lambda row: row["day"]):
        key = (str(row["producer"]), str(row["stream"]), str(row["organisation_number"]))
        if row["status"] == "MISSING":
            late_from = row["due_on"] + timedelta(days=1)
            begun.setdefault(key, MissingDelivery(*key, late_from, bool(row["synthetic"])))
        else:
            begun.pop(key, None)
    return tuple(begun[key] for key in sorted(begun))


def _title(stream: str) -> str:
    return STREAMS[stream].title.nb if stream in STREAMS else stream


def refusals(settings: Settings) -> list[Path]:
    """The reason files of refused files that still lie there, the newest first."""
    rejected = settings.inbox / "rejected"
    reasons = []
    for path in rejected.rglob("*.reason.json") if rejected.is_dir() else ():
        with contextlib.suppress(OSError):
            reasons.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(reasons, reverse=True)]


def _refused_files(settings: Settings, now: datetime) -> Iterator[_Finding]:
    reasons = refusals(settings)
    if not reasons:
        return
    senders = set()
    for path in reasons:
        stream, *deeper = path.relative_to(settings.inbox / "rejected").parts[:-1] or ("",)
        producer = deeper[0] if deeper and PRODUCER.fullmatch(deeper[0]) else "inbox"
        senders.add(f"{producer} ({stream})" if stream in STREAMS else "ukjent strøm")
    oldest = min((path.stat().st_mtime for path in reasons if path.exists()), default=now.timestamp())
    what = f"{count_with_noun(len(reasons), 'fil', 'filer')} ble avvist og ligger i inbox/rejected med begrunnelse."
    touches = f"Produsenter: {_listed(senders)}. Det de sendte, er ikke talt med."
    yield _Finding(what, touches, "dif doctor", datetime.fromtimestamp(oldest, UTC))


def _stuck_files(settings: Settings, now: datetime) -> Iterator[_Finding]:
    """Files that the inbox cannot even refuse: they wait for a person, without a reason file."""
    stuck = inbox.stuck(settings)
    if stuck:
        what = f"{count_with_noun(len(stuck), 'fil', 'filer')} i innboksen kan ikke tas inn og ikke avvises."
        touches = f"Steder: {_listed({place for place, _why in stuck})}. Det som ligger der, er ikke talt med."
        since = min((_born(settings.inbox / place, now) for place, _why in stuck), default=now)
        yield _Finding(what, touches, "dif doctor", since)


def _born(path: Path, now: datetime) -> datetime:
    """When the path was last changed (a link itself, not its target); `now` when that is unreadable."""
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:
        return now


_CONDITIONS: tuple[tuple[str, str, Callable[[Settings, datetime], Iterable[_Finding]]], ...] = (
    ("servers_down", "now", _servers_down),
    ("closed_door", "now", _closed_door),
    ("no_receipts", "now", _no_receipts),
    ("disk", "now", _disk),
    ("damage", "now", _damage),
    ("backup", "now", _backup),
    ("clock", "now", _clock_was_put),
    ("identity_number", "now", _identity_number),
    ("late_producer", "morning", _late_producer),
    ("missing_reporters", "morning", _missing_reporters),
    ("failed_check", "morning", _failed_check),
    ("growing_quarantine", "morning", _growing_quarantine),
    ("refused_files", "morning", _refused_files),
    ("stuck_files", "morning", _stuck_files),
    ("token_ends", "morning", _token_ends),
)
URGENCY = {name: urgency for name, urgency, _ in _CONDITIONS} | {"watch_broken": "morning"}
"""How urgent each alert is, by its id. `watch_broken` fires when the look for another breaks."""
IDS = tuple(URGENCY)


def count_with_noun(count: int, singular: str, plural: str) -> str:
    """A count with its noun: "1 sending", "2 sendinger"."""
    return f"{count} {singular if count == 1 else plural}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"


def _lasted(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} t"
    return f"{hours} t {minutes % 60} min" if hours else f"{minutes} min"


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" og {len(ordered) - _MOST_LISTED} til" if len(ordered) > _MOST_LISTED else ""
    return ", ".join(ordered[:_MOST_LISTED]) + more if ordered else "ingen kjente"


# --- remembering -----------------------------------------------------------------------------------------------------

_Memory = dict[str, dict[str, Any]]
_UNSAVED: dict[Path, _Memory] = {}
"""Records that a full disk refused: keeps messages from being repeated while the process lives."""


def remembered(settings: Settings) -> list[str] | None:
    """Ids of the alerts that fired when `notify` last ran, one per alert; None when it never ran."""
    if not _memory_file(settings).is_file() and settings.home not in _UNSAVED:
        return None
    return [str(record["id"]) for record in _recall(settings).values() if not record.get("over")]


def _memory_file(settings: Settings) -> Path:
    return settings.home / "alerts.json"


def _recall(settings: Settings) -> _Memory:
    """The alerts on record. An unreadable file counts as empty: better to send twice than never."""
    if settings.home in _UNSAVED:
        return _UNSAVED[settings.home]
    try:
        records = json.loads(_memory_file(settings).read_text("utf-8"))["alerts"]
        return {key: dict(value) for key, value in records.items() if _whole(value)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _whole(record: dict[str, Any]) -> bool:
    moments = [record["since"], record["seen"], record["over"], *record["told"].values()]
    return record["id"] in URGENCY and all(datetime.fromisoformat(m).tzinfo for m in moments if m)


def _remember(settings: Settings, memory: _Memory, now: datetime) -> None:
    value = {"looked_at": now.isoformat(timespec="seconds"), "alerts": memory}
    try:
        atomic_files.write_json(_memory_file(settings), value)
        _UNSAVED.pop(settings.home, None)
    except OSError:
        _UNSAVED[settings.home] = memory
        for half in settings.home.glob(f"{atomic_files.TEMPORARY}*-alerts.json"):
            with contextlib.suppress(OSError):
                half.unlink()


@contextmanager
def _turn(settings: Settings) -> Iterator[bool]:
    """Hold the lock for sending; yields False when another process holds it. The lock ends with the process."""
    with contextlib.ExitStack() as stack:
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
            handle = stack.enter_context((settings.home / "alerts.lock").open("a"))
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:
            pass  # a full disk: better to send twice than never
        yield True


def _merged(memory: _Memory, alerts: Iterable[Alert], now: datetime) -> _Memory:
    """The memory with the current alerts: new ones are added, lasting ones updated, and the rest marked as over."""
    moment = now.isoformat(timespec="seconds")
    merged = {key: dict(record) for key, record in memory.items()}
    firing = {a.key: a for a in alerts}
    for key, alert in firing.items():
        record = merged.setdefault(key, {"since": alert.as_json()["since"], "seen": moment, "over": "", "told": {}})
        if record["over"]:  # it came back: channels that reported its end report its return
            record["over"] = ""
            record |= {} if record["told"] else {"since": alert.as_json()["since"], "seen": moment}
        record |= {k: v for k, v in alert.as_json().items() if k != "since"}
    for key, record in merged.items():
        if key not in firing and not record["over"]:
            record["over"] = moment
    return merged


# --- telling ---------------------------------------------------------------------------------------------------------


def notify(settings: Settings, alerts: Sequence[Alert], now: datetime) -> list[Delivery]:
    """Send what is new, what has lasted and what is over, and record what was sent.

    A channel that fails is tried again at the next call. It stops neither the other channels nor the caller.

    Args:
        settings: the channels.
        alerts: all that `check` found.
        now: when it looked.

    Returns:
        The messages of this call; none when another process is sending.
    """
    messages: list[Delivery] = []
    with _turn(settings) as mine:
        if not mine:
            return []
        memory = _merged(_recall(settings), alerts, now)
        channels = channels_of(settings)
        for name, address in channels.items():
            news = _news(memory, name, now)
            if any(news):
                problem = send(address, *_message(settings, *news))
                messages.append(Delivery(name, len(news[0]), len(news[1]), len(news[2]), problem))
                if not problem:
                    _note(name, news, now)
                    _remember(settings, memory, now)
        memory = {key: record for key, record in memory.items() if not _can_be_forgotten(record, channels, now)}
        _remember(settings, memory, now)
    log = event_log.EventLog(settings)
    for message in messages:
        counts = {"began": message.began, "lasting": message.lasting, "over": message.over}
        log.event("alerts_told", channel=message.channel, problem=message.problem, **counts)
    return messages


def try_channels(settings: Settings) -> list[Delivery]:
    """Send a test message by every configured channel; nothing is recorded.

    Returns:
        One message per channel, with its outcome; empty when no channel is configured.
    """
    messages = []
    for name, address in channels_of(settings).items():
        text = f"{house(settings)} Prøve: slik kommer varsler herfra. Du trenger ikke gjøre noe."
        messages.append(Delivery(name, 0, 0, 0, send(address, text, text)))
    return messages


def check_channels(settings: Settings) -> None:
    """Check the addresses that alerts and heartbeats go to.

    Raises:
        BadSetting: one is not a valid address; it is not repeated, since it may hold a secret.
    """
    if settings.heartbeat_url and not is_web(settings.heartbeat_url):
        raise BadSetting("heartbeat_url", "(not shown)", "an address that begins with https:// or http://")
    if not all(is_service(address) for address in settings.alert_urls.split()):
        raise BadSetting("alert_urls", "(not shown)", "addresses of services that Apprise knows, separated by spaces")


def has_channel(settings: Settings) -> bool:
    """Whether any channel is configured."""
    return bool(channels_of(settings))


def waits_until(settings: Settings, alert: Alert, now: datetime) -> datetime | None:
    """When a waiting alert will be sent; None when it is sent at once, or was sent."""
    record = _recall(settings).get(alert.key, {})
    if alert.urgency == "now" or (record and record["told"] and not record["over"]):
        return None
    return next_morning(datetime.fromisoformat(record["seen"]) if record and not record["over"] else now)


def watch(settings: Settings, now: datetime) -> tuple[list[Alert], list[Delivery]]:
    """Check, notify and send a heartbeat: `dif alerts --send` by its timer, and the supervisor every minute.

    The heartbeat goes to `heartbeat_url`. It is left out while an urgent alert fires or the watch itself fails, so that
    the monitor that expects it wakes somebody even when this machine cannot.

    Returns:
        The alerts that fire, and what each channel was sent.
    """
    clock.note(settings)
    for place in _leaks(settings):
        identity_number_seen(settings, place)  # lasts until a person has dealt with it
    alerts = firing(settings, now)
    deliveries = notify(settings, alerts, now)
    all_well = not any(a.urgency == "now" for a in alerts)
    if settings.heartbeat_url and all_well and (problem_there := beat(settings)):
        event_log.EventLog(settings).event("heartbeat_failed", problem=problem_there)
    return alerts, deliveries


_Records = list[dict[str, Any]]
_News = tuple[_Records, _Records, _Records]


def _news(memory: _Memory, channel: str, now: datetime) -> _News:
    """The news that the channel must send now: alerts that began, still last or are over."""
    began: _Records = []
    lasting: _Records = []
    over: _Records = []
    for record in memory.values():
        waits = record["urgency"] != "now"
        told_at = record["told"].get(channel)
        if record["over"]:
            if told_at and _due(record["over"], now, waits=waits):
                over.append(record)
        elif not told_at:
            if _due(record["seen"], now, waits=waits):
                began.append(record)
        # two hours less: the last one was sent some seconds past seven, and would otherwise skip a morning
        elif _due(told_at, now, waits=waits, later=_REPEAT - timedelta(hours=2) if waits else _REPEAT):
            lasting.append(record)
    return began, lasting, over


def _due(moment: str, now: datetime, *, waits: bool, later: timedelta = timedelta()) -> bool:
    at = datetime.fromisoformat(moment) + later
    return now >= (next_morning(at) if waits else at)


def next_morning(moment: datetime) -> datetime:
    """The first 07:00 in Oslo, not on Saturday or Sunday, that is not before the moment."""
    local = moment.astimezone(OSLO)
    morning = local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    while morning < local or morning.weekday() >= _SATURDAY:
        morning += timedelta(days=1)  # wall-clock time: stays seven when summer time begins or ends
    return morning.astimezone(UTC)


def _note(channel: str, news: _News, now: datetime) -> None:
    """Record what the channel sent, and drop it from the records of alerts whose end it reported."""
    began, lasting, over = news
    for record in (*began, *lasting):
        record["told"] = {**record["told"], channel: now.isoformat(timespec="seconds")}
    for record in over:
        record["told"] = {other: when for other, when in record["told"].items() if other != channel}


def _can_be_forgotten(record: Mapping[str, Any], channels: Iterable[str], now: datetime) -> bool:
    """Whether an alert that is over can be forgotten: no channel is left to report its end."""
    if not record["over"]:
        return False
    return record["told"].keys().isdisjoint(channels) or now - datetime.fromisoformat(record["over"]) > _OVER_LIMIT


def _message(settings: Settings, began: _Records, lasting: _Records, over: _Records) -> tuple[str, str]:
    """The subject and the text of a channel's message."""
    heads = [*(("Haster" if s["urgency"] == "now" else "Varsel", s) for s in began)]
    heads += [("Varer fortsatt", s) for s in lasting]
    texts = [
        f"{head}: {s['what']}\nSiden: {_clock(datetime.fromisoformat(s['since']))}\nBerører: {s['touches']}\n"
        f"Neste: {s['next']}\nMer: {s['runbook']}"
        for head, s in heads
    ]
    for ended in over:
        since, until = datetime.fromisoformat(ended["since"]), datetime.fromisoformat(ended["over"])
        name = f"{ended['id']} {ended['about']}".strip()
        texts.append(
            f"Over: {name} (siden {_clock(since)}, varte {_lasted(until - since)})\nDa ble det meldt: «{ended['what']}»"
        )
    texts[0] = f"{house(settings)} {texts[0]}"
    count = len(texts)
    subject = texts[0].split("\n", 1)[0] + (f" (og {count - 1} til)" if count > 1 else "")
    return subject, "\n\n".join(texts)
