"""A file that a reader of some format has opened, what the reader was given for it, and documents of XML within it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from catalog.errors import Unreadable

if TYPE_CHECKING:
    from lxml import etree

    Element: TypeAlias = etree._Element  # noqa: SLF001
    """An element of XML: lxml has no other name for its type."""

COVERS = b"dif.covers"
"""Schema metadata of rows from a file of whole months: the subject, the first and the last month."""
_COVERS = re.compile(r"(\d{9}) (\d{4}-\d{2}) (\d{4}-\d{2})")


def covers_in(metadata: Mapping[bytes, bytes]) -> tuple[str, ...]:
    """The months that rows cover, by their schema's metadata; empty if it does not say.

    Raises:
        Unreadable: it does not have that form.
    """
    stated = metadata.get(COVERS)
    if stated is None:
        return ()
    hit = _COVERS.fullmatch(stated.decode("ascii", "replace"))
    if hit is None or hit[2] > hit[3]:
        raise Unreadable(
            f"The schema's metadata {COVERS.decode()} is not an organisation number and two months.", "Leave it out."
        )
    return hit.groups()


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An opened file: its chunks, in the contract's columns, and its schema metadata.

    Attributes:
        first_line: the line of the first row, where each row is a line.
        lines: the line of each row read so far, where rows are no lines, as in XML; else empty.
        notes: what the file says beside its rows, for the receipt; complete when the last chunk is read.
        covers: what the file holds whole (`ValidatedBatch.covers`); complete when the last chunk is read.
    """

    chunks: Iterator[pa.Table]
    metadata: dict[bytes, bytes]
    first_line: int
    lines: Sequence[int] = ()
    notes: Mapping[str, object] = field(default_factory=dict)
    covers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReaderInputs:
    """A reader process's input besides the file: it can read neither the landing nor the settings.

    Attributes:
        company: the organisation number whose accounts are taken in; empty when the setting is.
        schemas: the folder of official schemas that we may not carry; empty when the setting is.
        registers: rows in force by register, with dates as text, of the registers that the kind of file names.
    """

    company: str = ""
    schemas: str = ""
    registers: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)


# --- documents --------------------------------------------------------------------------------------------------------

SAFE: Mapping[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How lxml reads a stranger's document: nothing is fetched, nothing expanded, and libxml2's own limits hold."""
_FILE_NUMBER = re.compile(r"_[0-9]{14}_([0-9]{1,4})_([0-9]{1,4})\.xml$", re.IGNORECASE)
"""How systems number the parts of one export: `SAF-T Financial_999999999_20160401235911_1_12.xml`.

A year and a month at the end of a name are no such numbers: the time before them tells.
"""
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""What reading a member of a damaged zip raises."""


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a file: the file itself, or a member of a zip.

    Attributes:
        name: of the file or member; systems put a part's number in it.
        open: its bytes from the start, each time it is called.
        member: it is of a zip.
    """

    name: str
    open: Callable[[], IO[bytes]]
    member: bool = False

    @property
    def called(self) -> str:
        """The part's name in messages."""
        return f"Delen «{self.name[-80:]}»" if self.member else "Filen"

    @property
    def number(self) -> tuple[int, int]:
        """The number of the part and of all parts, by its name; 1 of 1 if the name has no such numbers."""
        hit = _FILE_NUMBER.search(self.name)
        return (int(hit[1]), int(hit[2])) if hit else (1, 1)


def refuse_type(root: Element, part: Part) -> None:
    """Refuse a document that declares a type.

    Raises:
        Unreadable: it does.
    """
    if root.getroottree().docinfo.doctype:
        raise Unreadable(
            f"{part.called} har en dokumenttype (DOCTYPE) eller entiteter, som ikke leses.",
            "Eksporter på nytt uten DOCTYPE; regnskapssystemer lager filen uten.",
        )


def not_xml(problem: Exception, part: Part) -> Unreadable:
    """The refusal of a document that is not well-formed XML, with its line."""
    line = getattr(problem, "lineno", None)
    text = re.sub(r", line \d+, column \d+.*", "", str(problem))[:160]
    where = f"{part.called}, linje {line}," if line else part.called
    return Unreadable(
        f"{where} er ikke gyldig XML: {text}.",
        "Filen kan være avkortet, skadet eller i feil tegnsett; eksporter på nytt, og sammenlign størrelsen.",
    )


def damaged(part: Part) -> Unreadable:
    """The refusal of a member whose bytes are not those that were packed."""
    return Unreadable(f"{part.called} er skadet i zip-filen.", "Lag zip-filen på nytt, og sammenlign størrelsen.")
