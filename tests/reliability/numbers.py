"""R19: identity numbers in every written form, by every door, and one run: none is found anywhere afterwards.

In free text they are masked before the receipt. In identifiers they are masked, or the batch is refused. Of a row a
batch, by one producer or many, in one column or many, nothing can be known at the door: the next run finds these
batches, takes them back and masks them, so that no file has one.
The control masks what a full match of eleven digits finds, as the door once did.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.domain import identity
from catalog.errors import SharingError
from catalog.tables.streams import ADOPTION
from tests.identity_forms import forms
from tests.reliability.bits import http_door
from tests.reliability.board import Figure, figure
from tests.reliability.restores import made
from tests.reliability.zygote import client_at, home_in, scratch, serving
from tests.transport.conftest import encoded, table_of
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.ingest.ingest_service import IngestService, Upload
from transport.storage.landing import open_landing

_AROUND = ("{}", "fnr: {} (se sak)", "bruker-{}", "{}@kommune.no", "x{}y")
_DOORS = ("inbox", "http", "flight")
_NAMES = [c.name for c in ADOPTION.columns]


def numbers(count: int, *, first: int = 0) -> list[str]:
    """So many numbers that nobody has: synthetic months, right control digits."""
    found: list[str] = []
    for place in range(first, 1 << 20):
        born = date(2000 + place % 40, 1 + place // 40 % 12, 1 + place // 480 % 28)
        nine = f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}{500 + place // 13_440:03d}"
        one = -sum(int(d) * w for d, w in zip(nine, identity.FIRST_WEIGHTS, strict=True)) % 11
        two = -sum(int(d) * w for d, w in zip(f"{nine}{one}", identity.SECOND_WEIGHTS, strict=False)) % 11
        if one < 10 and two < 10:
            found.append(f"{nine}{one}{two}")
        if len(found) == count:
            break
    return found


def rows(count: int, **columns: list[str]) -> pa.Table:
    """A batch of adoption steps with some columns of ours."""
    table = table_of("adoption", count).select(_NAMES)
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values, ADOPTION[name].type))
    return table


def planted_in(each: int) -> dict[str, str]:
    """The numbers of the batches, each as it is written there."""
    kinds = list(forms("0" * 11))
    pool = numbers(2 * each * len(kinds))
    return {n: forms(n)[kinds[place // (2 * each)]] for place, n in enumerate(pool)}


def batches(each: int) -> Iterator[tuple[str, pa.Table]]:
    """A batch for each form, of numbers of its own: in free text, then as identifiers with something around."""
    kinds = list(forms("0" * 11))
    pool = iter(numbers(2 * each * len(kinds)))
    for place, kind in enumerate(kinds):
        written = [forms(next(pool))[kind] for _ in range(each)]
        notes = [_AROUND[i % len(_AROUND)].format(w) for i, w in enumerate(written)]
        yield f"fri-{place}", rows(each, note=notes, event_id=[f"{place}-{i}" for i in range(each)])
        written = [forms(next(pool))[kind] for _ in range(each)]
        around = _AROUND[place % len(_AROUND)]
        yield (
            f"id-{place}",
            rows(each, event_id=[around.format(w) for w in written], note=[f"{place}-{i}" for i in range(each)]),
        )


def send(settings: Settings, offered: Iterable[tuple[str, pa.Table]]) -> Counter[str]:
    """Send each batch by one of the doors in turn; how they were answered."""
    answers: Counter[str] = Counter()
    offered = list(offered)
    parts = {door: offered[place :: len(_DOORS)] for place, door in enumerate(_DOORS)}
    for name, table in parts["inbox"]:
        inbox.drop(settings.inbox, "adoption", "p", name, table)
    taken = inbox.take_in(settings, open_landing(settings))
    answers += Counter({"inbox accepted": len(taken.accepted), "inbox refused": len(taken.rejected)})
    with http_door(settings.home) as connection:
        said = {"content-type": "application/vnd.apache.parquet", "dif-producer": "p"}
        for name, table in parts["http"]:
            body = encoded(table, ".parquet")
            connection.request("PUT", f"/v1/streams/adoption/batches/{name}", body=body, headers=said)
            answer = connection.getresponse()
            answer.read()
            answers[f"HTTP {'accepted' if answer.status < 300 else 'refused'}"] += 1
        for number in numbers(3, first=50_000):  # a batch that is called by one
            connection.request("PUT", f"/v1/streams/adoption/batches/{number}", body=body, headers=said)
            answers[f"HTTP, by such a name {connection.getresponse().read() and 'refused'}"] += 1
    with serving(settings) as servers, client_at(servers.place(), producer="p") as client:
        for name, table in parts["flight"]:
            try:
                client.send("adoption", name, table)
                answers["Flight accepted"] += 1
            except SharingError:
                answers["Flight refused"] += 1
    return answers


def one_by_one(settings: Settings, sent: list[str]) -> None:
    """A row a batch, each with a number for an id: a third by one producer, a third by a producer each, and a third by
    five producers in other columns."""
    one = IngestService(settings)
    for place, number in enumerate(sent):
        producer = ("enkeltvis", f"p{place}", f"spredt-{place // 3 % 5}")[place % 3]
        column = ("event_id", "event_id", ("event_id", "source")[place // 15 % 2])[place % 3]
        caller = one.access.caller(None, producer=producer)
        with one.open_upload(caller, Upload("adoption", f"b{place}", "http")) as taking:
            columns = {"event_id": [f"a{place}"], column: [f"bruker-{number}"], "note": [str(place)]}
            taking.add(rows(1, **columns))
            taking.finish()


_WINDOW = re.compile(r"(?=([0-9]{11}))")


def _squeezed(text: str) -> str:
    """Digits of every script as plain ones, and nothing between them but letters: however it is written, it shows."""
    plain = (str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return "".join(c for c in plain if c.isalnum())


def _texts(path: Path) -> Iterator[str]:
    """What a file says: its name, its bytes, and decoded its cells."""
    yield path.name
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        for column in table.columns:
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                yield from column.unique().drop_null().to_pylist()
    elif path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as connection:
            names = "select table_schema, table_name, column_name from information_schema.columns"
            asked = f"{names} where data_type = 'VARCHAR'"
            for schema, table_name, name in connection.execute(asked).fetchall():
                where = f'"{schema}"."{table_name}"'
                found = connection.execute(f'select distinct "{name}" from {where} where "{name}" is not null')
                yield from (cell for (cell,) in found.fetchall())
    else:
        yield from path.read_bytes().decode("utf-8", "replace").splitlines()


def shown(folder: Path, known: Mapping[str, str]) -> dict[str, int]:
    """Files in which a known number stands in whatever form, or as it was sent, and how many of them.

    Args:
        folder: is searched.
        known: the numbers, each with the text in which it was sent; empty where its digits alone tell.
    """
    found: dict[str, int] = {}
    encoded = {sent: n for n, sent in known.items() if sent and n not in _squeezed(sent)}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        texts = list(_texts(path))
        seen = {n for text in texts for n in _WINDOW.findall(_squeezed(text))} & known.keys()
        whole = "\n".join(texts)
        seen |= {n for sent, n in encoded.items() if sent in whole}
        if seen:
            found[str(path.relative_to(folder))] = len(seen)
    return found


@figure("R19")
def r19(scale: float, seed: int) -> Figure:
    """No identity number is found in any store, however it was written and sent."""
    began = time.monotonic()
    each, single = max(3, round(20 * scale)), max(10, round(200 * scale))
    kinds = forms("0" * 11)
    planted = planted_in(each)
    alone = numbers(single, first=100_000)
    wrong: list[str] = []
    with scratch() as folder:
        settings = home_in(folder / "home")
        offered = list(batches(each))
        beside = folder / "search"
        beside.mkdir()
        for name, table in offered:  # the search itself sees each of them before they are sent
            pq.write_table(table, beside / f"{name}.parquet")
        if (seen := sum(shown(beside, planted).values())) != len(planted):
            wrong.append(f"the search sees {seen} of the {len(planted)} that are planted")
        answers = send(settings, offered)
        wrong += [f"at the door: {n} in {where}" for where, n in shown(settings.home, planted).items()]
        one_by_one(settings, alone)
        made(settings)
        landing = open_landing(settings)
        withdrawn = [e for e in landing.entries if landing.withdrawal(e) is not None]
        if len(withdrawn) != single:
            wrong.append(f"{len(withdrawn)} of the {single} batches of one row were taken back")
        everyone = planted | dict.fromkeys([*alone, *numbers(3, first=50_000)], "")
        wrong += [f"after the run: {n} in {where}" for where, n in shown(settings.home, everyone).items()]
    full = sum(bool(re.fullmatch(r"[0-9]{6}[- ]?[0-9]{5}", written)) for written in forms(alone[0]).values())
    return Figure(
        "R19",
        f"identity numbers in {len(kinds)} written forms by inbox, HTTP and Flight, and a row a batch: none found",
        len(planted) + single + 3,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"full matches only find {full} of {len(kinds)} forms",
        control_saw=full < len(kinds),
        facts=dict(sorted(answers.items())) | {"batches of one row that the run took back": single},
    )
