"""A report read as a person and as a printer read it."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Holds a page to its tags: each is ended, and what is read by a person is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.said: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in {"meta", "wbr", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.said.append(data)


def text_of(page: str) -> str:
    return " ".join(" ".join(Reader(page).said).split())


PARTS = """
[...document.querySelectorAll('.dif-sheet > :not(.dif-freshness, .dif-kicker), .dif-pair section > *')]
    .filter(x => !x.closest('.dif-pair > :last-child') && !x.matches('.dif-pair'))
    .map(x => x.getBoundingClientRect()).filter(x => x.height).map(x => [x.top, x.bottom])
"""
"""Where each part of the sheet begins and ends."""


def pages_of(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", printed))
