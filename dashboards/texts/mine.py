"""What the page of one organisation says: what it pays and why, what it delivers. Bokmål and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "mine.answer": nb("{name} skal betale {amount} for {n} {noun} i {month}, {change}.")
    | en("{name} is to pay {amount} for {n} {noun} in {month}, {change}."),
    "mine.answer.new": nb("{name} skal betale {amount} for {n} {noun} i {month}.")
    | en("{name} is to pay {amount} for {n} {noun} in {month}."),
    "mine.service.one": nb("tjeneste") | en("service"),
    "mine.service.many": nb("tjenester") | en("services"),
    "mine.more": nb("{amount} mer enn i {then}") | en("{amount} more than in {then}"),
    "mine.less": nb("{amount} mindre enn i {then}") | en("{amount} less than in {then}"),
    "mine.same": nb("det samme som i {then}") | en("the same as in {then}"),
    "mine.none": nb("ikke sammenlignbart: grunnlaget har ingen linjer i {then}")
    | en("not comparable: the basis has no lines in {then}"),
    "mine.no_release": nb("Utgave {release} har ikke fakturagrunnlag.") | en("Release {release} has no invoice basis."),
    "mine.no_release.title": nb("Fakturagrunnlaget finnes ikke i denne utgaven")
    | en("This release has no invoice basis"),
    "mine.empty.title": nb("{name} har ingen linjer i fakturagrunnlaget")
    | en("{name} has no lines in the invoice basis"),
    "mine.empty": nb(
        "Ingen målt bruk og ingen avtale gir noe å betale i månedene som utgaven har. Det betyr ikke at dere ikke "
        "bruker noen tjeneste."
    )
    | en(
        "No measured use and no agreement gives anything to pay in the months that the release has. It does not mean "
        "that you use no service."
    ),
    "mine.figure.month": nb("Å betale for {month}") | en("To pay for {month}"),
    "mine.figure.year": nb("Å betale siste tolv måneder") | en("To pay for the last twelve months"),
    "mine.figure.year.words": nb("{first}–{last}, uten merverdiavgift") | en("{first}–{last}, without VAT"),
    "mine.figure.year.some": nb("{n:måned|måneder} finnes i utgaven, uten merverdiavgift")
    | en("{n:month|months} in the release, without VAT"),
    "mine.figure.price": nb("Endring som skyldes pris") | en("Change because of price"),
    "mine.figure.quantity": nb("Endring som skyldes mengde") | en("Change because of quantity"),
    "mine.figure.quantity.words": nb("nytt {new}, falt bort {gone}") | en("new {new}, fallen away {gone}"),
    "mine.figure.against": nb("mot {then}") | en("against {then}"),
    "mine.figure.no_then": nb("mangler: ingen linjer i {then} å sammenligne med")
    | en("missing: no lines in {then} to compare with"),
    "mine.months.title": nb("{month} koster {amount}; dyreste måned er {most} med {top}")
    | en("{month} costs {amount}; the most expensive month is {most} with {top}"),
    "mine.months.title.most": nb("{month} er den dyreste måneden, med {amount}")
    | en("{month} is the most expensive month, with {amount}"),
    "mine.months.subtitle": nb(
        "Kroner per måned uten mva., {first}–{last}. Måneden som vises, er framhevet. Noen priser er "
        "for et helt år, og står i én måned."
    )
    | en(
        "NOK by month without VAT, {first}–{last}. The month that is shown is highlighted. Some prices are of a "
        "whole year, and stand in one month."
    ),
    "mine.months.words": nb("Å betale per måned: {listed}.") | en("To pay by month: {listed}."),
    "mine.months.one": nb("{month} {amount}") | en("{month} {amount}"),
    "mine.months.caption": nb("Å betale per måned") | en("To pay by month"),
    "mine.months.axis": nb("Kroner") | en("NOK"),
    "mine.lines.title": nb("Mest betales for {name}: {amount}") | en("Most is paid for {name}: {amount}"),
    "mine.lines.title.none": nb("Ingenting er klart til å faktureres for {month}")
    | en("Nothing is ready to be invoiced for {month}"),
    "mine.lines.subtitle": nb("Fakturagrunnlaget for {month}: mengde ganger pris, uten mva. Kontoene er lagt sammen.")
    | en("The invoice basis of {month}: quantity times price, without VAT. Accounts are added up."),
    "mine.lines.caption": nb("Linjer i fakturagrunnlaget") | en("Lines of the invoice basis"),
    "mine.lines.service": nb("Tjeneste") | en("Service"),
    "mine.lines.what": nb("Hva") | en("What"),
    "mine.lines.quantity": nb("Mengde") | en("Quantity"),
    "mine.lines.price": nb("Pris") | en("Price"),
    "mine.lines.rule": nb("Prisregel") | en("Price rule"),
    "mine.lines.amount": nb("Beløp") | en("Amount"),
    "mine.lines.sum": nb("Sum å betale") | en("Total to pay"),
    "mine.lines.per": nb("{price} per {unit}") | en("{price} per {unit}"),
    "mine.rule": nb("gjelder fra {day}") | en("in force from {day}"),
    "mine.rule.always": nb("gjelder uten startdato") | en("in force without a first day"),
    "mine.rule.none": nb("ingen prisregel") | en("no price rule"),
    "mine.rule.source": nb("kilde: {source}") | en("source: {source}"),
    "mine.note.NO_RULE": nb("faktureres ikke: ingen prisregel gjelder") | en("not invoiced: no price rule holds"),
    "mine.note.AMBIGUOUS_PRICE": nb("faktureres ikke: flere prisregler gjelder")
    | en("not invoiced: several price rules hold"),
    "mine.note.NO_INHABITANTS": nb("faktureres ikke: innbyggertall mangler")
    | en("not invoiced: the number of inhabitants is missing"),
    "mine.note.NO_ANNEX": nb("faktureres ikke: vedlegget er ikke signert")
    | en("not invoiced: the annex is not signed"),
    "mine.note.TERMINATED": nb("faktureres ikke: avtalen er sagt opp") | en("not invoiced: the agreement has ended"),
    "mine.kind.PER_ACCOUNT": nb("kontoer") | en("accounts"),
    "mine.kind.PER_MESSAGE_TYPE": nb("meldinger") | en("messages"),
    "mine.others": nb("Andre betaler for bruken deres i {month}: {listed}.")
    | en("Others pay for your use in {month}: {listed}."),
    "mine.others.one": nb("{payer} {amount} for {name}") | en("{payer} {amount} for {name}"),
    "mine.changes.title.more": nb("{amount} mer enn i {then}, mest på grunn av {why}")
    | en("{amount} more than in {then}, mostly because of {why}"),
    "mine.changes.title.less": nb("{amount} mindre enn i {then}, mest på grunn av {why}")
    | en("{amount} less than in {then}, mostly because of {why}"),
    "mine.changes.title.same": nb("Det samme som i {then}") | en("The same as in {then}"),
    "mine.changes.title.none": nb("Kan ikke sammenlignes med {then}") | en("Not comparable with {then}"),
    "mine.changes.none": nb("Fakturagrunnlaget har ingen linjer for dere i {then}.")
    | en("The invoice basis has no lines of yours in {then}."),
    "mine.changes.subtitle": nb(
        "Fra {then} til {month}, uten mva. Pris, mengde, nytt og falt bort er til sammen hele endringen."
    )
    | en("From {then} to {month}, without VAT. Price, quantity, new and fallen away add up to the whole change."),
    "mine.changes.caption": nb("Hva som er endret, og hvorfor") | en("What has changed, and why"),
    "mine.changes.then": nb("{then}") | en("{then}"),
    "mine.changes.price": nb("Pris") | en("Price"),
    "mine.changes.quantity": nb("Mengde") | en("Quantity"),
    "mine.changes.new": nb("Nytt") | en("New"),
    "mine.changes.gone": nb("Falt bort") | en("Fallen away"),
    "mine.changes.now": nb("{month}") | en("{month}"),
    "mine.changes.sum": nb("Sum") | en("Total"),
    "mine.why.price": nb("pris") | en("price"),
    "mine.why.quantity": nb("mengde") | en("quantity"),
    "mine.why.new": nb("nye linjer") | en("new lines"),
    "mine.why.gone": nb("linjer som er falt bort") | en("lines that have fallen away"),
    "mine.deliveries.title.missing": nb("{n:levering|leveringer} mangler de siste 90 dagene")
    | en("{n:delivery is|deliveries are} missing in the last 90 days"),
    "mine.deliveries.title.missing.one": nb("Én levering mangler de siste 90 dagene")
    | en("One delivery is missing of the last 90 days"),
    "mine.deliveries.title.whole": nb("Alle leveringer som var ventet, er kommet")
    | en("All deliveries that were expected have come"),
    "mine.deliveries.title.none": nb("Ingen leveringer er ventet fra dere") | en("No deliveries are expected of you"),
    "mine.deliveries.none": nb("Utgaven venter ingen forsendelser eller målinger om dere de siste 90 dagene.")
    | en("The release expects no dispatches or measurements about you of the last 90 days."),
    "mine.deliveries.subtitle": nb(
        "Leveringer om dere, til og med {day}. Hva som er ventet, følger av hva dere pleier å levere. Det som mangler, "
        "er ukjent, ikke null."
    )
    | en(
        "Deliveries about you, through {day}. What is expected follows from what you usually deliver. What is missing "
        "is unknown, not zero."
    ),
    "mine.deliveries.caption": nb("Ventede leveringer per strøm") | en("Expected deliveries by stream"),
    "mine.connections.title": nb("{n:tilknytning|tilknytninger} har vært i bruk de siste tolv månedene")
    | en("{n:connection was|connections were} in use in the last twelve months"),
    "mine.connections.title.one": nb("Én tilknytning har vært i bruk de siste tolv månedene")
    | en("One connection was in use in the last twelve months"),
    "mine.connections.title.none": nb("Ingen tilknytninger er sett de siste tolv månedene")
    | en("No connections were seen in the last twelve months"),
    "mine.connections.none": nb("Ingen forsendelse fra dere er meldt i perioden.")
    | en("No dispatch of yours is reported in the period."),
    "mine.connections.subtitle": nb("Fagsystem og leverandør per tjeneste, {first}–{last}.")
    | en("Source system and supplier by service, {first}–{last}."),
    "mine.connections.caption": nb("Tilknytninger") | en("Connections"),
    "mine.connections.closed": nb("Tilknytningene vises ikke for rollen din")
    | en("The connections are not shown to your role"),
    "column.amount_ore": nb("Beløp") | en("Amount"),
    "column.services": nb("Tjenester") | en("Services"),
    "column.line_text": nb("Tekst på fakturaen") | en("Text on the invoice"),
    "column.rule_from": nb("Prisregelen gjelder fra") | en("The price rule holds from"),
    "column.rule_source": nb("Kilde til prisregelen") | en("Source of the price rule"),
    "column.stream": nb("Hva") | en("What"),
    "column.due": nb("Ventet") | en("Expected"),
    "column.received": nb("Mottatt") | en("Received"),
    "column.late": nb("For sent") | en("Late"),
    "column.missing": nb("Mangler") | en("Missing"),
    "column.missing_from": nb("Mangler fra") | en("Missing from"),
    "column.missing_to": nb("Mangler til") | en("Missing to"),
    "column.failed_hidden": nb("Feilet, hvorfor skjult") | en("Failed, why hidden"),
    "value.status.READY": nb("klar") | en("ready"),
    "value.status.NO_PRICE": nb("uten pris") | en("without a price"),
    "value.status.NO_AGREEMENT": nb("uten avtale") | en("without an agreement"),
    "value.note.NO_RULE": nb("ingen prisregel gjelder") | en("no price rule holds"),
    "value.note.AMBIGUOUS_PRICE": nb("flere prisregler gjelder") | en("several price rules hold"),
    "value.note.NO_INHABITANTS": nb("innbyggertall mangler") | en("the number of inhabitants is missing"),
    "value.note.NO_ANNEX": nb("vedlegget er ikke signert") | en("the annex is not signed"),
    "value.note.TERMINATED": nb("avtalen er sagt opp") | en("the agreement has ended"),
    "column.mapping": nb("Hva vi vet om fagsystemet") | en("What is known of the system"),
    "value.mapping.MAPPED": nb("kjent") | en("known"),
    "value.mapping.UNMAPPED": nb("navnet er ikke i registeret") | en("the name is not in the register"),
    "value.mapping.NOT_STATED": nb("ikke oppgitt") | en("not stated"),
    "made.mine.basis": nb(
        "**Å betale**: fakturagrunnlaget, det målt bruk og inngåtte avtaler tilsier etter prisen den første i måneden. "
        "Fakturaen kan avvike når bruk blir kjent senere. Linjer uten pris eller avtale er ikke med i summen."
    )
    | en(
        "**To pay**: the invoice basis, what measured use and agreements imply by the price on the first of the month. "
        "The invoice may differ where use becomes known later. Lines without a price or an agreement are not summed."
    ),
    "made.mine.change": nb(
        "**Pris og mengde**: endret mengde er regnet til prisen året før, og resten av endringen på linjen er pris. "
        "Linjer som ikke fantes i den ene måneden, er nye eller falt bort."
    )
    | en(
        "**Price and quantity**: changed quantity is counted at the price of the year before, and the rest of the "
        "line's change is price. Lines that one of the months did not have are new or have fallen away."
    ),
    "made.mine.deliveries": nb(
        "**Ventet levering**: følger av hva virksomheten pleier å levere, eller av at tjenesten er aktivert."
    )
    | en("**Expected delivery**: follows from what the organisation usually delivers, or from activated services."),
    "made.mine.connections": nb(
        "**Tilknytning**: en tjeneste som er brukt gjennom et fagsystem og en leverandør, slik forsendelsene oppgir."
    )
    | en("**Connection**: a service used through a source system and a supplier, as dispatches state."),
}
