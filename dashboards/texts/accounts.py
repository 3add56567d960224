"""What Produktregnskap says. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    # filters
    "filter.ar": nb("År") | en("Year"),
    "filter.kvartal": nb("Kvartal") | en("Quarter"),
    "filter.kommuner": nb("Kommuner som har tjenesten") | en("Municipalities that have the service"),
    "filter.volum": nb("Bruk, prosent mer eller mindre") | en("Use, per cent more or less"),
    "filter.brukerstotte": nb("Brukerstøtte, prosent mer eller mindre") | en("User support, per cent more or less"),
    "filter.drift": nb("Drift, prosent mer eller mindre") | en("Operation, per cent more or less"),
    "filter.forvaltning": nb("Forvaltning, prosent mer eller mindre") | en("Maintenance, per cent more or less"),
    "filter.administrasjon": nb("Administrasjon, prosent mer eller mindre")
    | en("Administration, per cent more or less"),
    "accounts.whole_year": nb("Hele året") | en("The whole year"),
    "accounts.year_so_far": nb("{year} (til og med {month})") | en("{year} (through {month})"),
    "accounts.quarter": nb("{n}. kvartal") | en("Quarter {n}"),
    "accounts.quarter.named": nb("{n}. kvartal {year}") | en("quarter {n} of {year}"),
    "accounts.in": nb("i {period}") | en("in {period}"),
    "accounts.in.so_far": nb("i {period}, til og med {month}") | en("in {period}, through {month}"),
    # the answer
    "accounts.answer.surplus": nb(
        "{service} gikk med {amount} i overskudd {when}: inntekten var {coverage} av kostnaden."
    )
    | en("{service} made a surplus of {amount} {when}: income was {coverage} of cost."),
    "accounts.answer.deficit": nb(
        "{service} gikk med {amount} i underskudd {when}: inntekten var {coverage} av kostnaden."
    )
    | en("{service} made a deficit of {amount} {when}: income was {coverage} of cost."),
    "accounts.answer.even": nb("{service} gikk i null {when}.") | en("{service} broke even {when}."),
    "accounts.answer.no_cost": nb("{service} hadde {amount} i inntekt {when}, og det er ikke ført noen kostnad.")
    | en("{service} had {amount} in income {when}, and no cost is booked."),
    "accounts.answer.carried.surplus": nb("Ved utgangen av {month} står et overskudd på {amount}.")
    | en("At the end of {month} a surplus of {amount} is carried."),
    "accounts.answer.carried.deficit": nb("Ved utgangen av {month} står et underskudd på {amount}.")
    | en("At the end of {month} a deficit of {amount} is carried."),
    # states
    "accounts.none_owned.title": nb("Ingen produktregnskap å vise") | en("No product accounts to show"),
    "accounts.none_owned": nb("Du står ikke som eier av noe produkt. Spør DIF hvis du skal ha tilgang.")
    | en("You are not set up as the owner of any product. Ask DIF if you should have access."),
    "accounts.not_kept.title": nb("Utgaven har ikke produktregnskap") | en("The release has no product accounts"),
    "accounts.not_kept": nb("Utgave {release} er laget før produktregnskapene ble en del av utgavene.")
    | en("Release {release} was made before the product accounts became a part of releases."),
    "accounts.empty.title": nb("Ingen regnskapstall for {service}") | en("No accounts of {service}"),
    "accounts.empty": nb(
        "Det er ikke ført inntekt, kostnad eller budsjett på tjenesten. Det betyr ikke at den er gratis."
    )
    | en("No income, cost or budget is booked on the service. It does not mean that it costs nothing."),
    "accounts.empty.link": nb("Nærmeste med tall: [{name}]({link})") | en("Nearest with numbers: [{name}]({link})"),
    "accounts.contents": nb("På denne siden:") | en("On this page:"),
    "accounts.contents.accounts": nb("Regnskapet") | en("The accounts"),
    "accounts.contents.price": nb("Priskalkylen") | en("The price calculation"),
    "accounts.contents.what_if": nb("Hva om?") | en("What if?"),
    "accounts.contents.paid": nb("Pris per kommune") | en("Price per municipality"),
    "accounts.contents.loan": nb("Lån") | en("Loans"),
    "accounts.contents.reconciliation": nb("Avstemming") | en("Reconciliation"),
    "accounts.contents.closing": nb("Uplassert kostnad og lukkede perioder") | en("Unplaced cost and closed periods"),
    # key figures
    "accounts.income": nb("Inntekt") | en("Income"),
    "accounts.cost": nb("Kostnad") | en("Cost"),
    "accounts.result": nb("Resultat") | en("Result"),
    "accounts.coverage": nb("Selvkostgrad") | en("Self-cost coverage"),
    "accounts.carried": nb("Akkumulert resultat") | en("Balance carried"),
    "accounts.more": nb("{change} mer enn i samme måneder året før")
    | en("{change} more than in the same months a year before"),
    "accounts.less": nb("{change} mindre enn i samme måneder året før")
    | en("{change} less than in the same months a year before"),
    "accounts.same": nb("som i samme måneder året før") | en("as in the same months a year before"),
    "accounts.no_year_before": nb("uten sammenligning: ingen tall for samme måneder året før")
    | en("not compared: no numbers of the same months a year before"),
    "accounts.coverage.low": nb("under {low} %: inntekten dekker ikke kostnaden")
    | en("below {low}%: income does not cover the cost"),
    "accounts.coverage.good": nb("mellom {low} og {high} %: inntekten dekker om lag kostnaden")
    | en("between {low} and {high}%: income roughly covers the cost"),
    "accounts.coverage.high": nb("over {high} %: brukerne betaler mer enn det koster")
    | en("above {high}%: the users pay more than it costs"),
    "accounts.coverage.none": nb("mangler: det er ikke ført noen kostnad") | en("missing: no cost is booked"),
    "accounts.coverage.twelve": nb("; de tolv månedene til og med {month}: {coverage}")
    | en("; the twelve months through {month}: {coverage}"),
    "accounts.coverage.twelve.short": nb("; de tolv månedene til og med {month}: {coverage}, {amount} mangler")
    | en("; the twelve months through {month}: {coverage}, {amount} short"),
    "accounts.carried.surplus": nb("overskudd ved utgangen av {month}, som skal tilbake til brukerne")
    | en("a surplus at the end of {month}, to go back to the users"),
    "accounts.carried.deficit": nb("underskudd ved utgangen av {month}, som skal dekkes inn")
    | en("a deficit at the end of {month}, to be covered"),
    "accounts.carried.none": nb("verken overskudd eller underskudd ved utgangen av {month}")
    | en("neither surplus nor deficit at the end of {month}"),
    # from income to result
    "accounts.steps.title": nb("{step} er den største kostnaden: {amount} av {all}")
    | en("{step} is the largest cost: {amount} of {all}"),
    "accounts.steps.title.no_cost": nb("Det er ikke ført noen kostnad") | en("No cost is booked"),
    "accounts.steps.subtitle": nb("Fra inntekt til resultat, kroner uten mva., {period}.")
    | en("From income to result, kroner without VAT, {period}."),
    "accounts.steps.words": nb("Fra inntekt til resultat {period}: {steps}.")
    | en("From income to result {period}: {steps}."),
    "accounts.steps.caption": nb("Fra inntekt til resultat") | en("From income to result"),
    "accounts.axis.kr": nb("kroner") | en("kroner"),
    "accounts.axis.thousand": nb("tusen kroner") | en("thousand kroner"),
    "column.cost_brukerstotte_ore": nb("Brukerstøtte") | en("User support"),
    "column.cost_drift_ore": nb("Drift") | en("Operation"),
    "column.cost_forvaltning_ore": nb("Forvaltning") | en("Maintenance"),
    "column.cost_administrasjon_ore": nb("Administrasjon") | en("Administration"),
    "column.result_so_far_ore": nb("Resultat, lagt sammen") | en("Result, added up"),
    "column.budget_so_far_ore": nb("Budsjettert resultat, lagt sammen") | en("Budgeted result, added up"),
    "value.part.income": nb("Inntekt") | en("Income"),
    "value.part.brukerstotte": nb("Brukerstøtte") | en("User support"),
    "value.part.drift": nb("Drift") | en("Operation"),
    "value.part.forvaltning": nb("Forvaltning") | en("Maintenance"),
    "value.part.administrasjon": nb("Administrasjon") | en("Administration"),
    "value.part.allocated": nb("Fordelt felleskostnad") | en("Allocated shared cost"),
    "value.part.result": nb("Resultat") | en("Result"),
    "column.part": nb("Ledd") | en("Part"),
    # twelve months
    "accounts.development.title.better": nb("Resultatet er {amount} bedre enn budsjettert etter {n:måned|måneder}")
    | en("The result is {amount} better than budgeted after {n:month|months}"),
    "accounts.development.title.worse": nb("Resultatet er {amount} svakere enn budsjettert etter {n:måned|måneder}")
    | en("The result is {amount} weaker than budgeted after {n:month|months}"),
    "accounts.development.title.same": nb("Resultatet er som budsjettert etter {n:måned|måneder}")
    | en("The result is as budgeted after {n:month|months}"),
    "accounts.development.title.none": nb("Resultatet etter {n:måned|måneder} er {amount}; budsjett mangler")
    | en("The result after {n:month|months} is {amount}; a budget is missing"),
    "accounts.development.subtitle": nb(
        "Resultat lagt sammen måned for måned mot budsjettet, kroner uten mva., {first} til {last}."
    )
    | en("Result added up month by month against the budget, kroner without VAT, {first} to {last}."),
    "accounts.development.actual": nb("Regnskap") | en("Accounts"),
    "accounts.development.budget": nb("Budsjett") | en("Budget"),
    "accounts.development.words": nb("Fra {first} til {last} ble resultatet {result}, mot budsjettert {budget}.")
    | en("From {first} to {last} the result was {result}, against a budget of {budget}."),
    "accounts.development.caption": nb("Tolv måneder mot budsjettet") | en("Twelve months against the budget"),
    # by year and quarter
    "accounts.statement.title": nb("{n} av {all:kvartal|kvartaler} endte med overskudd")
    | en("{n} of {all:quarter|quarters} ended with a surplus"),
    "accounts.statement.subtitle": nb("Kroner uten mva. Selvkostgraden er inntekt i prosent av kostnad i perioden.")
    | en("Kroner without VAT. Coverage is income in per cent of the period's cost."),
    "accounts.statement.caption": nb("Regnskap per år og kvartal") | en("Accounts by year and quarter"),
    "accounts.statement.period": nb("Periode") | en("Period"),
    "accounts.statement.budget": nb("Budsjettert resultat") | en("Budgeted result"),
    "accounts.statement.partly": nb("{period}, til og med {month}") | en("{period}, through {month}"),
    "accounts.statement.from": nb("{period}, fra {month}") | en("{period}, from {month}"),
    "accounts.statement.files": nb("Filene har tallene per måned.") | en("The files have the numbers by month."),
    # the price calculation
    "accounts.price.title": nb("Priskalkylen for {year}") | en("The price calculation of {year}"),
    "accounts.price.title.up": nb("Prisene må opp {change} fra i dag for å dekke kostnaden i {year}")
    | en("Prices must rise by {change} from today to cover the cost of {year}"),
    "accounts.price.title.down": nb("Prisene kan ned {change} fra i dag og likevel dekke kostnaden i {year}")
    | en("Prices can fall by {change} from today and still cover the cost of {year}"),
    "accounts.price.title.same": nb("Dagens priser dekker kostnaden i {year}")
    | en("Today's prices cover the cost of {year}"),
    "accounts.price.title.nothing": nb("Overskuddet dekker hele kostnaden i {year}: selvkostprisen er null")
    | en("The surplus covers all of the cost of {year}: the self-cost price is zero"),
    "accounts.price.subtitle": nb("Kostnad fra {first} til {last}, regnet om til tolv måneder. Uten mva.")
    | en("Cost from {first} to {last}, reckoned to twelve months. Without VAT."),
    "accounts.price.formula": nb(
        "Selvkostpris = (kostnad − overskudd som brukes) × prisens andel av inntekten ÷ ventet antall enheter. "
        "Et underskudd legges til i stedet for å trekkes fra."
    )
    | en(
        "Self-cost price = (cost − surplus used) × the price's share of the income ÷ expected units. "
        "A deficit is added instead of taken off."
    ),
    "accounts.price.formula.one": nb(
        "{element}: ({cost} {sign} {balance}) × {share} ÷ {units} {unit} = {price}, rundet opp til {proposed}."
    )
    | en("{element}: ({cost} {sign} {balance}) × {share} ÷ {units} {unit} = {price}, rounded up to {proposed}."),
    "accounts.price.customers": nb("kunder") | en("customers"),
    "accounts.price.unit": nb("enheter ({unit})") | en("units ({unit})"),
    "value.channel.ALTINN": nb("Altinn") | en("Altinn"),
    "value.channel.NHN": nb("Helsenettet") | en("The health network"),
    "value.channel.PRINT": nb("Papir") | en("Paper"),
    "value.channel.SDP": nb("Digital postkasse") | en("Digital mailbox"),
    "value.channel.SVARINN": nb("SvarInn") | en("SvarInn"),
    "accounts.price.costs.caption": nb("Hva prisene skal dekke, {year}") | en("What prices must cover, {year}"),
    "accounts.price.costs.what": nb("Post") | en("Item"),
    "accounts.price.costs.source": nb("Kilde") | en("Source"),
    "accounts.price.costs.varies": nb("Varierer med") | en("Varies with"),
    "accounts.price.costs.fixed": nb("fast") | en("fixed"),
    "accounts.price.costs.year": nb("Kroner i året") | en("Kroner a year"),
    "accounts.price.source.account": nb("konto {account}") | en("account {account}"),
    "accounts.price.source.ACCOUNT": nb("uten konto") | en("no account"),
    "accounts.price.source.ALLOCATED": nb("fordelt felleskostnad") | en("allocated shared cost"),
    "accounts.price.source.LEDGER": nb("ført fra andre perioder") | en("booked from other periods"),
    "accounts.price.costs.base": nb("Kostnadsgrunnlag") | en("Cost base"),
    "accounts.price.costs.surplus": nb("− overskudd som brukes") | en("− surplus used"),
    "accounts.price.costs.deficit": nb("+ underskudd som dekkes inn") | en("+ deficit covered"),
    "accounts.price.costs.cover": nb("= skal dekkes av prisene") | en("= to be covered by prices"),
    "accounts.price.costs.carried": nb("av {amount} akkumulert") | en("of {amount} carried"),
    "accounts.price.costs.expected": nb(
        "av {amount} akkumulert, som er ventet ved utgangen av {year}; {now} til og med {month}"
    )
    | en("of {amount} carried, as expected at the end of {year}; {now} through {month}"),
    "accounts.price.costs.missing": nb("; måneder fram til da uten regnskap året før, regnet som null: {n}")
    | en("; months till then without an account of the year before, counted as zero: {n}"),
    "accounts.price.prices.caption": nb("Selvkostpris, pris for pris") | en("Self-cost price, price by price"),
    "accounts.price.element": nb("Pris") | en("Price"),
    "accounts.price.units": nb("Ventede enheter") | en("Expected units"),
    "accounts.price.self_cost": nb("Selvkostpris") | en("Self-cost price"),
    "accounts.price.today": nb("Dagens pris") | en("Today's price"),
    "accounts.price.proposed": nb("Foreslått pris") | en("Proposed price"),
    "accounts.price.decided": nb("Vedtatt pris") | en("Decided price"),
    "accounts.price.gap": nb("Avvik fra vedtatt") | en("Gap from decided"),
    "accounts.price.change": nb("Endring fra i dag") | en("Change from today"),
    "accounts.price.base_case": nb("Grunnberegningen") | en("The base case"),
    "accounts.price.reproduced": nb("ingen") | en("none"),
    "accounts.price.decided.all": nb("Grunnberegningen gir de vedtatte prisene for {year}.")
    | en("The base case gives the decided prices of {year}."),
    "accounts.price.decided.gap": nb(
        "Grunnberegningen gir ikke de vedtatte prisene for {year}. Størst er avviket for {element}: selvkostprisen er "
        "{self_cost}, vedtatt er {decided}."
    )
    | en(
        "The base case does not give the decided prices of {year}. The gap is largest for {element}: the "
        "self-cost price "
        "is {self_cost}, decided is {decided}."
    ),
    "accounts.price.decided.none": nb("Ingen pris er vedtatt for {year}.") | en("No price is decided for {year}."),
    "accounts.price.size.from": nb("fra {n} innbyggere") | en("from {n} inhabitants"),
    "accounts.price.size.under": nb("under {n} innbyggere") | en("under {n} inhabitants"),
    "accounts.price.uses.caption": nb("Ventet bruk") | en("Expected use"),
    "accounts.price.uses.as_now": nb("ingen framskriving: som nå") | en("no forecast: as now"),
    "accounts.price.uses.driver": nb("Telles etter") | en("Counted by"),
    "accounts.price.uses.now": nb("Nå") | en("Now"),
    "accounts.price.uses.method": nb("Framskriving") | en("Forecast"),
    "accounts.price.uses.error": nb("Feil i etterprøving") | en("Back-tested error"),
    "accounts.level.low": nb("Lav bruk") | en("Low use"),
    "accounts.level.expected": nb("Ventet bruk") | en("Expected use"),
    "accounts.level.high": nb("Høy bruk") | en("High use"),
    "accounts.status.NO_PRICE": nb("Tjenesten har ingen pris som følger bruk, så det er ikke noe å beregne.")
    | en("The service has no price that follows use, so there is nothing to calculate."),
    "accounts.status.NO_COST": nb("Det er ikke ført kostnad på tjenesten i de siste fire hele kvartalene.")
    | en("No cost is booked on the service in the last four whole quarters."),
    "accounts.status.NO_USE": nb("Verken fakturaer eller målinger sier hvor mye prisene telles etter.")
    | en("Neither invoices nor measurements tell how much the prices are counted by."),
    "accounts.status.ZERO": nb("Forutsetningene gir ingen kostnad å dekke.")
    | en("What is supposed leaves no cost to cover."),
    "accounts.status.none": nb("Utgaven har ingen priskalkyle for tjenesten.")
    | en("The release has no price calculation of the service."),
    "accounts.proposals.title": nb("Lagrede kalkyler") | en("Saved calculations"),
    "accounts.proposals.caption": nb("Foreslåtte og vedtatte priser, slik de er lagret")
    | en("Proposed and decided prices, as saved"),
    "value.decision.PROPOSED": nb("foreslått") | en("proposed"),
    "value.decision.DECIDED": nb("vedtatt") | en("decided"),
    "column.scenario": nb("Kalkyle") | en("Calculation"),
    "column.element": nb("Pris") | en("Price"),
    # what if
    "accounts.what_if.title": nb("Hva om bruken eller kostnaden blir en annen?")
    | en("What if use or cost turns out otherwise?"),
    "accounts.what_if.title.up": nb("Hva om: prisene blir {change} høyere enn i grunnberegningen")
    | en("What if: prices come out {change} higher than in the base case"),
    "accounts.what_if.title.down": nb("Hva om: prisene blir {change} lavere enn i grunnberegningen")
    | en("What if: prices come out {change} lower than in the base case"),
    "accounts.what_if.title.same": nb("Hva om: prisene blir som i grunnberegningen")
    | en("What if: prices come out as in the base case"),
    "accounts.what_if.subtitle": nb(
        "Endre tallene under. De står i lenken, så den som får den, ser det samme. Grunnberegningen har "
        "ingen endringer."
    )
    | en(
        "Change the numbers below. They are in the link, so whoever gets it sees the same. The base case has "
        "no changes."
    ),
    "accounts.what_if.as_foreseen": nb("som framskrevet") | en("as foreseen"),
    "accounts.what_if.unchanged": nb("uendret") | en("unchanged"),
    "accounts.what_if.reset": nb("Tilbake til grunnberegningen") | en("Back to the base case"),
    "accounts.what_if.no_municipalities": nb(
        "Ingen vet hvor mange kommuner som har tjenesten, så tallet på kommuner endrer ingenting."
    )
    | en("Nobody knows how many municipalities have the service, so their number changes nothing."),
    "accounts.what_if.nothing_moves": nb(
        "Ingen av prisene eller kostnadene telles etter bruk, så mer eller mindre bruk endrer ingenting."
    )
    | en("None of the prices or costs is counted by use, so more or less use changes nothing."),
    "accounts.what_if.supposed.none": nb("Ingen forutsetninger: kostnad som den var, bruk som framskrevet.")
    | en("Nothing supposed: cost as it was, use as foreseen."),
    "accounts.what_if.supposed": nb("Forutsatt: {what}.") | en("Supposed: {what}."),
    "accounts.what_if.supposed.municipalities": nb("{n:kommune|kommuner} har tjenesten")
    | en("{n:municipality has|municipalities have} the service"),
    "accounts.what_if.supposed.more": nb("{percent} mer {what}") | en("{percent} more {what}"),
    "accounts.what_if.supposed.less": nb("{percent} mindre {what}") | en("{percent} less {what}"),
    "accounts.what_if.use": nb("bruk") | en("use"),
    "accounts.what_if.prices.caption": nb("Priser med og uten forutsetningene")
    | en("Prices with and without what is supposed"),
    "accounts.what_if.assumptions": nb("Forutsetninger") | en("Assumptions"),
    "accounts.what_if.base": nb("Selvkostpris, grunnberegning") | en("Self-cost price, base case"),
    "accounts.what_if.levels.caption": nb("Dekning og inntekt ved lav, ventet og høy bruk")
    | en("Coverage and income at low, expected and high use"),
    "accounts.what_if.level": nb("Bruk") | en("Use"),
    "accounts.what_if.cost": nb("Kostnad") | en("Cost"),
    "accounts.what_if.income": nb("Inntekt, foreslått pris") | en("Income, proposed price"),
    "accounts.what_if.coverage": nb("Dekning med saldo, foreslått pris") | en("Cover with balance, proposed price"),
    "accounts.what_if.income_today": nb("Inntekt, dagens pris") | en("Income, today's price"),
    "accounts.what_if.coverage_today": nb("Dekning med saldo, dagens pris") | en("Cover with balance, today's price"),
    "accounts.what_if.sizes.caption": nb("Hva en kunde betaler i året for samme bruk, snitt")
    | en("What a customer pays a year for the same use, mean"),
    "accounts.what_if.sizes.size": nb("Størrelse") | en("Size"),
    "accounts.what_if.customers": nb("Kunder") | en("Customers"),
    "accounts.what_if.pays_today": nb("I dag") | en("Today"),
    "accounts.what_if.pays_then": nb("Med foreslått pris") | en("At the proposed price"),
    "accounts.what_if.increase": nb("Endring") | en("Change"),
    "accounts.what_if.increase_percent": nb("Endring i prosent") | en("Change in per cent"),
    "accounts.what_if.customer": nb("Kunde") | en("Customer"),
    "accounts.what_if.largest.kr": nb("De ti største økningene i kroner") | en("The ten largest increases in kroner"),
    "accounts.what_if.largest.percent": nb("De ti største økningene i prosent")
    | en("The ten largest increases in per cent"),
    "accounts.what_if.no_increase": nb("Ingen navngitt kunde betaler mer med de foreslåtte prisene.")
    | en("No named customer pays more at the proposed prices."),
    "accounts.what_if.not_billed": nb("Ingen er fakturert i perioden, så virkningen per kunde er ikke kjent.")
    | en("Nobody was billed in the period, so the effect by customer is not known."),
    "accounts.what_if.command": nb("Den samme kalkylen som regneark med formler:")
    | en("The same calculation as a workbook with formulas:"),
    "accounts.what_if.file": nb("pris.xlsx") | en("price.xlsx"),
    "accounts.size.0": nb("Under 10 000 innbyggere") | en("Under 10,000 inhabitants"),
    "accounts.size.1": nb("10 000–50 000 innbyggere") | en("10,000–50,000 inhabitants"),
    "accounts.size.2": nb("50 000 innbyggere og over") | en("50,000 inhabitants and more"),
    "accounts.size.3": nb("Andre kunder") | en("Other customers"),
    "accounts.size.4": nb("Uten navngitt virksomhet") | en("No named organisation"),
    # what a municipality pays
    "accounts.paid.title": nb(
        "En kommune under 10 000 innbyggere betaler i snitt {small} i året, en på 50 000 eller mer {large}"
    )
    | en("A municipality under 10,000 inhabitants pays {small} a year on average, one of 50,000 or more {large}"),
    "accounts.paid.title.plain": nb("Hva kommunene betaler i året, etter størrelse")
    | en("What municipalities pay a year, by size"),
    "accounts.paid.subtitle": nb(
        "Fakturert per kommune fra {first} til {last}, kroner uten mva. Én prikk er én kommune."
    )
    | en("Billed to each municipality from {first} to {last}, kroner without VAT. A dot is a municipality."),
    "accounts.paid.inhabitants": nb("innbyggere (logaritmisk skala)") | en("inhabitants (logarithmic scale)"),
    "accounts.paid.kr": nb("kroner") | en("kroner"),
    "accounts.paid.words": nb("Hva {n:kommune|kommuner} betalte, etter innbyggere. Snitt: {means}.")
    | en("What {n:municipality|municipalities} paid, by inhabitants. Means: {means}."),
    "accounts.paid.mean": nb("{size}: {amount}") | en("{size}: {amount}"),
    "accounts.paid.caption": nb("Hva kommunene betaler, etter størrelse") | en("What municipalities pay, by size"),
    "accounts.paid.municipalities": nb("Kommuner") | en("Municipalities"),
    "accounts.paid.mean_kr": nb("Snitt per kommune") | en("Mean per municipality"),
    "accounts.paid.least": nb("Lavest") | en("Lowest"),
    "accounts.paid.most": nb("Høyest") | en("Highest"),
    "accounts.paid.each": nb("Kroner per innbygger") | en("Kroner per inhabitant"),
    "accounts.customers.closed": nb("Hva den enkelte kunde betaler, er bare for dem som arbeider med økonomi.")
    | en("What single customers pay is only for those who work with the economy."),
    "accounts.paid.none": nb("Ingen kommune er fakturert i perioden, eller tallet kan ikke vises per kommune.")
    | en("No municipality was billed in the period, or it cannot be shown by municipality."),
    # loans
    "accounts.loan.title": nb("{project}: {balance} gjenstår av lånet")
    | en("{project}: {balance} is left of the loan"),
    "accounts.loan.title.paid": nb("{project}: lånet er nedbetalt") | en("{project}: the loan is paid off"),
    "accounts.loan.title.when": nb("{project}: {balance} gjenstår av lånet, ventet nedbetalt i {month}")
    | en("{project}: {balance} is left of the loan, expected to be paid off in {month}"),
    "accounts.loan.title.none": nb("Lån og prosjekter") | en("Loans and projects"),
    "accounts.loan.none": nb("Tjenesten har ikke noe lån fra Digifin.") | en("The service has no Digifin loan."),
    "accounts.loan.subtitle": nb(
        "Lånesaldo ved månedens slutt, kroner. Prikket: ventet nedbetaling, fra lav til høy utbredelse."
    )
    | en("Balance at the end of the month, kroner. Dotted: expected payoff, from low to high uptake."),
    "accounts.loan.subtitle.plain": nb("Lånesaldo ved månedens slutt, kroner.")
    | en("Balance at the end of the month, kroner."),
    "accounts.loan.words": nb("Saldoen var {balance} i {month}. {payoff}")
    | en("The balance was {balance} in {month}. {payoff}"),
    "accounts.loan.payoff": nb("Ventet nedbetalt: {low} ved lav utbredelse, {expected} ved ventet, {high} ved høy.")
    | en("Expected to be paid off: {low} at low uptake, {expected} at expected, {high} at high."),
    "accounts.loan.level.low": nb("lav") | en("low"),
    "accounts.loan.level.expected": nb("ventet") | en("expected"),
    "accounts.loan.level.high": nb("høy") | en("high"),
    "accounts.loan.extended": nb(
        "Minst én av månedene ligger lenger fram enn framskrivingen når. Da fortsetter takten, og det er "
        "ikke etterprøvd."
    )
    | en("One of the months at least lies beyond the forecast. Its pace then goes on, which is not back-tested."),
    "accounts.loan.not_reached": nb("nås ikke") | en("not reached"),
    "accounts.loan.reason.NO_LOAN": nb("Ingenting er trukket av et lån.") | en("Nothing is drawn of a loan."),
    "accounts.loan.reason.PAID": nb("Lånet er nedbetalt.") | en("The loan is paid off."),
    "accounts.loan.reason.NOT_LAUNCHED": nb("Tjenesten er ikke lansert, så nedbetalingen kan ikke regnes ut.")
    | en("The service is not launched, so the payoff cannot be worked out."),
    "accounts.loan.reason.NO_JOINING_FEE": nb("Ingen tilkoblingspris gjelder, så nedbetalingen kan ikke regnes ut.")
    | en("No joining fee is in force, so the payoff cannot be worked out."),
    "accounts.loan.reason.NO_FORECAST": nb("Utbredelsen er ikke framskrevet, så nedbetalingen kan ikke regnes ut.")
    | en("Uptake is not forecast, so the payoff cannot be worked out."),
    "accounts.loan.reason.NOT_ENOUGH_JOINERS": nb(
        "På minst ett nivå er det ikke mange nok igjen til å betale lånet, eller ikke innen ti år."
    )
    | en("At one level at least too few are left to pay the loan, or not within ten years."),
    "accounts.loan.reason.EARLIER_MONTH": nb("Bare siste måned har en ventet nedbetaling.")
    | en("The last month alone has an expected payoff."),
    "accounts.loan.overdrawn": nb("Det er trukket mer enn det er bevilget.") | en("More is drawn than was granted."),
    "accounts.loan.paid_off": nb("Ventet nedbetalt") | en("Expected to be paid off"),
    "accounts.projects.caption": nb("Prosjekter: bevilget, trukket, brukt og betalt tilbake, per {month}")
    | en("Projects: granted, drawn, spent and repaid, as of {month}"),
    "accounts.projects.without": nb("Prosjekter som ikke er lansert, og derfor ikke har noen tjeneste")
    | en("Projects that are not launched, and so have no service"),
    "column.project_title": nb("Prosjekt") | en("Project"),
    "value.financing.DIGIFIN": nb("Digifin") | en("Digifin"),
    "value.financing.INTERN": nb("intern") | en("internal"),
    "value.financing.EKSTERN": nb("ekstern") | en("external"),
    "value.phase.IDE": nb("idé") | en("idea"),
    "value.phase.UTREDNING": nb("utredning") | en("study"),
    "value.phase.GJENNOMFORING": nb("gjennomføring") | en("execution"),
    "value.phase.INNFORING": nb("innføring") | en("introduction"),
    "value.phase.DRIFT": nb("drift") | en("operation"),
    # reconciliation
    "accounts.reconciliation.title": nb("{amount} står på spill mellom fakturert og målt")
    | en("{amount} is at stake between billed and measured"),
    "accounts.reconciliation.title.none": nb("Fakturert og målt stemmer: ingen kroner står på spill")
    | en("Billed and measured agree: no kroner are at stake"),
    "accounts.reconciliation.title.plain": nb("Avstemming av fakturert mot målt")
    | en("Reconciliation of billed against measured"),
    "accounts.reconciliation.subtitle": nb(
        "Forskjeller per årsak, kroner uten mva., {period}. Mot høyre er fakturert for mye."
    )
    | en("Differences by reason, kroner without VAT, {period}. To the right too much was billed."),
    "accounts.reconciliation.ties": nb(
        "Fakturert {billed} = ventet {expected} + forklart {explained} + uforklart {open} + kan ikke "
        "avstemmes {not_rec}."
    )
    | en(
        "Billed {billed} = expected {expected} + explained {explained} + unexplained {open} + not "
        "reconcilable {not_rec}."
    ),
    "accounts.reconciliation.awaits": nb("{amount} er målt og venter på faktura. Det står ikke på spill ennå.")
    | en("{amount} is measured and awaits its invoice. It is not at stake yet."),
    "accounts.reconciliation.empty": nb("Ingenting er fakturert eller målt av tjenesten i perioden.")
    | en("Nothing was billed or measured of the service in the period."),
    "accounts.reconciliation.no_parts": nb("Det er ingen forskjeller i perioden.")
    | en("There are no differences in the period."),
    "accounts.reconciliation.words": nb("Forskjeller mellom fakturert og målt: {reasons}.")
    | en("Differences between billed and measured: {reasons}."),
    "accounts.reconciliation.reason": nb("{reason} {over} for mye og {under} for lite")
    | en("{reason} {over} too much and {under} too little"),
    "accounts.reconciliation.caption": nb("Årsaker til forskjellene") | en("Reasons for the differences"),
    "accounts.reconciliation.months.caption": nb("Fakturert mot målt, per måned")
    | en("Billed against measured, by month"),
    "accounts.unexplained.title": nb("De største uforklarte forskjellene") | en("The largest unexplained differences"),
    "accounts.unexplained.caption": nb("Uforklarte rader, størst først") | en("Unexplained rows, the largest first"),
    "accounts.over": nb("fakturert for mye") | en("billed too much"),
    "accounts.under": nb("fakturert for lite") | en("billed too little"),
    "value.reason.MONTH_SHIFT": nb("Feil måned") | en("Wrong month"),
    "value.reason.LATE_STATE": nb("Målt etter fakturering") | en("Measured after invoicing"),
    "value.reason.CORRECTION": nb("Retting") | en("Correction"),
    "value.reason.UNJUSTIFIED_CREDIT": nb("Kreditert mer enn bruken tilsier") | en("Credited more than use bears out"),
    "value.reason.UNJUSTIFIED_CHARGE": nb("Etterfakturert mer enn bruken tilsier")
    | en("Charged afterwards more than use bears out"),
    "value.reason.CORRECTS_NOTHING": nb("Retter ingenting") | en("Corrects nothing"),
    "value.reason.OTHER_PAYER": nb("Annen virksomhet, samme betaler") | en("Other organisation, same payer"),
    "value.reason.UNKNOWN_ACCOUNT": nb("Ukjent konto") | en("Unknown account"),
    "value.reason.PRICE_CHANGE": nb("Annen pris") | en("Other price"),
    "value.reason.ROUNDING": nb("Avrunding") | en("Rounding"),
    "value.reason.UNEXPLAINED": nb("Uforklart") | en("Unexplained"),
    "column.differences": nb("Forskjeller") | en("Differences"),
    "column.over_ore": nb("Fakturert for mye") | en("Billed too much"),
    "column.under_ore": nb("Fakturert for lite") | en("Billed too little"),
    "column.unexplained_ore": nb("Uforklart") | en("Unexplained"),
    # unmapped cost and closed periods
    "accounts.unmapped.title": nb("{amount} i kostnad er ikke plassert") | en("{amount} of cost is not placed"),
    "accounts.unmapped.title.none": nb("All kostnad er plassert") | en("All cost is placed"),
    "accounts.unmapped.subtitle.all": nb(
        "Kostnad for alle tjenester og felles, {period}, kroner uten mva. Den rettes i registeret over hvor "
        "kostnad hører "
        "hjemme (cost_mapping), eller hos den som leverer den. Et bilag med to grunner står under begge."
    )
    | en(
        "Cost of all services and shared, {period}, kroner without VAT. It is mended in the register of where cost "
        "belongs (cost_mapping), or by whoever delivers it. An entry with two reasons stands under both."
    ),
    "accounts.unmapped.subtitle.own": nb("Kostnad som er ført på tjenesten, {period}, kroner uten mva.")
    | en("Cost that is booked on the service, {period}, kroner without VAT."),
    "accounts.unmapped.caption": nb("Kostnad som ikke er plassert") | en("Cost that is not placed"),
    "value.reason.NO_CATEGORY": nb("Ukjent kostnadstype (regnes som drift)")
    | en("Unknown category (counted as operation)"),
    "value.reason.NO_KEY": nb("Felles, uten fordelingsnøkkel") | en("Shared, without an allocation key"),
    "value.reason.UNKNOWN_KEY": nb("Ukjent fordelingsnøkkel") | en("Unknown allocation key"),
    "value.reason.NO_WEIGHTS": nb("Ingenting å fordele etter") | en("Nothing to allocate by"),
    "value.reason.EXTERNAL_SERVICE": nb("Nevner et produkt fra andre") | en("Names a product of others"),
    "column.entries": nb("Bilag") | en("Entries"),
    "column.booked_account": nb("Konto") | en("Account"),
    "accounts.periods.title": nb("Siste lukkede kvartal er {quarter}") | en("The last closed quarter is {quarter}"),
    "accounts.periods.title.none": nb("Ingen kvartaler er lukket") | en("No quarters are closed"),
    "accounts.periods.subtitle": nb(
        "Et lukket kvartal endres ikke. Det som kommer senere for {service}, føres i første åpne måned og vises her."
    )
    | en(
        "A closed quarter does not change. What comes later of {service} is booked in the first open month, shown here."
    ),
    "accounts.periods.caption": nb("Kvartaler og hva som er ført senere") | en("Quarters and what is booked later"),
    "value.status.OPEN": nb("åpent") | en("open"),
    "value.status.CLOSED": nb("lukket") | en("closed"),
    "value.status.REOPENED": nb("gjenåpnet") | en("reopened"),
    "accounts.report.title": nb("Rapport til brukerrådet") | en("A report for the product council"),
    "accounts.report": nb("De samme tallene på én side, til å skrive ut:")
    | en("The same numbers on one page, for printing:"),
    # how the numbers are made
    "made.accounts.limits": nb(
        "Årspriser gir skjeve måneder og kvartaler: se på året og det akkumulerte resultatet. Felleskostnad "
        "som ikke er "
        "plassert, er ikke med i noen tjeneste. En verdi som mangler, står som `..` og er ikke null. "
        "Virkningen per kunde "
        "regner med samme bruk som i perioden kostnaden er fra."
    )
    | en(
        "Yearly prices skew months and quarters: look at the year and the balance carried. Shared cost that "
        "is not placed "
        "is in no service. A value that is missing stands as `..`, and is not zero. The effect by customer "
        "takes the same "
        "use as in the period that the cost is from."
    ),
    "made.accounts.income": nb(
        "**Inntekt**: fakturert for tjenesten, uten mva. Tilkoblingsprisen for en tjeneste med lån er ikke inntekt."
    )
    | en("**Income**: billed for the service, without VAT. The joining fee of a service with a loan is not income."),
    "made.accounts.cost": nb(
        "**Kostnad**: brukerstøtte, drift, forvaltning, administrasjon og fordelt felleskostnad. Utvikling i "
        "prosjekt står "
        "utenfor."
    )
    | en(
        "**Cost**: user support, operation, maintenance, administration and allocated shared cost. "
        "Development in a project "
        "stands outside."
    ),
    "made.accounts.result": nb("**Resultat**: inntekt − kostnad.") | en("**Result**: income − cost."),
    "made.accounts.coverage": nb(
        "**Selvkostgrad**: inntekt i prosent av kostnad (SSBs mål; avsetning til fond og bruk av fond er "
        "regnet som null). "
        "I kalkylen teller også overskudd som brukes. 100\u00a0% er at prisene dekker akkurat det tjenesten koster."
    )
    | en(
        "**Self-cost coverage**: income in per cent of cost (as Statistics Norway defines it; what is set "
        "aside to or used of "
        "a fund is taken as zero). In the calculation, surplus used counts too. At 100% prices cover just "
        "what it costs."
    ),
    "made.accounts.carried": nb("**Akkumulert resultat**: summen av resultatene over alle år til og med måneden.")
    | en("**Balance carried**: the sum of the results of all years through the month."),
    "made.accounts.price": nb(
        "**Selvkostpris**: prisen som akkurat dekker kostnaden ved ventet bruk. Har tjenesten flere priser, "
        "endres alle like "
        "mye i prosent. **Foreslått pris** er rundet opp: til 0,1 øre under 1 kr, 1 øre under 10 kr, 1 kr "
        "under 1 000 kr, "
        "ellers 100 kr."
    )
    | en(
        "**Self-cost price**: the price that just covers the cost at expected use. Where the service has "
        "several prices, all "
        "change by the same per cent. **The proposed price** is rounded up: to NOK 0.001 under NOK 1, "
        "NOK 0.01 under NOK 10, NOK 1 under NOK 1,000, else NOK 100."
    ),
    "made.accounts.balance": nb(
        "**Overskudd som brukes**: akkumulert resultat slik det er ventet ved utgangen av året før prisene gjelder. "
        "Hver måned fram til da er ventet å gi samme resultat som året før."
    )
    | en(
        "**Surplus used**: the balance carried as expected at the end of the year before the prices hold. Each month "
        "till then is expected to come to what it did the year before."
    ),
    "made.accounts.use": nb(
        "**Ventet bruk**: framskrivingens tolv måneder mot de siste tolv kjente. Lav og høy er summen av "
        "månedenes, og er "
        "videre enn årets egen usikkerhet."
    )
    | en(
        "**Expected use**: the forecast's twelve months against the last twelve known. Low and high are the "
        "sums of the "
        "months', and wider than the year's own uncertainty."
    ),
    "made.accounts.loan": nb("**Lånesaldo**: trukket − betalt tilbake − ettergitt.")
    | en("**Balance of a loan**: drawn − repaid − written off."),
    "made.accounts.at_stake": nb(
        "**Står på spill**: uforklart fakturert for mye pluss uforklart fakturert for lite; de veier ikke "
        "mot hverandre."
    )
    | en(
        "**At stake**: unexplained billed too much plus unexplained billed too little; they do not offset each other."
    ),
}
