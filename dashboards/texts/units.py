"""What numbers are counted in, and what prices are for: the contracts and registers say it in Norwegian."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS: Final = {
    "andel": "share",
    "ark": "sheets",
    "byte": "bytes",
    "dager": "days",
    "dokumenter": "documents",
    "etter driver": "by what it is counted by",
    "etter målet": "by the measure",
    "etter nøkkelen": "by the key",
    "etter priselementet": "by the price element",
    "etter unit": "by the unit",
    "forsendelser": "dispatches",
    "forsendelser per 1 000 innbyggere": "dispatches per 1,000 inhabitants",
    "henvendelser": "support requests",
    "henvendelser per 100 kunder": "support requests per 100 customers",
    "innbyggere": "inhabitants",
    "kommune × tjeneste": "municipality × service",
    "kommuner": "municipalities",
    "kontroller": "checks",
    "kr": "kroner",
    "målets enhet": "the measure's unit",
    "målets enhet per 1 000 innbyggere": "the measure's unit per 1,000 inhabitants",
    "måneder": "months",
    "plass": "place",
    "posteringer": "entries",
    "prosent": "per cent",
    "rader": "rows",
    "sider": "pages",
    "tallet selv": "the number itself",
    "tilknytninger": "connections",
    "timer": "hours",
    "tjenester": "services",
    "virksomheter": "organisations",
    "år": "year",
    "engangs": "time",
    "øre": "øre (a hundredth of a krone)",
    "adaptere": "adapters",
    "kontoer": "accounts",
    "kundetype": "kind of customer",
    "meldinger": "messages",
    "oppslag": "look-ups",
    "søknader": "applications",
    # what one pays a price for
    "adapter per måned": "adapter a month",
    "forsendelse": "dispatch",
    "innbygger per måned": "inhabitant a month",
    "konto per måned": "account a month",
    "melding": "message",
    "måned": "month",
    "tilkobling": "joining",
}
_NORWEGIAN: Final = {"øre": "øre (hundredelen av en krone)"}
_ELEMENTS: Final = {
    "Altinn": "Altinn",
    "Digisosforsendelser": "Digisos dispatches",
    "Fastpris": "Fixed price",
    "Fastpris fylkeskommune": "Fixed price, county",
    "Fastpris liten kommune": "Fixed price, small municipality",
    "Fastpris mellomstor kommune": "Fixed price, medium municipality",
    "Fastpris per måned": "Fixed price a month",
    "Fastpris pr. Svarinn-adapter": "Fixed price per Svarinn adapter",
    "Fastpris stor kommune": "Fixed price, large municipality",
    "Forsendelser": "Dispatches",
    "Innbyggere": "Inhabitants",
    "Måned med minst 10 oppslag": "Month with 10 look-ups or more",
    "SvarInn": "SvarInn",
    "Tilkoblingspris": "Joining fee",
    "fastpris": "fixed price",
}

_ONE: Final = {
    "adaptere": ("adapter", "adapter"),
    "brukerhenvendelser": ("brukerhenvendelse", "support request"),
    "forsendelser": ("forsendelse", "dispatch"),
    "kontoer": ("konto", "account"),
    "meldinger": ("melding", "message"),
    "oppslag": ("oppslag", "look-up"),
    "søknader": ("søknad", "application"),
    "soknader": ("søknad", "application"),
    "timer": ("time", "hour"),
}
"""What one is called of what use is counted in, by the name of the measure or what it is called."""

TEXTS: Final[Mapping[str, Text]] = {
    **{f"unit.one.{many}": nb(one) | en(english) for many, (one, english) in _ONE.items()},
    **{f"value.unit.{name}": nb(_NORWEGIAN.get(name, name)) | en(text) for name, text in _UNITS.items()},
    **{f"value.element.{name}": nb(name) | en(text) for name, text in _ELEMENTS.items()},
}
