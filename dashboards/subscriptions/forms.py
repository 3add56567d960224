"""The pages of a subscription: plain HTML with forms, which work without scripts. Pure: values in, markup out."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import frame, pages
from dashboards.subscriptions.letters import PARAMETERS
from transport.operations.subscriptions import Frequency, Kind, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.words import Words

_OTHER: Final = {"nb": "en", "en": "nb"}


def _document(title: str, content: str, words: Words) -> str:
    return frame.alone(title, f"<h1>{escape(title)}</h1>{content}", words)


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def page(key: str, words: Words, **parts: str) -> str:
    """A page that only says something: its title and text are `subscribe.<key>.title` and `subscribe.<key>`."""
    return _document(words(f"subscribe.{key}.title"), _paragraphs(words(f"subscribe.{key}", **parts)), words)


def without_mail(feeds: str, words: Words) -> str:
    """The page where mail is not set up: the feeds that tell the same."""
    content = _paragraphs(words("subscribe.off")) + _feeds("subscribe.off.feeds", feeds, words)
    return _document(words("subscribe.off.title"), content, words)


def _feeds(key: str, at: str, words: Words) -> str:
    """The text `key` and links to the feeds, which are `at` an address."""
    feeds = {name: escape(f"{at.rstrip('/')}/feeds/{name}.atom") for name in ("releases", "uptake.funnel")}
    items = "".join(
        f'<li><a href="{feed}">{escape(words(f"subscribe.feed.{name}"))}</a><small class="whole">{feed}</small></li>'
        for name, feed in feeds.items()
    )
    return f'{_paragraphs(words(key))}<ul class="rows">{items}</ul>'


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form already."""

    address: str = ""
    subject: Subject | None = None
    frequency: str = ""


def form(
    subjects: Mapping[Subject, str], token: str, words: Words, filled: Filled, *, feeds: str, message: str = ""
) -> str:
    """The form, and the feeds for whoever would rather follow those.

    Args:
        subjects: what this visitor can subscribe to.
        token: proves that we gave the form.
        words: the texts.
        filled: what a link or an earlier try has chosen.
        feeds: the address that has the feeds.
        message: what was wrong, or what a link asks for that there is not.
    """
    chosen = filled.subject
    groups = "".join(
        f'<optgroup label="{escape(words(f"subscribe.kind.{kind}"))}">{options}</optgroup>'
        for kind in Kind
        if (options := _options({s: name for s, name in subjects.items() if s.kind is kind}, chosen))
    )
    frequency = filled.frequency if filled.frequency in list(Frequency) else Frequency.MONTHLY
    radios = "".join(
        f'<p><label><input type="radio" name="frequency" value="{each}"{" checked" if each == frequency else ""}> '
        f"{escape(words(f'subscribe.frequency.{each}'))}</label></p>"
        for each in Frequency
    )
    error = f'<p class="error" role="alert">{escape(message)}</p>' if message else ""
    other = _OTHER[words.language]
    parameters = {PARAMETERS[chosen.kind]: chosen.name} if chosen and chosen.kind in PARAMETERS else {}
    switch = escape(f"{pages.SUBSCRIBE}?{urlencode({**parameters, pages.LANGUAGE: other})}")
    content = (
        f'{error}{_paragraphs(words("subscribe.lead"))}<form method="post" action="{pages.SUBSCRIBE}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f'<input type="hidden" name="{pages.LANGUAGE}" value="{words.language}">'
        f'<label class="field" for="address">{escape(words("subscribe.address"))}</label>'
        '<input id="address" name="address" type="email" autocomplete="email" required maxlength="254" '
        f'value="{escape(filled.address)}">'
        f'<label class="field" for="subject">{escape(words("subscribe.subject"))}</label>'
        f'<select id="subject" name="subject" required>{groups}</select>'
        f"<fieldset><legend>{escape(words('subscribe.frequency'))}</legend>{radios}</fieldset>"
        f"{_paragraphs(words('subscribe.privacy'))}"
        f'<button type="submit">{escape(words("subscribe.send"))}</button></form>'
        f"{_feeds('subscribe.feeds', feeds, words)}"
        f'<p><a href="{switch}" hreflang="{other}" lang="{other}">{escape(words("subscribe.other_language"))}</a></p>'
    )
    return _document(words("subscribe.title"), content, words)


def _options(subjects: Mapping[Subject, str], chosen: Subject | None) -> str:
    return "".join(
        f'<option value="{escape(s.text)}"{" selected" if s == chosen else ""}>{escape(_label(s, name))}</option>'
        for s, name in subjects.items()
    )


def _label(subject: Subject, name: str) -> str:
    """Municipalities with their codes: some share a name."""
    return f"{name} ({subject.name})" if subject.kind is Kind.MUNICIPALITY else name


def button(key: str, words: Words, **parts: str) -> str:
    """A page whose button does what a link led to: following the link alone changes nothing."""
    content = (
        f"{_paragraphs(words(f'subscribe.{key}', **parts))}"
        f'<form method="post"><button type="submit">{escape(words(f"subscribe.{key}.button"))}</button></form>'
    )
    return _document(words(f"subscribe.{key}.title"), content, words)
