"""Reads XML documents, single or zipped: the kind of a document follows from its root element.

A kind names the stream that its rows belong to, the registers that its reader needs, and the reader, which yields
chunks of the stream's contract (`transport.ingest.opened_file`). To add a kind, add it to `KINDS`.

No document may declare a type (DOCTYPE): entities, and with them bombs and calls of the network, need one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from catalog.contracts.language import StreamContract
from catalog.errors import TooLarge, Unreadable
from transport.ingest.opened_file import (
    DAMAGE,
    SAFE,
    OpenedFile,
    Part,
    ReaderInputs,
    damaged,
    not_xml,
    refuse_type,
)

ENDINGS = (".xml", ".zip")
_PARTS = 200
_PACKED_RATIO = 200
_PACKED_SMALL = 64 << 20
_PACKED_BYTES = 16 << 30
"""What a zip may hold: parts, times its size, bytes at any ratio, and bytes in all. XML packs to a tenth or a
thirtieth; a bomb to less than a thousandth."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document.

    Attributes:
        name: what people call it.
        roots: its root elements, as `{namespace}name`.
        stream: what its rows belong to.
        registers: what its reader looks up.
        read: opens the parts of one file; raises what it finds wrong there or while its chunks are read.
    """

    name: str
    roots: frozenset[str]
    stream: str
    registers: tuple[str, ...]
    read: Callable[[Sequence[Part], StreamContract, ReaderInputs], OpenedFile]


def _saft(parts: Sequence[Part], stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    from transport.ingest import saft  # its library is loaded for those who send such files

    return saft.read(parts, stream, inputs)


def _ehf(parts: Sequence[Part], stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    from transport.ingest import ehf

    return ehf.opened(parts, stream, inputs)


_UBL = "{urn:oasis:names:specification:ubl:schema:xsd:"
KINDS: tuple[Kind, ...] = (
    Kind("EHF", frozenset({f"{_UBL}Invoice-2}}Invoice", f"{_UBL}CreditNote-2}}CreditNote"}), "invoice_line", (), _ehf),
    Kind(
        "SAF-T Financial",
        frozenset({"{urn:StandardAuditFile-Taxation-Financial:NO}AuditFile"}),
        "cost_entry",
        ("saft_account", "saft_dimension"),
        _saft,
    ),
)
"""Every kind of document that is read."""


def registers_for(stream: str) -> frozenset[str]:
    """The registers that readers of a stream's documents look up."""
    return frozenset(name for kind in KINDS if kind.stream == stream for name in kind.registers)


def open_documents(path: Path, name: str, stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    """Open an XML file, or a zip of XML files of one kind.

    Args:
        path: where it is opened.
        name: of the file as its sender named it.
        stream: that it was sent to.
        inputs: what its reader needs beside it.

    Raises:
        Unreadable: it is no XML or zip, declares a type, or is of no kind that the stream takes. Streams that take
            documents say so in Norwegian, to accountants; the others in English, as of every other file.
        TooLarge: the zip holds too much.
    """
    if stream.name not in {kind.stream for kind in KINDS}:
        places = ", ".join(f"{kind.name} to {kind.stream}" for kind in KINDS)
        raise Unreadable(
            f"Stream {stream.name} takes no XML and no zip.", f"Send {places}; unpack a zip of anything else."
        )
    parts = _members(path) if name.lower().endswith(".zip") else [Part(name, lambda: path.open("rb"))]
    kinds = [_kind_of(part, stream) for part in parts]
    if len({kind.name for kind in kinds}) > 1:
        raise Unreadable(
            f"Zip-fila har både {kinds[0].name} og {next(k.name for k in kinds if k is not kinds[0])}.",
            "Send hver av dem for seg.",
        )
    return kinds[0].read(parts, stream, inputs)


def parts_of(path: Path) -> list[Part]:
    """The documents of a file, by the ending of its name."""
    return _members(path) if path.suffix.lower() == ".zip" else [Part(path.name, lambda: path.open("rb"))]


def _kind_of(part: Part, stream: StreamContract) -> Kind:
    """The kind of a document, by its root element."""
    root = _root(part)
    kind = next((kind for kind in KINDS if root in kind.roots), None)
    if kind is None:
        space, _, name = root.rpartition("}")
        near = [k for k in KINDS if any(r.rpartition("}")[2] == name for r in k.roots)]
        wanted = ", ".join(sorted(r.rpartition("}")[0][1:] for k in near for r in k.roots if r.endswith("}" + name)))
        raise Unreadable(
            f"{part.called} begynner med <{name[:60]}> i navnerommet «{space[1:120]}», som ikke leses her.",
            f"{near[0].name} har navnerommet «{wanted}»; eksporter på nytt fra regnskapssystemet."
            if near
            else f"Send {', '.join(k.name for k in KINDS) or 'et format som leses'}.",
        )
    if kind.stream != stream.name:
        raise Unreadable(
            f"{part.called} er {kind.name} og hører til {kind.stream}, ikke {stream.name}.",
            f"Send den til {kind.stream}.",
        )
    return kind


def _root(part: Part) -> str:
    """The name of a document's root element, as `{namespace}name`."""
    from lxml import etree

    with part.open() as handle:
        try:
            for _, element in etree.iterparse(handle, events=("start",), **SAFE):
                refuse_type(element, part)
                return str(element.tag)
        except etree.XMLSyntaxError as problem:
            raise not_xml(problem, part) from None
        except DAMAGE:
            raise damaged(part) from None
    raise Unreadable(f"{part.called} er tom.", "Eksporter på nytt.")


def _members(path: Path) -> list[Part]:
    """The XML files of a zip, in the order of the numbers in their names (`_1_12.xml`), else of their names."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            packed = path.stat().st_size
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as problem:
        raise Unreadable(
            f"Filen er ikke en hel zip-fil ({type(problem).__name__}).", "Lag den på nytt, og sammenlign størrelsen."
        ) from None
    size = sum(m.file_size for m in members)
    if len(members) > _PARTS or size > _PACKED_BYTES or size > max(_PACKED_SMALL, _PACKED_RATIO * packed):
        raise TooLarge(
            f"Zip-filen pakker ut {len(members)} filer og {size >> 20} MB fra {packed >> 20} MB.",
            f"Høyst {_PARTS} filer, {_PACKED_BYTES >> 30} GB og {_PACKED_RATIO} ganger størrelsen leses; del den opp.",
        )
    wrong = [m.filename for m in members if not m.filename.lower().endswith(".xml")]
    locked = [m.filename for m in members if m.flag_bits & 1]
    if not members or wrong or locked:
        what = "er tom" if not members else f"har {(wrong or locked)[0][-80:]!r}"
        why = ", som er kryptert" if locked and not wrong else ", som ikke er en XML-fil" if members else ""
        raise Unreadable(f"Zip-filen {what}{why}.", "Pakk bare XML-filene, uten passord.")
    parts = [Part(m.filename, partial(_member, path, m), member=True) for m in members]
    return sorted(parts, key=lambda part: (part.number, part.name))


def _member(path: Path, member: zipfile.ZipInfo) -> IO[bytes]:
    """A member's bytes: no more than the archive says, and refused by the library where their checksum differs."""
    try:
        return zipfile.ZipFile(path).open(member)  # the archive stays open while its member is
    except DAMAGE:
        raise damaged(Part(member.filename, lambda: _member(path, member), member=True)) from None
