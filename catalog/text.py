"""A text in both languages of the house: Norwegian bokmål for users, English for code and docs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Norwegian bokmål and in English. `nb("…") | en("…")` makes one."""

    nb: str = ""
    en: str = ""

    def __or__(self, other: Text) -> Text:
        """Fill what this text lacks from the other."""
        return Text(self.nb or other.nb, self.en or other.en)

    def __getitem__(self, language: str) -> str:
        """The text in `language` (`nb` or `en`)."""
        return self.en if language == "en" else self.nb


def nb(text: str) -> Text:
    """The Norwegian half of a text."""
    return Text(nb=text)


def en(text: str) -> Text:
    """The English half of a text."""
    return Text(en=text)
