"""Filters that live in the URL, so that a link shows everybody the same page.

The URL is the only state: a widget shows what the URL says, and a change writes the URL. Values are ids, not labels, so
that a link works in both languages. An unknown value is reported with the nearest known one, never silently replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from catalog.errors import nearest
from dashboards.shared import pages, queries
from dashboards.shared.narrative import months_between, short
from dashboards.words import LANGUAGES, TAGS, Words, formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from dashboards.release.query import Area, Service
    from dashboards.shared.opening import View

SERVICE: Final = pages.SERVICE
AREA: Final = pages.AREA
MEASURE: Final = "maal"
MONTH: Final = pages.MONTH
ORGANISATION: Final = pages.ORGANISATION
LANGUAGE: Final = pages.LANGUAGE
RELEASE: Final = pages.RELEASE
CARRIED: Final = (LANGUAGE, RELEASE, pages.MUNICIPALITY, AREA, SERVICE, MONTH, pages.YEAR, pages.QUARTER)
"""Parameters kept from page to page: whom and what the reader looks at. Streamlit's menu drops them."""


_LONGEST: Final = 80
"""The longest search text, and the longest part of an unknown value that is shown, in characters."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value in the link that the page does not have. The page shows `shown` instead, and says so."""

    parameter: str
    given: str
    shown: str
    near: str | None = None
    reason: str = "unknown"
    """`unknown`, `external` (another party's product), `unobserved` (a month that nobody observed), `ended` (a former
    municipality; `near` is its successor) or `over` (more than can be chosen at once)."""
    value: str | None = None
    """What a link has for `near`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter as the link sets it, and as the page draws it.

    Attributes:
        parameter: its name in the URL; `filter.<parameter>` is its label.
        labels: the values that can be chosen with their labels, in the order of the menu.
        values: the chosen values, from `labels`. One value, except for `many`.
        unknown: values of the link that do not exist.
        most: how many may be chosen at once; 1 draws a menu or, with `switch`, a row of buttons.
        forgets: parameters that lose their meaning when this one changes.
        label: the message key of its label, if not `filter.<parameter>`.
    """

    parameter: str
    labels: Mapping[str, str]
    values: tuple[str, ...]
    unknown: tuple[Unknown, ...] = ()
    most: int = 1
    switch: bool = False
    forgets: tuple[str, ...] = ()
    label: str = ""

    @property
    def value(self) -> str:
        """The chosen value of a filter with one; empty when there is nothing to choose from."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the link sets it, and as the page draws it; `filter.<parameter>` is its label.

    Attributes:
        value: None if the link has none.
        lowest, highest: its bounds, inclusive.
        whole: without decimals.
        otherwise: what applies without a value, in words.
    """

    parameter: str
    value: Decimal | None
    lowest: int
    highest: int
    whole: bool
    otherwise: str
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The link's choices, as far as the release has them. No month: nobody observed this service in this area."""

    service: Service
    area: Area
    month: date | None
    months: tuple[date, ...]
    unknown: tuple[Unknown, ...] = ()


def pick(
    parameter: str, given: str | None, labels: Mapping[str, str], default: str | None
) -> tuple[str | None, Unknown | None]:
    """The value that a link asks for, or the default, and what to say when the link asks for an unknown value.

    Args:
        parameter: the name in the URL.
        given: the value in the URL; None or empty if there is none.
        labels: known values with their labels.
        default: what is shown when the link has no value, or an unknown one.
    """
    if not given:
        return default, None
    if given in labels:
        return given, None
    meant = given.casefold()
    named = [
        value for value, label in labels.items() if meant in {label.casefold(), label.partition(" (")[0].casefold()}
    ]
    if len(named) == 1:  # written as the menu has it, "4601 Bergen", also without the mark that it may have: "SvarUt"
        return named[0], None
    asked, given = given, given if len(given) <= _LONGEST else f"{given[:_LONGEST]}…"
    # no value of ours is so long, and comparing it with each would delay the page
    near = _nearest(given, labels) if asked == given else None
    shown = labels.get(default or "", formatting.MISSING)
    near = near if near != default else None
    return default, Unknown(parameter, given, shown, labels[near] if near else None, value=near)


def single_choice(
    parameter: str,
    parameters: Mapping[str, str],
    labels: Mapping[str, str],
    default: str | None = None,
    *,
    switch: bool = False,
    forgets: Sequence[str] = (),
) -> Filter:
    """A filter with one value: the link's, else `default`, else the first of `labels`."""
    value, unknown = pick(parameter, parameters.get(parameter), labels, default or next(iter(labels), None))
    values = () if value is None else (value,)
    return Filter(parameter, labels, values, (unknown,) if unknown else (), switch=switch, forgets=tuple(forgets))


def multiple_choice(parameter: str, parameters: Mapping[str, str], labels: Mapping[str, str], *, most: int) -> Filter:
    """A filter with up to `most` values, separated by commas in the link; none unless the link has some."""
    every = list(dict.fromkeys(part for part in parameters.get(parameter, "").split(",") if part))
    asked = every[: most * _ASKED_FOR_EACH]  # each unknown value is compared with all and reported
    picked = [pick(parameter, part, labels, None) for part in asked]
    values = tuple(dict.fromkeys(value for value, _ in picked if value))
    unknown = tuple(missing for _, missing in picked if missing)
    over = tuple(Unknown(parameter, labels[value], str(most), reason="over") for value in values[most:])
    return Filter(parameter, labels, values[:most], (*unknown, *over), most=most)


def ended(page: View, item: Filter) -> Filter:
    """A filter of municipalities, with the successors of codes that are none any more."""
    unknowns = []
    for unknown in item.unknown:
        after = queries.successors(page, unknown.given)
        unknowns.append(
            Unknown(
                unknown.parameter,
                f"{unknown.given} {after[0].name}",
                unknown.shown if item.most == 1 else formatting.MISSING,
                formatting.listing([f"{new.code} {new.new_name}" for new in after], page.words.language),
                reason="ended",
            )
            if after
            else unknown
        )
    return replace(item, unknown=tuple(unknowns))


def municipality(page: View, none: str) -> Filter:
    """The municipality that the link asks for. `none`: the label of none, which is shown unless the link names one."""
    names = queries.municipalities(page)
    labels = {"": none} | {code: f"{code} {name}" for code, name in names.items()}
    return ended(page, single_choice(pages.MUNICIPALITY, page.link, labels))


_ASKED_FOR_EACH: Final = 2
"""How many values of a link are read for each that can be chosen."""
_NUMBER: Final = re.compile(r"\s*([+\-\u2212]?)(\d{1,6}(?:[.,]\d{1,2})?)\s*%?\s*")


def number(
    parameter: str, parameters: Mapping[str, str], *, lowest: int, highest: int, otherwise: str, whole: bool = False
) -> Number:
    """The number in the link, as `10`, `-2,5` or `+5%`; an invalid one is reported.

    Args:
        parameter: the name in the URL.
        parameters: of the link.
        lowest: the lower bound, inclusive.
        highest: the upper bound, inclusive.
        otherwise: what applies if the link has no number, in words.
        whole: without decimals.
    """
    given = parameters.get(parameter, "").strip()
    hit = _NUMBER.fullmatch(given)
    value = Decimal(hit[2].replace(",", ".")) * (1 if hit[1] in {"", "+"} else -1) if hit else None
    if value is not None and lowest <= value <= highest and not (whole and value != value.to_integral_value()):
        return Number(parameter, value, lowest, highest, whole, otherwise)
    unknown = (Unknown(parameter, given[:_LONGEST], otherwise),) if given else ()
    return Number(parameter, None, lowest, highest, whole, otherwise, unknown)


def draw_numbers(numbers: Sequence[Number], words: Words, *, beside: int = 3) -> None:
    """Draw the numbers, `beside` of them per row, set to the link's values; a change writes the link."""
    for first in range(0, len(numbers), beside):
        for place, item in zip(st.columns(beside), numbers[first : first + beside], strict=False):
            key, kind = f"filter_{item.parameter}", int if item.whole else float
            st.session_state[key] = None if item.value is None else kind(item.value)
            with place:
                st.number_input(
                    words(f"filter.{item.parameter}"),
                    min_value=kind(item.lowest),
                    max_value=kind(item.highest),
                    value=None,
                    step=kind(1),
                    format="%d" if item.whole else "%g",
                    key=key,
                    placeholder=item.otherwise,
                    on_change=_write_number,
                    args=(item.parameter,),
                )


def _write_number(parameter: str) -> None:
    chosen = st.session_state[f"filter_{parameter}"]
    if chosen is None:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = f"{Decimal(str(chosen)).normalize():f}"


def draw(filters: Sequence[Filter], words: Words) -> None:
    """Draw the filters side by side, four in a row, set to the link's values; a change writes the link.

    Where there are more than four, three stand, and the rest are folded unless the link asks for any of them.

    They are in one container, which `page.css` makes a grid: there a menu is known by its key and survives that another
    comes before it. In columns it was known by its column, and built anew.

    Args:
        filters: in drawing order.
        words: the texts.
    """
    offered = [item for item in filters if item.labels]
    stand = len(offered) if len(offered) <= _IN_A_ROW else _IN_A_ROW - 1
    with side_by_side(filters[0].parameter):
        for item in offered[:stand]:
            menu(item, words)
        if rest := offered[stand:]:
            opened = any(item.parameter in st.query_params for item in rest)
            with st.expander(words("filter.more"), expanded=opened, key="more"), side_by_side("more"):
                for item in rest:
                    menu(item, words)


_IN_A_ROW: Final = 4


def side_by_side(first: str) -> DeltaGenerator:
    """Where filters stand side by side, a third or a quarter of the page each. `first`: the parameter of the first."""
    return st.container(key=f"filters_{first}")


def menu(item: Filter, words: Words) -> None:
    """Draw one filter, as wide as its place."""
    key = f"filter_{item.parameter}"
    # the URL decides, also after back and forward
    st.session_state[key] = list(item.values) if item.most > 1 else item.value
    label, options = words(item.label or f"filter.{item.parameter}"), list(item.labels)
    name = item.labels.__getitem__
    args = (item.parameter, item.forgets)
    if item.most > 1:
        none = words("filter.many.none", n=item.most)
        st.multiselect(
            label,
            options,
            format_func=name,
            key=key,
            max_selections=item.most,
            select_all=False,  # nobody wants the alphabetically first few
            placeholder=none,
            on_change=_write,
            args=args,
        )
    elif item.switch:
        st.radio(label, options, format_func=name, key=key, horizontal=True, on_change=_write, args=args)
    else:
        st.selectbox(label, options, format_func=name, key=key, on_change=_write, args=args)


MAP_MONTH: Final = "kartmaned"
_SLIDER: Final = f"filter_{MAP_MONTH}"


def map_month(
    months: Sequence[date], parameters: Mapping[str, str], chosen: date | None, words: Words
) -> tuple[str, Unknown | None]:
    """The month that the map shows, as in a link: the link's, else the page's month, else the last.

    Args:
        months: those of the slider; one or more.
        parameters: of the link.
        chosen: the month of the page.
        words: the texts.
    """
    labels = {month_value(month): formatting.month(month, words.language) for month in months}
    own = month_value(chosen if chosen and chosen in months else months[-1])
    value, unknown = pick(MAP_MONTH, parameters.get(MAP_MONTH), labels, own)
    return value or own, unknown


def map_stands_on(months: Sequence[date]) -> date | None:
    """The month that the map's slider stands on, of these; None before it is drawn."""
    at = st.session_state.get(_SLIDER)
    return next((month for month in months if month_value(month) == at), None)


def stand_map_on(month: str) -> None:
    """Set the map's slider to a month of the link."""
    st.session_state[_SLIDER] = month


def play_map(months: Sequence[str]) -> None:
    """Move the map's slider forward to the next of these months, in order, up to the last."""
    at = st.session_state[_SLIDER]
    st.session_state[_SLIDER] = next((month for month in months if month > at), months[-1])


def start_map(month: str) -> None:
    """Write into the link the month that the map plays from."""
    st.query_params[MAP_MONTH] = month


def write_map_month(own: str) -> None:
    """Write the map's month into the link, unless it is the page's own."""
    _write(MAP_MONTH, ())
    if st.session_state[_SLIDER] == own and MAP_MONTH in st.query_params:
        del st.query_params[MAP_MONTH]


def draw_map_slider(labels: Mapping[str, str], own: str, words: Words) -> str:
    """Draw the map's slider where it was set, and return the month that it shows now, as in a link.

    Args:
        labels: its months as in a link, with their labels.
        own: the page's own month, which the link already has.
        words: the texts.
    """
    label, name = words(f"filter.{MAP_MONTH}"), labels.__getitem__
    st.select_slider(label, list(labels), format_func=name, key=_SLIDER, on_change=write_map_month, args=(own,))
    return str(st.session_state[_SLIDER])


def sought(parameter: str, parameters: Mapping[str, str], words: Words) -> str:
    """Draw a search field set to the link's text, and return that text; empty if there is none."""
    key = f"filter_{parameter}"
    given = parameters.get(parameter, "")[:_LONGEST]
    st.session_state[key] = given
    st.text_input(words(f"filter.{parameter}"), key=key, max_chars=_LONGEST, on_change=_write, args=(parameter, ()))
    return given.strip()


def _nearest(given: str, labels: Mapping[str, str]) -> str | None:
    """The known value that somebody may have meant: the nearest in time for months, else the most similar text."""
    month, months = _month(given), [parsed for value in labels if (parsed := _month(value))]
    if month and months:
        return month_value(min(months, key=lambda other: abs(months_between(other, month))))
    return nearest(given, list(labels)) or _by_label(given, labels)


def _by_label(given: str, labels: Mapping[str, str]) -> str | None:
    near = nearest(given, list(labels.values()))
    return next((value for value, label in labels.items() if label == near), None)


def language(parameters: Mapping[str, str]) -> tuple[str, Unknown | None]:
    """The page's language: bokmål unless the link asks for another."""
    value, unknown = pick(LANGUAGE, parameters.get(LANGUAGE), TAGS, LANGUAGES[0])
    return value or LANGUAGES[0], unknown


def service(
    parameters: Mapping[str, str], services: Sequence[Service], words: Words, usual: Service | None = None
) -> tuple[Service, Unknown | None]:
    """The service that the link asks for. Other parties' products are for comparison only and cannot be chosen.

    Args:
        parameters: of the link.
        services: all.
        words: the texts.
        usual: the service without a choice; by default that of most pages.
    """
    ours = {service.service: service for service in services if not service.external}
    default = (usual or default_service(services)).service
    labels = {service.service: service_label(service, words) for service in ours.values()}
    value, unknown = pick(SERVICE, parameters.get(SERVICE), labels, default)
    others = {service.service: service.name for service in services if service.external}
    if unknown and unknown.given in others:
        unknown = Unknown(SERVICE, others[unknown.given], unknown.shown, reason="external")
    return ours[value or default], unknown


def default_service(services: Sequence[Service]) -> Service:
    """The service that most pages open with: of our own, the one with most to tell, and of these the most used."""
    ours = [service for service in services if not service.external]
    return max(ours, key=lambda service: (service.tells, service.active))


def service_to_spread(services: Sequence[Service]) -> Service:
    """The service with most to gain: of our own that somebody has, the one that most municipalities have not."""
    begun = [service for service in services if not service.external and service.active]
    return max(begun, key=lambda service: service.remaining, default=default_service(services))


def area(parameters: Mapping[str, str], areas: Sequence[Area], words: Words) -> tuple[Area, Unknown | None]:
    """The area that the link asks for, by default the country."""
    value, unknown = pick(
        AREA, parameters.get(AREA), {area.area: area_label(area, words) for area in areas}, areas[0].area
    )
    return {area.area: area for area in areas}[value or areas[0].area], unknown


def month(parameters: Mapping[str, str], observed: Sequence[date], words: Words) -> tuple[date | None, Unknown | None]:
    """The month that the link asks for, by default the last observed one. None: nobody observed any."""
    labels = {month_value(first_day): formatting.month(first_day, words.language) for first_day in observed}
    given = parameters.get(MONTH)
    value, unknown = pick(MONTH, given, labels, next(iter(labels), None))
    wanted_month = _month(given or "")
    if unknown and wanted_month:
        near = min(observed, key=lambda first_day: abs(months_between(first_day, wanted_month)), default=None)
        text = formatting.month(near, words.language) if near else None
        unknown = Unknown(
            MONTH,
            formatting.month(wanted_month, words.language),
            unknown.shown,
            text if text != unknown.shown else None,
            reason="unobserved",
        )
    return ({month_value(first_day): first_day for first_day in observed}.get(value or ""), unknown)


def _month(value: str) -> date | None:
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return None


def month_value(value: date) -> str:
    """A month in a link: `2026-05`."""
    return value.isoformat()[:7]


def service_label(service: Service, words: Words) -> str:
    """A service in a menu, marked where it has no numbers or synthetic ones."""
    if not service.months:
        return words("filter.no_numbers", name=service.name)
    return words("filter.synthetic", name=service.name) if service.synthetic and words.marks else service.name


def area_label(area: Area, words: Words) -> str:
    """An area in a menu, with its kind."""
    if area.area_kind == "NO":
        return words("area.country")
    return words("area.network" if area.area_kind == "NETWORK" else "area.county", name=area.name)


def area_in_text(area: Area, words: Words) -> str:
    """An area in a sentence, after `i` or `in`."""
    return words("area.in.country") if area.area_kind == "NO" else short(area.name)


def link(parameters: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    """A link to this page with some parameters changed; None removes one."""
    wanted = {**parameters, **changes}
    return "?" + urlencode({name: value for name, value in wanted.items() if value})


def _write(parameter: str, forgets: Sequence[str]) -> None:
    chosen = st.session_state[f"filter_{parameter}"]
    value = ",".join(chosen) if isinstance(chosen, list) else chosen
    if value:
        st.query_params[parameter] = value
    for other in (*forgets, *(() if value else (parameter,))):
        if other in st.query_params:
            del st.query_params[other]


def show(choice: Choice, services: Sequence[Service], areas: Sequence[Area], words: Words) -> None:
    """Draw the filters of the page, set to `choice`."""
    ours = {service.service: service_label(service, words) for service in services if not service.external}
    places = {area.area: area_label(area, words) for area in areas}
    items = [
        Filter(SERVICE, ours, (choice.service.service,), forgets=(MONTH, MAP_MONTH)),
        Filter(AREA, places, (choice.area.area,)),
    ]
    if choice.month:
        labels = {month_value(month): formatting.month(month, words.language) for month in choice.months}
        items.append(Filter(MONTH, labels, (month_value(choice.month),), forgets=(MAP_MONTH,)))
    draw(items, words)
