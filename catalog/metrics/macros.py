"""Functions in a release that resolve a municipality code of a day, so analysts need not write the join again.

Each is SQL over tables of the same release and agrees with `catalog.domain.borders`. Names have the form
`schema.name`, like datasets. A scalar and a table function may share a name, since SQL tells them apart by position.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalog.contracts.language import DatasetContract
from catalog.tables import reference
from catalog.text import Text, en, nb


class MacroKind(StrEnum):
    """Where the function is used in a query: as a value among the columns, or as rows after `from`."""

    SCALAR = "SCALAR"
    TABLE = "TABLE"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of the function."""

    name: str
    about: Text


@dataclass(frozen=True, slots=True)
class Macro:
    """A function of a release.

    Attributes:
        parameters: in call order.
        returns: the value, or the columns of the rows.
        about: what it returns, and when it returns nothing.
        reads: the datasets that `body` names; a release without them omits the function.
        body: one expression in parentheses, or for rows one SELECT. Parameters appear only in the derived table
            `asked`, so that an argument, such as a column of any name, binds in the caller's query and not in the
            tables that the body reads.
        example: a query that a client can run as it is.
    """

    schema: str
    function: str
    kind: MacroKind
    parameters: tuple[Parameter, ...]
    returns: Text
    title: Text
    about: Text
    reads: tuple[DatasetContract, ...]
    body: str
    example: str

    @property
    def name(self) -> str:
        """`schema.function`, as analysts write it."""
        return f"{self.schema}.{self.function}"

    @property
    def signature(self) -> str:
        """The name with its parameters: `reference.to_now(code, day)`."""
        return f"{self.name}({', '.join(p.name for p in self.parameters)})"

    @property
    def comment(self) -> str:
        """The text of `COMMENT ON MACRO`, in Norwegian."""
        return f"{self.title.nb}. {self.about.nb}"


CODE = Parameter("code", nb("Kommunenummer, fire siffer som tekst.") | en("Municipality code, four digits as text."))
DAY = Parameter(
    "day",
    nb("Dagen nummeret er fra, norsk tid; en dag før 2017 regnes som 1. januar 2017.")
    | en("The day that the code is of, Europe/Oslo; a day before 2017 counts as 1 January 2017."),
)

# The division is known from 2017 on; like usage.municipality_month, earlier years use that of 2017.
_PARAMETERS = (
    "(select cast(code as varchar) as asked_code, cast(day as date) as asked_day, "
    "greatest(cast(day as date), date '2017-01-01') as known_day) as asked"
)


def _in_force(table: str, day: str) -> str:
    """The condition that a row of `table` is in force on a day; a missing end is open."""
    return (
        f"({table}.valid_from is null or {table}.valid_from <= asked.{day}) "
        f"and ({table}.valid_to is null or asked.{day} < {table}.valid_to)"
    )


_WAY = (
    f"from {_PARAMETERS} join reference.municipality_to_now as way "
    f"on way.from_code = asked.asked_code and {_in_force('way', 'known_day')}"
)
_STOOD = (
    f"from {_PARAMETERS} join reference.municipality as stood "
    f"on stood.code = asked.asked_code and {_in_force('stood', 'known_day')}"
)

TO_NOW = Macro(
    schema="reference",
    function="to_now",
    kind=MacroKind.SCALAR,
    parameters=(CODE, DAY),
    returns=nb("kommunenummer i inndelingen fra 2024, eller tomt") | en("municipality code of 2024, or null"),
    title=nb("Dagens kommunenummer") | en("The municipality code of now"),
    about=nb(
        "Hva et kommunenummer fra en dag er i dagens inndeling. Tomt når nummeret ikke gjaldt den dagen, og når "
        "kommunen siden er delt i flere; spør da med from."
    )
    | en(
        "What a municipality code of a day is in the division of now. Null where the code was not in force that day, "
        "and where the municipality was split into several since; then ask with from."
    ),
    reads=(reference.MUNICIPALITY_TO_NOW,),
    body=f"(select case when count(*) = 1 then any_value(way.to_code) end {_WAY})",
    example="select reference.to_now('1534', date '2019-05-01')",
)
TO_NOW_PARTS = Macro(
    schema="reference",
    function="to_now",
    kind=MacroKind.TABLE,
    parameters=(CODE, DAY),
    returns=nb("to_code, weight, estimated") | en("to_code, weight, estimated"),
    title=nb("Dagens kommuner, med vekt") | en("The municipalities of now, with weights"),
    about=nb(
        "Én rad per kommune i dagens inndeling som et kommunenummer fra en dag er blitt til. Vektene summerer til 1 og "
        "er anslått der kommunen er delt. Ingen rader når nummeret ikke gjaldt den dagen."
    )
    | en(
        "One row per municipality of now that a code of a day has become. The weights sum to 1 and are estimated where "
        "the municipality was split. No rows where the code was not in force that day."
    ),
    reads=(reference.MUNICIPALITY_TO_NOW,),
    # wide enough for a figure times its weight: decimal(18) times decimal(18) is again decimal(18)
    body=f"select way.to_code, cast(way.weight as decimal(38,12)) as weight, way.estimated {_WAY}",
    example="from reference.to_now('1507', date '2023-05-01') order by to_code",
)
NAME_ON = Macro(
    schema="reference",
    function="name_on",
    kind=MacroKind.SCALAR,
    parameters=(CODE, DAY),
    returns=nb("navn, eller tomt") | en("name, or null"),
    title=nb("Kommunens navn den dagen") | en("The municipality's name of that day"),
    about=nb("Navnet på kommunen som hadde nummeret. Tomt når nummeret ikke gjaldt den dagen.")
    | en("Name of the municipality that had the code. Null where the code was not in force that day."),
    reads=(reference.MUNICIPALITY,),
    body=f"(select any_value(stood.name) {_STOOD})",
    example="select reference.name_on('1507', date '2023-05-01')",
)
COUNTY_ON = Macro(
    schema="reference",
    function="county_on",
    kind=MacroKind.SCALAR,
    parameters=(CODE, DAY),
    returns=nb("fylkesnummer, eller tomt") | en("county code, or null"),
    title=nb("Kommunens fylke den dagen") | en("The municipality's county of that day"),
    about=nb("Fylkesnummeret til kommunen som hadde nummeret. Tomt når nummeret ikke gjaldt den dagen.")
    | en("County code of the municipality that had the code. Null where the code was not in force that day."),
    reads=(reference.MUNICIPALITY,),
    body=f"(select any_value(stood.county_code) {_STOOD})",
    example="select reference.county_on('3024', date '2023-05-01')",
)
NETWORKS_ON = Macro(
    schema="reference",
    function="networks_on",
    kind=MacroKind.TABLE,
    parameters=(CODE, DAY),
    returns=nb("network_id, certainty") | en("network_id, certainty"),
    title=nb("Kommunens nettverk den dagen") | en("The municipality's networks of that day"),
    about=nb(
        "Én rad per digitaliseringsnettverk som kommunen var medlem av, etter registeret network_member. "
        "Er dagen medlemskapet begynte, ikke kjent, regnes kommunen som medlem hver dag fram til det tok slutt: for de "
        "fleste nettverk er den ikke det. Registeret har numrene fra 2024, så et eldre nummer finner sjelden noe. "
        "Ingen rader når nummeret ikke gjaldt den dagen."
    )
    | en(
        "One row per digitalisation network that the municipality was a member of, by the register network_member. "
        "Where the day that it joined is not known, the municipality counts as a member on every day until it left: of "
        "most networks it is not. The register has the codes of 2024, so that an older one seldom finds any. "
        "No rows where the code was not in force that day."
    ),
    reads=(reference.MUNICIPALITY, reference.NETWORK_MEMBER),
    body=(
        f"select member.network_id, member.certainty {_STOOD} join reference.network_member as member "
        f"on member.municipality_code = stood.code and {_in_force('member', 'asked_day')}"
    ),
    example="from reference.networks_on('3201', date '2026-05-01')",
)

MACROS = (TO_NOW, TO_NOW_PARTS, NAME_ON, COUNTY_ON, NETWORKS_ON)
