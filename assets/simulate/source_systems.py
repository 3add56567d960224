"""Source systems: invented suppliers and systems, and the dirty names that senders write for them.

Every name is made up. The dirt is of the kinds found in real names: versions, case, typing errors, names of
municipalities and suppliers mixed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.simulate.organisations import MUNICIPALITY, organisation_number
from assets.simulate.plan import Kind
from assets.simulate.stories import held_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan

_HEADS = (
    "Tindrell", "Vasslund", "Brelunde", "Nordkvisle", "Haugvikla", "Skjermø", "Lyngtorva", "Fonndalsk",
    "Ravnskarv", "Elvebråta", "Morkholte", "Steinrydda", "Furuvanga", "Isgardø", "Bjørklirud",
    "Sundtofta", "Krattvikel", "Glimrella", "Osterlov", "Kvalrygga",
)  # fmt: skip
_TAILS = ("data", "soft", "logikk", "drift")
_FIELDS = ("Sak", "Arkiv", "Skjema", "Oppvekst", "Omsorg", "Barnevern", "Bygg", "Eiendom", "Faktura", "Landbruk")
_SENSITIVE_FIELD = "Barnevern"
_SYSTEMS = 110
_NAMES = 170
_MAPPED_PERCENT = 80
OF_THE_HELD_BACK = 73
"""The position of the system of the municipalities that wait for it (see `stories`); nobody else has that system."""


@dataclass(frozen=True, slots=True)
class SourceSystem:
    """One name as written by a sender, and its meaning.

    Attributes:
        written: the dirty name.
        system: the name of the system itself.
        supplier_number: synthetic, begins with 2.
        sensitive: use of it indicates child welfare.
        mapped: whether the register `source_system` has the name.
        only_for: the organisation whose name is mixed in, the only one to write it so.
    """

    written: str
    system: str
    supplier: str
    supplier_number: str
    sensitive: bool
    mapped: bool
    only_for: str | None = None


def source_systems(plan: Plan, organisations: Sequence[Organisation]) -> tuple[SourceSystem, ...]:
    """The 170 names of 110 systems of 80 suppliers; the most used come first."""
    random = plan.random(Kind.SYSTEMS)
    suppliers = [
        (f"{head}{tail} AS (syntetisk)", organisation_number(2, 2_000_000 + 1_510 * i))
        for i, (tail, head) in enumerate((t, h) for t in _TAILS for h in _HEADS)
    ]
    systems = []
    for i in range(_SYSTEMS):
        supplier, number = suppliers[i % len(suppliers)]
        field = _FIELDS[i * 7 % len(_FIELDS)]
        head = supplier.split(" ", maxsplit=1)[0].capitalize()
        systems.append((f"{head} {field}", supplier, number, field == _SENSITIVE_FIELD))
    homes = [o for o in organisations if o.kind == MUNICIPALITY]
    written: dict[str, SourceSystem] = {}
    for i in range(_NAMES * 3):
        if len(written) == _NAMES:
            break
        system, supplier, number, sensitive = systems[i % _SYSTEMS]
        home = homes[int(random.integers(len(homes)))] if i >= _SYSTEMS and i % 4 == 0 else None
        name = _dirty(system, i, home, random) if i >= _SYSTEMS else _casual(system, i)
        written.setdefault(
            name,
            SourceSystem(
                written=name,
                system=system,
                supplier=supplier,
                supplier_number=number,
                sensitive=sensitive,
                mapped=int(random.integers(100)) < _MAPPED_PERCENT or i == OF_THE_HELD_BACK,
                only_for=home.number if home else None,
            ),
        )
    return tuple(written.values())


def common(systems: Sequence[SourceSystem]) -> list[int]:
    """Positions of the names that anyone may write."""
    theirs = systems[OF_THE_HELD_BACK].system
    return [i for i, s in enumerate(systems) if s.only_for is None and s.system != theirs]


def main_systems(plan: Plan, organisations: Sequence[Organisation], systems: Sequence[SourceSystem]) -> tuple[int, ...]:
    """Each organisation's main system, which decides its supplier's support of services.

    Positions in `systems`, in the organisations' order; the first names are used most.
    """
    random = plan.random(Kind.SYSTEMS, 1)
    names, waiting = common(systems), held_back(plan, organisations)
    drawn = random.integers(0, len(names), (len(organisations), 2)).min(axis=1)
    return tuple(OF_THE_HELD_BACK if i in waiting else names[n] for i, n in enumerate(drawn.tolist()))


def _casual(system: str, i: int) -> str:
    """A name as most senders write it: not always in the system's own case."""
    return (system, system, system.lower(), system.replace(" ", ""), system.upper())[i % 5]


def _dirty(system: str, i: int, home: Organisation | None, random: np.random.Generator) -> str:
    """A name with something in it that does not belong."""
    if home is not None:
        place = home.name.removesuffix(" kommune")
        return (f"{system} - {home.name}", f"{place}_{system.replace(' ', '_')}", f"{system} ({place})")[i // 4 % 3]
    match i % 4:
        case 1:
            return f"{system} v{random.integers(2, 9)}.{random.integers(0, 12)}.{random.integers(0, 9)}"
        case 2:
            at = int(random.integers(1, len(system) - 1))
            return system[:at] + system[at + 1 :] if i % 8 == 2 else system[:at] + system[at] + system[at:]  # noqa: PLR2004
        case _:
            return f"{system.upper()}/{random.integers(2019, 2026)}.{random.integers(1, 4)}  PROD"
