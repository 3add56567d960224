"""What the mails say: to confirm, what is new, and that a subject is no more. Texts in, messages out.

Plain text and simple HTML with the same content. The HTML fetches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import pages
from dashboards.shared.narrative import compared, synthetic
from dashboards.words import LANGUAGES, Words, formatting
from transport.operations import mail
from transport.operations.subscriptions import Frequency, Kind, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from email.message import EmailMessage

    from dashboards.release.query import Row
    from dashboards.subscriptions.news import Ended, Matter
    from transport.base.settings import Settings
    from transport.operations.subscriptions import Links, Subscription

_MOST_LINES: Final = 20
_PAGES: Final = {
    Kind.SERVICE: ("service", pages.SERVICE),
    Kind.NETWORK: ("uptake", pages.AREA),
    Kind.COUNTY: ("uptake", pages.AREA),
    Kind.MUNICIPALITY: ("usage", pages.MUNICIPALITY),
    Kind.LEADERSHIP: ("overview", ""),
}
"""The page of each kind of subject, and its parameter."""
PARAMETERS: Final = {
    Kind.SERVICE: pages.SERVICE,
    Kind.NETWORK: pages.AREA,
    Kind.COUNTY: pages.AREA,
    Kind.MUNICIPALITY: pages.MUNICIPALITY,
}
"""The parameter of the form's address for each kind of subject that one can be given."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: its subject line, paragraphs, a list, and links as text and address."""

    title: str
    paragraphs: Sequence[str]
    lines: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()


def link(path: str, words: Words, **parameters: str) -> str:
    """A path of the pages with its parameters and the language."""
    query = {**parameters, **({} if words.language == LANGUAGES[0] else {pages.LANGUAGE: words.language})}
    return f"{path}?{urlencode(query)}" if query else path


def form_of(subject: Subject, words: Words) -> str:
    """The path of the form with a subject chosen."""
    return link(pages.SUBSCRIBE, words, **{PARAMETERS[subject.kind]: subject.name})


def confirming(what: str, address: str, token: str, words: Words) -> Letter:
    """Asks the owner of an address to confirm. Nothing in it comes from whoever filled in the form."""
    to = address + link(f"{pages.SUBSCRIBE}/bekreft/{token}", words)
    return Letter(
        words("subscribe.mail.confirm.title"),
        [words("subscribe.mail.confirm", what=what), words("subscribe.mail.confirm.else")],
        links=[(words("subscribe.mail.confirm.link"), to)],
    )


def _see(subject: Subject, address: str, words: Words) -> tuple[str, str]:
    page, parameter = _PAGES[subject.kind]
    return words("subscribe.mail.see"), address + link(
        pages.address(page), words, **({parameter: subject.name} if parameter else {})
    )


def of_month(subject: Subject, name: str, month: date, rows: Sequence[Row], address: str, words: Words) -> Letter:
    """A month's figures of a subject; the leadership's has none."""
    when = formatting.month(month, words.language)
    title = words("subscribe.mail.month.title", name=name, month=when)
    see = [_see(subject, address, words)]
    if subject.kind is Kind.LEADERSHIP:
        return Letter(title, [words("subscribe.mail.month.leadership", month=when)], links=see)
    if not rows:
        return Letter(title, [words("subscribe.mail.month.none", month=when)], links=see)
    kind = "municipality" if subject.kind is Kind.MUNICIPALITY else "count"
    paragraphs = [*_synthetic(rows, words), words(f"subscribe.mail.month.{kind}", month=when)]
    return Letter(title, paragraphs, [_line(each, words) for each in rows], see)


def _synthetic(rows: Sequence[object], words: Words) -> list[str]:
    """A warning to read before any number, where some of them are synthetic."""
    return [words("app.synthetic.sentence")] if synthetic(rows) else []


def _line(row: Row, words: Words) -> str:
    if isinstance(row.active, bool):
        new = row.active_before is not None and row.active != row.active_before
        return words(f"subscribe.mail.{'has' if row.active else 'lacks'}{'.new' if new else ''}", name=row.name)
    text = words("subscribe.mail.count", name=row.name, n=row.active, all=row.municipalities)
    if row.active_before is None:
        return text
    return words("subscribe.mail.count.compared", count=text, than=compared(row.active - row.active_before, words))


def of_decisions(subject: Subject, name: str, new: Sequence[Matter], address: str, words: Words) -> Letter:
    """What newly calls for a decision; to the leadership only that something does."""
    title = words("subscribe.mail.decision.title", name=name)
    see = [_see(subject, address, words)]
    if subject.kind is Kind.LEADERSHIP:
        return Letter(title, [words("subscribe.mail.decision.leadership")], links=see)
    lines = [
        words("subscribe.mail.call", municipality=matter.municipality, service=matter.service)
        if matter.municipality
        else words("subscribe.mail.annex", service=matter.service)
        for matter in new[:_MOST_LINES]
    ]
    if len(new) > _MOST_LINES:
        lines.append(words("value.more", n=len(new) - _MOST_LINES))
    return Letter(title, [*_synthetic(new, words), words("subscribe.mail.decision")], lines, see)


def of_end(what: Ended, address: str, words: Words) -> Letter:
    """The last mail of a subscription whose subject is no more, with what it became."""
    text = "subscribe.mail.ended.became" if what.became else "subscribe.mail.ended"
    links = [
        (words("subscribe.mail.ended.link", name=name), address + form_of(subject, words))
        for subject, name in what.became.items()
    ]
    names = formatting.listing(list(what.became.values()), words.language)
    return Letter(
        words("subscribe.mail.ended.title", name=what.name),
        [words(text, name=what.name, became=names), words("subscribe.mail.ended.gone")],
        links=links,
    )


def message(letter: Letter, to: str, given: Settings, words: Words) -> EmailMessage:
    """The mail of a letter.

    Raises:
        BadSetting: `smtp_url` says no sender.
    """
    email = mail.new_message(given, to, letter.title)
    foot = words("subscribe.mail.foot", app=words("app.title"))
    parts = [
        *letter.paragraphs,
        *(["\n".join(f"- {line}" for line in letter.lines)] if letter.lines else []),
        *(f"{text}:\n{address}" for text, address in letter.links),
        foot,
    ]
    email.set_content("\n\n".join(parts) + "\n")
    title = escape(letter.title)
    listed = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in letter.lines)}</ul>" if letter.lines else ""
    linked = "".join(f'<p><a href="{escape(address)}">{escape(text)}</a></p>' for text, address in letter.links)
    content = "".join(f"<p>{escape(text)}</p>" for text in letter.paragraphs) + listed + linked
    email.add_alternative(
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{content}<p>{escape(foot)}</p></body></html>\n",
        subtype="html",
    )
    return email


def subscribed(letter: Letter, subscription: Subscription, links: Links, address: str, given: Settings) -> EmailMessage:
    """The mail of a letter to a subscriber, with the way out of the subscription.

    Source: RFC 8058 (one click) and RFC 2369 (List-Unsubscribe).
    """
    words = Words(subscription.wish.language)
    path = f"{pages.SUBSCRIBE}/slutt/{links.ending(subscription.id)}"
    out = (words("subscribe.mail.unsubscribe"), address + link(path, words))
    whole = Letter(letter.title, letter.paragraphs, letter.lines, [*letter.links, out])
    email = message(whole, subscription.wish.address, given, words)
    email["List-Unsubscribe"] = f"<{address}{path}>"
    email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return email


def named(subject: Subject, name: str | None, words: Words) -> str:
    """A subject in a sentence; the leadership's has a text of its own."""
    return words("subscribe.leadership") if subject.kind is Kind.LEADERSHIP else str(name)


def asked_for(subject: Subject, name: str, frequency: Frequency, words: Words) -> str:
    """A subject and how often, in a sentence: `SvarUt, månedlig`."""
    return words("subscribe.what", name=named(subject, name, words), frequency=words(f"subscribe.when.{frequency}"))
