"""Whom to call, on the page: the list, its files, and the follow-up that is registered in it. Layout only."""

from __future__ import annotations

import logging
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.errors import SharingError
from catalog.tables.uptake_calls import FOLLOW_UP_WORDS, FOLLOW_UPS
from dashboards.page import downloads, filters, layout
from dashboards.shared import narrative as shared_narrative
from dashboards.views.uptake import follow_up, narrative, panels, queries, tables
from dashboards.views.uptake.models import CALLS
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Choice
    from dashboards.page.layout import Page
    from dashboards.release.query import Row
    from dashboards.shared.panel import Panel
    from dashboards.views.uptake.follow_up import Key, Registered
    from dashboards.views.uptake.models import Answer
    from dashboards.words import Words

FIRST: Final = 10
"""Rows shown until the reader asks for all."""
UNDONE: Final = 5
"""Registered rows that can be undone on the page, the newest of this visit first."""
ANCHOR: Final = "ringeliste"
_WHOLE, _SEEN, _OUTCOME, _MINE = "calls_whole", "follow_up_seen", "follow_up_told", "follow_up_mine"
log = logging.getLogger(__name__)


@layout.placed
def show(page: Page, choice: Choice, now: Row) -> None:
    """The call list of the last month; where there is none, why. An older month shows only a link to it."""
    words, month = page.words, choice.month
    if month is not None and (shows := panels.calls(page, choice, now)):
        _calls(page, choice, shows, month)
        return
    layout.header(words("calls.title.plain"), ANCHOR)
    if not page.datasets.issuperset(CALLS):
        st.info(words("calls.not_in_release", release=page.release.name), icon=":material/hourglass_empty:")
    elif not page.visitor.sees_connections_of(networks=[choice.area.area]):
        st.info(words("calls.closed"), icon=":material/lock:")
    elif month is not None:
        shown, newest = (formatting.month(when, words.language) for when in (month, max(choice.months)))
        link = filters.link(layout.parameters(), {filters.MONTH: None})
        st.markdown(words("calls.older", month=shown, last=newest, link=link))


def _calls(page: Page, choice: Choice, shows: Panel, month: date) -> None:
    words, service = page.words, choice.service
    listed = shows.answer.rows
    declined = narrative.declined(queries.declined(page, service.service, choice.area), words)
    if not listed:
        layout.header(words("calls.title.plain"), ANCHOR)
        place = filters.area_in_text(choice.area, words)
        st.markdown(words("calls.none", area=place, service=service.name) + " " + declined)
        return
    layout.fragment(page, _listed)(page, choice, listed, month)
    _files(page, choice, shows, declined)


def _listed(page: Page, choice: Choice, listed: Sequence[Row], month: date) -> None:
    """The list with what has been registered since the release, and the form that registers more."""
    words = page.words
    network = choice.area.area if choice.area.area_kind == "NETWORK" else ""
    by = None if page.older else follow_up.by_of(page.visitor, network)
    registered = _registered(page) if by else None
    since = follow_up.since(listed, registered)
    gone = {key for key, answer in since.items() if answer is not None and answer.declines}
    left = [call for call in listed if _key(call) not in gone]
    _title(page, choice, left or listed, month, len(left))
    _tell(words)
    whole = bool(st.session_state.get(_WHOLE)) and len(left) > FIRST
    beside = marks(left, since, words)
    shown = left if whole else left[:FIRST]
    if shown:
        st.html(tables.calls(shown, words, service=choice.service.name, registered=beside, more=len(shown) < len(left)))
    with st.container():
        if len(left) > FIRST:
            label = words("calls.first", n=FIRST) if whole else words("calls.all", n=len(left))
            st.button(label, key="calls_all", on_click=_toggle)
    how = words("calls.contact.how", contact=page.settings.contact or words("access.operator"))
    layout.note(how if any(call.contact is None for call in shown) else "")
    if by:
        _undo(page, listed, since, by)
        fill_in = partial(_fill_in, page, left, by)
        layout.fold(page, words("follow_up.open"), "follow_up", fill_in)
    st.session_state[_SEEN] = dict(registered or {})  # after the form, which compares with what the visitor saw


def marks(left: Sequence[Row], since: Mapping[Key, Answer | None], words: Words) -> dict[str, str]:
    """By municipality, what its row says beside the release: what it is part of now, and what was registered since."""
    rows, notes = follow_up.rows_of(left), {}
    for call in left:
        name, key = follow_up.successor(call.municipality_code), _key(call)
        parts = [words("calls.merged", name=name)] if name else []
        parts += [narrative.registered(since[key], words)] if key in since and rows[key] is call else []
        notes[call.municipality_code] = " ".join(parts)
    return notes


def _registered(page: Page) -> Mapping[Key, Answer] | None:
    """What is registered; None where nothing is, or where the register cannot be read now, which the page says."""
    try:
        return follow_up.standing(page.settings)
    except (SharingError, OSError) as problem:
        log.warning("follow_up: %s", problem)
        layout.note(page.words("follow_up.unread"))
        return None


def _toggle() -> None:
    st.session_state[_WHOLE] = not st.session_state.get(_WHOLE)


def _key(call: Row) -> Key:
    return follow_up.key_of(call.municipality_code, call.service)


def _title(page: Page, choice: Choice, listed: Sequence[Row], month: date, count: int) -> None:
    """How many are on the list, of which months, in which order, and which rows may be wrong."""
    words = page.words
    first = sum(call.priority == 1 for call in listed) if count else 0
    noun = words.municipalities(count)
    key = "calls.title" if first else "calls.title.none_first"
    title = words(key, n=count, noun=noun, service=choice.service.name, first=first)
    layout.header(title, ANCHOR)
    of, active = (formatting.month(when, words.language) for when in (listed[0].month, listed[0].active_month))
    place = formatting.first(filters.area_in_text(choice.area, words))
    sentences = [words("calls.subtitle" if of == active else "calls.subtitle.use", area=place, month=of, active=active)]
    if listed[0].month > month:
        shown = formatting.month(month, words.language)
        sentences.append(words("calls.open_month", month=shown, of=formatting.first(of)))
    sentences.append(words("calls.order"))
    marked = sum(call.no_delivery_since is not None for call in listed)
    if marked:
        sentences.append(words("calls.lacking", n=marked, noun=words.municipalities(marked)))
    layout.note(" ".join(sentences))


def _files(page: Page, choice: Choice, shows: Panel, declined: str) -> None:
    """The list as files; for a network also its report and its form to fill in."""
    words, release, service = page.words, page.release, choice.service
    month, area = shows.answer.table["month"][0].as_py(), filters.area_in_text(choice.area, words)
    layout.files(page, shows, about=downloads.about(service.name, area, month, release.name, words))
    form = ""
    if choice.area.area_kind != "NETWORK":
        form = words("calls.of_network")
    elif offered := panels.offered(page, choice):
        buttons = "".join(f'<a class="dif-button" href="{escape(to)}">{escape(text)}</a>' for text, to in offered)
        st.html(f'<p class="dif-buttons">{buttons}</p>')
        form = words("calls.form.how", contact=page.settings.contact or words("access.operator"))
    kept = shared_narrative.source_in_words(shows.source, release.name, words)
    layout.note(" ".join(x for x in (form, declined, kept) if x))


# ── Follow-up ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill_in(page: Page, left: Sequence[Row], by: str) -> None:
    """The form: which municipality, what was done, when, and a note."""
    words, language = page.words, page.words.language
    named = {
        call.municipality_code: call for call in sorted(left, key=lambda call: formatting.collated(call.municipality))
    }
    today = follow_up.today()
    with st.form("follow_up", clear_on_submit=True, border=False):
        who, when = st.columns([2, 1])
        code = who.selectbox(
            words("column.municipality"),
            list(named),
            index=None,
            format_func=lambda code: named[code].municipality,
            placeholder=words("follow_up.choose"),
            key="follow_up_who",
        )
        day = when.date_input(words("follow_up.day"), today, max_value=today, format="DD.MM.YYYY", key="follow_up_day")
        status = st.radio(
            words("follow_up.status"),
            FOLLOW_UPS,
            format_func=lambda status: FOLLOW_UP_WORDS[status][language],
            horizontal=True,
            key="follow_up_status",
        )
        note = st.text_input(
            words("follow_up.note"),
            max_chars=follow_up.LONGEST_NOTE,
            placeholder=words("follow_up.note.how"),
            key="follow_up_note",
        )
        sent = st.form_submit_button(words("follow_up.send"), type="primary", key="follow_up_send")
    layout.note(words("follow_up.counts"))
    if not sent:
        return
    if code is None or code not in named:
        st.warning(words("follow_up.choose"), icon=":material/error:")
        return
    answer = follow_up.answered(str(status), day, str(note or ""))
    _register(page, named[code], answer, by)


def _undo(page: Page, listed: Sequence[Row], since: Mapping[Key, Answer | None], by: str) -> None:
    """What was registered since the release, each with a button that takes it back."""
    words = page.words
    mine: dict[Key, Answer | None] = st.session_state.setdefault(_MINE, {})
    called = follow_up.rows_of(listed)
    keys = sorted(since, key=lambda key: (-_place(mine, key), formatting.collated(called[key].municipality)))
    if keys:
        layout.note(words("follow_up.since", n=len(keys)))
    for key in keys[:UNDONE]:
        call, answer = called[key], since[key]
        text, button = st.columns([4, 1], vertical_alignment="center")
        with text:
            st.html(f"<p>{escape(call.municipality)}: {escape(narrative.registered(answer, words))}</p>")
        if button.button(
            words("follow_up.undo"), key=f"undo_{key[0]}", help=words("follow_up.undo.of", name=call.municipality)
        ):
            _register(page, call, mine.get(key, follow_up.of_release(call)), by, undo=True)


def _place(mine: Mapping[Key, object], key: Key) -> int:
    return list(mine).index(key) + 1 if key in mine else 0


def _register(page: Page, call: Row, answer: Answer | None, by: str, *, undo: bool = False) -> None:
    """Register it, and draw the page anew, which tells what came of it."""
    key = _key(call)
    seen: Answer | None = st.session_state.get(_SEEN, {}).get(key)
    done = follow_up.register(page.settings, key, answer, seen=seen, by=by, today=follow_up.today())
    mine: dict[Key, Answer | None] = st.session_state.setdefault(_MINE, {})
    if done.outcome == "done":
        log.info("follow_up: %s registered %s", by, key)
        if undo:
            mine.pop(key, None)
        else:
            mine[key] = mine.pop(key, seen)  # last, with what it was before this visit
    st.session_state[_OUTCOME] = (call, done, undo)
    st.rerun()


@layout.placed
def _tell(words: Words) -> None:
    """What came of the last click, once."""
    outcome: tuple[Row, Registered, bool] | None = st.session_state.pop(_OUTCOME, None)
    if outcome is None:
        return
    call, done, undo = outcome
    good = done.outcome in {"done", "same"}
    key = "undone" if undo and good else done.outcome
    text = words(
        f"follow_up.told.{key}",
        name=call.municipality,
        now=narrative.answered(done.now, words) if done.now else words("follow_up.none"),
    )
    if name := follow_up.successor(call.municipality_code):
        text += " " + words("follow_up.merged", name=call.municipality, successor=name)
    (st.success if good else st.warning)(layout.plain(text), icon=":material/check:" if good else ":material/error:")
