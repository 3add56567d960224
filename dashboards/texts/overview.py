"""What the overview says. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "overview.answer": nb(
        "Fellestjenestene har sendt {dispatches} forsendelser så langt i {year}, {change}. Kommunene har til sammen "
        "tatt i bruk {active} tjenester."
    )
    | en(
        "The shared services have sent {dispatches} dispatches so far in {year}, {change}. The municipalities have "
        "taken up {active} services in all."
    ),
    "overview.figure.use": nb("Forsendelser så langt i {year}") | en("Dispatches so far in {year}"),
    "overview.use.more": nb("{percent} flere enn i samme måneder i {year}")
    | en("{percent} more than in the same months of {year}"),
    "overview.use.fewer": nb("{percent} færre enn i samme måneder i {year}")
    | en("{percent} fewer than in the same months of {year}"),
    "overview.use.same": nb("like mange som i samme måneder i {year}") | en("as many as in the same months of {year}"),
    "overview.use.no_before": nb("uten sammenligning, for tallene for {year} er ikke hele")
    | en("without comparison, as the numbers of {year} are not whole"),
    "overview.figure.late": nb("Virksomheter som mangler levering") | en("Organisations with a delivery missing"),
    "overview.figure.late.words": nb("ventet i {month}, ikke kommet") | en("expected in {month}, not arrived"),
    "overview.figure.late.none": nb("alle som skulle levere i {month}, har levert")
    | en("all who should deliver in {month} have delivered"),
    "overview.use.title": nb("{n} forsendelser så langt i {year}, {change}")
    | en("{n} dispatches so far in {year}, {change}"),
    "overview.use.subtitle": nb("Antall forsendelser per måned i hele landet, {first}–{last}. {year} er framhevet.")
    | en("Number of dispatches a month in the whole country, {first}–{last}. {year} is highlighted."),
    "overview.use.point": nb("{n} i {month}") | en("{n} in {month}"),
    "overview.use.words": nb("Forsendelser per måned: {first}, flest {top}, og {last}.")
    | en("Dispatches a month: {first}, most {top}, and {last}."),
    "overview.decide.to.result": nb("Produkt\u00adregnskapet") | en("Product accounts"),
    "overview.decide.to.income": nb("Produkt\u00adregnskapet") | en("Product accounts"),
    "overview.decide.to.spread": nb("Utbredelsen") | en("Uptake"),
    "overview.decide.to.below": nb("Produkt\u00adregnskapet") | en("Product accounts"),
    "overview.decide.to.loan": nb("Produkt\u00adregnskapet") | en("Product accounts"),
    "overview.decide.to.annex": nb("Tjenesten") | en("Service"),
    "overview.decide.to.open": nb("Produkt\u00adregnskapet") | en("Product accounts"),
    "overview.decide.to.late": nb("Datakvaliteten, siste fire uker") | en("Data quality, the last four weeks"),
    "overview.empty.title": nb("Ingen hele måneder ennå") | en("No whole months yet"),
    "overview.empty": nb("Utgaven har ingen måned som er over. Se [datakvaliteten]({link}) for hva som er levert.")
    | en("The release has no month that is over. See [the data quality]({link}) for what has been delivered."),
    "overview.made.use": nb(
        "**Forsendelser**: alle godtatte forsendelser i måneden, i alle kanaler, for alle tjenester."
    )
    | en("**Dispatches**: all accepted dispatches of the month, in all channels, of all services."),
    "overview.made.late": nb(
        "**Mangler levering**: virksomheter som ut fra egen rytme skulle ha levert, og ikke har det."
    )
    | en("**Delivery missing**: organisations that by their own rhythm should have delivered, and have not."),
}
