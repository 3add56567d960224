"""What the page of definitions says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "definitions.answer": nb(
        "{n} tall er definert her, ett for hvert tall sidene viser, med spørringen som gir det. {terms} ord og "
        "forkortelser er forklart."
    )
    | en(
        "{n:number is|numbers are} defined here, one for each that pages show, with the query that gives it. "
        "{terms} words and "
        "abbreviations are explained."
    ),
    "definitions.not_in_release": nb("Utgave {release} er laget før definisjonene ble en del av utgavene.")
    | en("Release {release} is older than the definitions."),
    "filter.sok": nb("Søk i definisjoner og ord") | en("Search definitions and words"),
    "definitions.numbers.title": nb("Tallene") | en("The numbers"),
    "definitions.numbers.found": nb("Tall som passer med «{sought}»: {n}") | en("Numbers that match “{sought}”: {n}"),
    "definitions.terms.title": nb("Ord") | en("Words"),
    "definitions.abbreviations.title": nb("Forkortelser og koder") | en("Abbreviations and codes"),
    "definitions.unit": nb("Enhet") | en("Unit"),
    "definitions.dataset": nb("Datasett") | en("Dataset"),
    "definitions.link": nb("Lenke til denne definisjonen") | en("Link to this definition"),
    "definitions.sql": nb("Spørringen som gir tallet") | en("The query that gives the number"),
    "definitions.none.title": nb("Ingenting passer med «{sought}»") | en("Nothing matches “{sought}”"),
    "definitions.none": nb("Prøv et kortere ord, eller [se alle definisjonene]({link}).")
    | en("Try a shorter word, or [see all definitions]({link})."),
    "definitions.made": nb("**Definisjon**: står i kontraktene og følger utgaven, så et tall og ordene hører sammen.")
    | en(
        "**Definition**: stands in the contracts and goes with the release, so that number and words belong together."
    ),
    "definitions.made.limits": nb(
        "Spørringen gir tallet slik utgaven har det. Sider kan vise et utvalg av det, for et sted eller en måned."
    )
    | en("The query gives the number as the release has it. Pages may show a part of it, of a place or a month."),
}
