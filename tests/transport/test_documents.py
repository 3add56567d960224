"""XML files, single and zipped: what is refused before any kind of document is read."""

from __future__ import annotations

import io
import zipfile

import pytest

from catalog.errors import SharingError, TooLarge, Unreadable
from catalog.tables.streams import STREAMS
from transport.ingest import formats

LAUGHS = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
HOSTILE = {
    "bomb.xml": (f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{LAUGHS}]><a>&e9;</a>'.encode(), "DOCTYPE"),
    "file.xml": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
    "net.xml": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "DOCTYPE"),
    "text.xml": (b"konto;kroner\n1;2\n", "linje 1, er ikke gyldig XML"),
    "encoding.xml": ('<?xml version="1.0" encoding="UTF-8"?><å>ø</å>'.encode("latin-1"), "ikke gyldig XML"),
    "other.xml": (b'<Faktura xmlns="urn:elsewhere"/>', "som ikke leses her"),
    "no.zip": (b"PK\x03\x04 and then nothing", "ikke en hel zip-fil"),
}


def packed(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_that_is_none_or_hostile_is_refused_with_why(tmp_path, name):
    content, why = HOSTILE[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=why) as refused:
        formats.open_file(tmp_path / name, STREAMS["cost_entry"])
    assert refused.value.mend


@pytest.mark.parametrize(
    ("members", "error", "why"),
    [
        ({}, Unreadable, "er tom"),
        ({"a.xml": b"<a/>", "readme.txt": b"hi"}, Unreadable, "readme.txt"),
        ({"a.xml": bytes(80 << 20)}, TooLarge, "80 MB fra 0 MB"),
        ({f"{n}.xml": b"<a/>" for n in range(201)}, TooLarge, "201 filer"),
        ({"a.zip": packed({"a.xml": b"<a/>"})}, Unreadable, "a.zip"),
    ],
)
def test_a_zip_of_anything_but_a_few_xml_files_is_refused(tmp_path, members, error, why):
    (tmp_path / "file.zip").write_bytes(packed(members))
    with pytest.raises(SharingError, match=why) as refused:
        formats.open_file(tmp_path / "file.zip", STREAMS["cost_entry"])
    assert type(refused.value) is error
