"""What pages and reports say of a product and of the ledgers. Bokmål and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "ledger.restricted": nb("Fortrolig: produktregnskap") | en("Confidential: product ledger"),
    "ledger.restricted.who": nb("Bare for ledelse, økonomi, styre og produktets brukerråd. Ikke send videre.")
    | en("For management, finance, the board and the product's user council only. Do not pass it on."),
    "ledger.synthetic.all": nb(
        "Tallene er laget av en simulator, og sier ingenting om virkelige tjenester eller beløp."
    )
    | en("The numbers were made by a simulator, and say nothing of real services or amounts."),
    "ledger.synthetic.some": nb(
        "Det som er merket «syntetisk», er laget av en simulator, og sier ingenting om virkelige tjenester eller beløp."
    )
    | en("What is marked “synthetic” was made by a simulator, and says nothing of real services or amounts."),
    "ledger.more": nb("{amount} mer enn {than}") | en("{amount} more than {than}"),
    "ledger.less": nb("{amount} mindre enn {than}") | en("{amount} less than {than}"),
    "ledger.same": nb("likt {than}") | en("equal to {than}"),
    "ledger.better": nb("{amount} bedre enn {than}") | en("{amount} better than {than}"),
    "ledger.worse": nb("{amount} dårligere enn {than}") | en("{amount} worse than {than}"),
    "ledger.budget": nb("budsjettert") | en("budgeted"),
    "ledger.last_year": nb("samme måneder i {year}") | en("the same months of {year}"),
    "ledger.begun": nb("kan ikke sammenlignes med {year}: regnskapet begynner {month}")
    | en("not comparable with {year}: the ledgers begin {month}"),
    "ledger.new": nb("ingen bilag på tjenesten i {year}") | en("no entries of the service in {year}"),
    "ledger.no_budget": nb("budsjett mangler for minst én av månedene")
    | en("no budget for one of the months at least"),
    "ledger.no_budget.income": nb("budsjettert inntekt er ikke kjent") | en("the budgeted income is not known"),
    "ledger.months": nb("januar–{month}") | en("January–{month}"),
    "ledger.none": nb("mangler: ingen bilag på tjenesten") | en("missing: no entries of the service"),
    "ledger.none.year": nb("mangler: ingen bilag i {year}") | en("missing: no entries in {year}"),
    "ledger.coverage.short": nb("mangler: ikke tolv måneder i regnskapet ennå")
    | en("missing: not twelve months in the ledgers yet"),
    "ledger.coverage.no_cost": nb("mangler: ingen kostnad er ført siste tolv måneder")
    | en("missing: no cost is booked in the last twelve months"),
    "ledger.coverage.words": nb("siste tolv måneder; 100\u00a0% er selvkost")
    | en("last twelve months; 100% is self-cost"),
    "ledger.balance.words": nb("overført siden {month}") | en("carried since {month}"),
    # the product's report
    "product.kicker": nb("Til brukerrådet") | en("To the user council"),
    "product.title": nb("{name}, {month}") | en("{name}, {month}"),
    "product.answer.use.FLOW": nb("Bruken av {name} var {quantity} {unit} siste tolv måneder{grown}")
    | en("The use of {name} was {quantity} {unit} in the last twelve months{grown}"),
    "product.answer.use.FLOW.some": nb("Bruken av {name} var {quantity} {unit} i {n:måned|måneder} som er målt")
    | en("The use of {name} was {quantity} {unit} in {n:month that was|months that were} measured"),
    "product.answer.use.STOCK": nb("{name} hadde {quantity} {unit} i {month}{grown}")
    | en("{name} had {quantity} {unit} in {month}{grown}"),
    "product.answer.use.hidden": nb("Bruken av {name} er skjult i noen måneder av hensyn til personvern")
    | en("The use of {name} is hidden in some months for privacy"),
    "product.answer.use.none": nb("Ingen kilde måler bruken av {name}") | en("No source measures the use of {name}"),
    "product.answer.up": nb(" ({share} mer enn året før)") | en(" ({share} more than the year before)"),
    "product.answer.down": nb(" ({share} mindre enn året før)") | en(" ({share} less than the year before)"),
    "product.answer.economy": nb("{use}, og tjenesten har et resultat på {result} så langt i {year}.")
    | en("{use}, and the service has a result of {result} so far in {year}."),
    "product.answer.economy.none": nb("{use}, og ingen bilag er ført på tjenesten i {year}.")
    | en("{use}, and no entries of the service are booked in {year}."),
    "product.figure.customers.USE": nb("Kunder i bruk") | en("Customers in use"),
    "product.figure.customers.EVENT": nb("Kunder som har aktivert") | en("Customers that have activated"),
    "product.figure.customers.words": nb("{n:kommune|kommuner}, {others:annen|andre}{year}")
    | en("{n:municipality|municipalities}, {others:other|others}{year}"),
    "product.figure.customers.year": nb("; {change} for ett år siden") | en("; {change} a year before"),
    "product.figure.customers.no_year": nb("; kan ikke sammenlignes med året før")
    | en("; not comparable with the year before"),
    "product.figure.customers.month": nb("; sist observert {month}") | en("; last observed {month}"),
    "product.figure.customers.none": nb("mangler: ingen kilde har observert tjenesten")
    | en("missing: no source has observed the service"),
    "product.figure.use.FLOW": nb("{title}, siste tolv måneder") | en("{title}, last twelve months"),
    "product.figure.use.STOCK": nb("{title}, {month}") | en("{title}, {month}"),
    "product.figure.use.none": nb("Bruk, siste tolv måneder") | en("Use, last twelve months"),
    "product.figure.use.unmeasured": nb("mangler: ingen kilde måler bruken") | en("missing: no source measures use"),
    "product.figure.use.hidden": nb("skjult av hensyn til personvern: {n} {noun}")
    | en("hidden for privacy: {n} {noun}"),
    "product.figure.use.grown": nb("{share} {direction} enn året før, {before}")
    | en("{share} {direction} than the year before, {before}"),
    "product.figure.use.more": nb("mer") | en("more"),
    "product.figure.use.less": nb("mindre") | en("less"),
    "product.figure.use.same": nb("som året før, {before}") | en("as the year before, {before}"),
    "product.figure.use.some": nb("{n} av 12 måneder er målt") | en("{n} of 12 months {n:=was|were} measured"),
    "product.figure.use.begun": nb("kan ikke sammenlignes: målingene begynner {month}")
    | en("not comparable: measurements begin {month}"),
    "product.figure.use.gaps": nb("kan ikke sammenlignes: ikke alle månedene før er målt")
    | en("not comparable: not all months before were measured"),
    "product.figure.support": nb("Henvendelser per 100 kunder i måneden")
    | en("Support requests per 100 customers a month"),
    "product.figure.support.words": nb("{n} siste tolv måneder; alle tjenester: {all}")
    | en("{n} in the last twelve months; all services: {all}"),
    "product.figure.support.some": nb("{n} i {months:måned|måneder} som er kjent; alle tjenester: {all}")
    | en("{n} in {months:month that is|months that are} known; all services: {all}"),
    "product.figure.support.none": nb("mangler: ingen henvendelser er meldt") | en("missing: no requests are reported"),
    "product.figure.income": nb("Inntekt så langt i {year}") | en("Income so far in {year}"),
    "product.figure.cost": nb("Kostnad så langt i {year}") | en("Cost so far in {year}"),
    "product.use.title.up": nb("Bruken har økt {share} på ett år") | en("Use has grown {share} in a year"),
    "product.use.title.down": nb("Bruken har gått ned {share} på ett år") | en("Use has fallen {share} in a year"),
    "product.use.title.same": nb("Bruken er som for ett år siden") | en("Use is as a year ago"),
    "product.use.title": nb("{title} per måned siden {month}") | en("{title} by month since {month}"),
    "product.use.subtitle": nb("{title} per måned, {first}–{last}, hele landet. Siste tolv måneder er framhevet.")
    | en("{title} by month, {first}–{last}, the whole country. The last twelve months are highlighted."),
    "product.use.words": nb(
        "{title} per måned: {first} i {first_month}, {last} i {last_month}, høyest {most} i {most_month}."
    )
    | en("{title} by month: {first} in {first_month}, {last} in {last_month}, most {most} in {most_month}."),
    "product.use.words.hidden": nb("Alle månedene er skjult.") | en("All months are hidden."),
    "product.use.shaded": nb("Skraverte måneder er skjult eller ikke målt.")
    | en("Shaded months are hidden or were not measured."),
    "product.use.others": nb("Også målt: {listed}.") | en("Also measured: {listed}."),
    "product.use.other": nb("{title} ({quantity} i {month})") | en("{title} ({quantity} in {month})"),
    "product.use.column": nb("Bruk per måned") | en("Use by month"),
    "product.steps": nb("Av {all} kommuner i {month}: {steps}.") | en("Of {all} municipalities in {month}: {steps}."),
    "product.uptake.none": nb("Utbredelsen er ikke observert") | en("Uptake is not observed"),
    "product.uptake.none.text": nb("Ingen kilde har meldt at noen har tatt tjenesten i bruk.")
    | en("No source has reported that anyone has taken up the service."),
    "product.flow.title.surplus": nb("Inntekten er {amount} høyere enn kostnaden så langt i {year}")
    | en("Income is {amount} above cost so far in {year}"),
    "product.flow.title.deficit": nb("Inntekten er {amount} lavere enn kostnaden så langt i {year}")
    | en("Income is {amount} below cost so far in {year}"),
    "product.flow.title.zero": nb("Inntekten er lik kostnaden så langt i {year}")
    | en("Income equals cost so far in {year}"),
    "product.flow.title.none": nb("Ingen inntekt eller kostnad er ført i {year}")
    | en("No income or cost is booked in {year}"),
    "product.flow.subtitle": nb("Fra inntekt til resultat, {months}, uten mva.")
    | en("From income to result, {months}, without VAT."),
    "product.flow.post": nb("Post") | en("Item"),
    "product.flow.bar": nb("Søyle") | en("Bar"),
    "product.flow.year": nb("{year}, kr") | en("{year}, NOK"),
    "product.months.title": nb("Regnskapet per måned") | en("The ledger by month"),
    "product.months.subtitle": nb("Tusen kroner uten mva.") | en("Thousands of NOK without VAT."),
    "product.systems.title": nb("{system} brukes av flest: {n} {noun}") | en("Most use {system}: {n} {noun}"),
    "product.systems.title.none": nb("Fagsystemene er ikke kjent") | en("Source systems are not known"),
    "product.systems.subtitle": nb("Fagsystemer og leverandører siste tolv måneder, etter antall kunder.")
    | en("Source systems and suppliers in the last twelve months, by customers."),
    "product.systems.caption": nb("Fagsystemer og leverandører") | en("Source systems and suppliers"),
    "product.systems.system": nb("Fagsystem") | en("Source system"),
    "product.systems.supplier": nb("Leverandør") | en("Supplier"),
    "product.systems.customers": nb("Kunder") | en("Customers"),
    "product.systems.dispatches": nb("Forsendelser") | en("Dispatches"),
    "product.systems.UNMAPPED": nb("Navn som ikke er plassert") | en("Names that are not placed"),
    "product.systems.NOT_STATED": nb("Fagsystem ikke oppgitt") | en("Source system not stated"),
    "product.systems.hidden": nb("Forsendelser som er skjult av hensyn til personvern, er ikke med.")
    | en("Dispatches that are hidden for privacy are left out."),
    "product.systems.more": nb("{n} fagsystemer til.") | en("{n} more source systems."),
    "product.customer.one": nb("kunde") | en("customer"),
    "product.customer.many": nb("kunder") | en("customers"),
    "product.money.price": nb("pris") | en("price"),
    "product.money.loan": nb("lån") | en("loan"),
    "product.money.open": nb("avstemming") | en("reconciliation"),
    "product.lacks.purpose": nb("formål") | en("purpose"),
    "product.lacks.conditions": nb("vilkår") | en("conditions"),
    "product.lacks.roles": nb("roller") | en("roles"),
    "product.lacks.documentation": nb("dokumentasjon") | en("documentation"),
    "product.lacks.description_nb": nb("beskrivelse") | en("description"),
    "product.lacks.background": nb("bakgrunn") | en("background"),
    "product.lacks.expected_use": nb("forventet bruk") | en("expected use"),
    "product.lacks.dependencies": nb("avhengigheter") | en("dependencies"),
    "product.lacks.agreement_template": nb("avtalemal") | en("agreement template"),
    "product.lacks.risk_template": nb("mal for risikovurdering") | en("risk-assessment template"),
    "product.lacks.user_council": nb("brukerråd") | en("user council"),
    "product.lacks.launch_month": nb("når den ble lansert") | en("when it was launched"),
    "product.lacks.adoptable_by": nb("hvem som kan ta den i bruk") | en("who may adopt it"),
    "product.unknown.more": nb("{n} til står i rapporten på skjerm.") | en("{n} more on a screen."),
    "product.price.none": nb("ingen pris") | en("no price"),
    "product.price.unknown": nb("«..»: kan ikke beregnes.") | en("“..”: cannot be calculated."),
    "product.price.from": nb("fra {n} innbyggere") | en("from {n} inhabitants"),
    "product.price.title": nb("Pris i dag og selvkostpris") | en("Today's price and self-cost price"),
    "product.price.title.none": nb("Ingen pris er beregnet") | en("No price is calculated"),
    "product.price.subtitle": nb("Neste år som er beregnet, {year}, uten endrede forutsetninger.")
    | en("The next year that is calculated, {year}, with nothing supposed."),
    "product.price.one": nb("pris") | en("price"),
    "product.price.many": nb("priser") | en("prices"),
    "product.price.more": nb("{n} {noun} til står i rapporten på skjerm.") | en("{n} more {noun} on a screen."),
    "product.price.element": nb("Priselement") | en("Price element"),
    "product.price.today": nb("I dag") | en("Today"),
    "product.price.self_cost": nb("Selvkost") | en("Self-cost"),
    "product.price.proposed": nb("Foreslått") | en("Proposed"),
    "product.loan": nb("Lån{project}: {balance} utestående av {drawn} trukket.")
    | en("Loan{project}: {balance} outstanding of {drawn} drawn."),
    "product.loan.more": nb("{n} lån til står i rapporten på skjerm.") | en("More loans on a screen: {n}."),
    "product.loan.unknown": nb("Nedbetalingstid er ikke beregnet.") | en("No payoff is calculated."),
    "product.open": nb(
        "Uforklart så langt i {year}: {over} fakturert for mye, {under} for lite, av {billed} fakturert."
    )
    | en("Unexplained so far in {year}: {over} billed too much, {under} too little, of {billed} billed."),
    "product.open.cannot": nb("{amount} kan ikke avstemmes, fordi ingenting måler det.")
    | en("{amount} cannot be reconciled, as nothing measures it."),
    "product.about.title": nb("Om tjenesten") | en("About the service"),
    "product.about.unsaid": nb("ikke oppgitt") | en("not stated"),
    "product.unknown.title": nb("Dette vet vi ikke") | en("What is not known"),
    "product.unknown.none": nb("Alt som rapporten viser, er kjent.") | en("All that the report shows is known."),
    "product.unknown.use": nb("Hvor mye tjenesten brukes: ingen kilde måler det.")
    | en("How much the service is used: no source measures it."),
    "product.unknown.hidden": nb("Bruken i {n} av månedene: skjult av hensyn til personvern.")
    | en("The use in {n} of the months: hidden for privacy."),
    "product.unknown.gaps": nb("Bruken i {months}: ikke målt.") | en("The use in {months}: not measured."),
    "product.unknown.event": nb("Om tjenesten brukes der den er aktivert: bare hendelser sier det.")
    | en("Whether the service is used where it is activated: only events tell."),
    "product.unknown.annex": nb("Hvem som har signert vedlegg: ingen kilde melder det.")
    | en("Who has signed the annex: no source reports it."),
    "product.unknown.ledger": nb("Inntekt og kostnad: ingen bilag er ført på tjenesten.")
    | en("Income and cost: no entries of the service are booked."),
    "product.unknown.budget": nb("Om resultatet er som budsjettert: budsjett mangler for minst én av månedene.")
    | en("Whether the result is as budgeted: there is no budget for one of the months at least."),
    "product.unknown.budget.income": nb("Om inntekten er som budsjettert: budsjettert inntekt er ikke kjent.")
    | en("Whether income is as budgeted: the budgeted income is not known."),
    "product.unknown.shared": nb(
        "Hva tjenesten skal bære av felleskostnaden: {amount} så langt i {year} er ikke fordelt på noen tjeneste."
    )
    | en("What the service should carry of the shared cost: {amount} so far in {year} is allocated to no service."),
    "product.unknown.unmapped": nb("Hvor {amount} av kostnaden hører til: {n} bilag er ikke riktig plassert.")
    | en("Where {amount} of the cost belongs: entries that are not placed as they should be: {n}."),
    "product.unknown.fees": nb(
        "Om {amount} er betalt tilbake på lånet: tilkoblingspris og nedbetaling er ikke like store ({n} fakturaer)."
    )
    | en("Whether {amount} is repaid on the loan: joining fee and repayment are not the same (invoices: {n})."),
    "product.unknown.systems.all": nb("Hvilke fagsystemer som bruker tjenesten: ingen kilde sier det.")
    | en("Which source systems use the service: no source tells."),
    "product.unknown.systems": nb("Hvilket fagsystem {n} av kundene bruker: det er ikke oppgitt.")
    | en("Which source system {n} of the customers use: it is not stated."),
    "product.unknown.support": nb("Hvor mye brukerstøtte tjenesten trenger: ingen henvendelser er meldt.")
    | en("How much support the service needs: no requests are reported."),
    "product.unknown.catalogue": nb("Ikke oppgitt i produktkatalogen: {listed}.")
    | en("Not stated in the product catalogue: {listed}."),
    "ledger.made.income": nb(
        "**Inntekt og kostnad**: uten mva. Prosjektutvikling og tilkoblingspris for en tjeneste med lån er ikke med."
    )
    | en(
        "**Income and cost**: without VAT. Project development, and joining fees of services with a loan, are left out."
    ),
    "ledger.made.coverage": nb(
        "**Selvkostgrad**: inntekt i prosent av kostnad siste tolv måneder, med fordelt felleskostnad. Ingen kilde "
        "sier noe om fond, så avsetning og bruk er regnet som null. Akkumulert resultat er ikke med."
    )
    | en(
        "**Self-cost coverage**: income in per cent of cost in the last twelve months, allocated shared cost included. "
        "No source tells of funds, so what is set aside and used is taken as zero. The balance carried is left out."
    ),
    "ledger.made.balance": nb("**Akkumulert resultat**: summen av resultatene siden regnskapet begynte.")
    | en("**Balance carried**: the sum of the results since the ledgers began."),
    "ledger.made.budget": nb("**Budsjettert resultat**: budsjettert inntekt minus budsjettert kostnad, med utvikling.")
    | en("**Budgeted result**: budgeted income less budgeted cost, development included."),
    "ledger.made.support": nb(
        "**Henvendelser per 100 kunder**: henvendelser delt på kunder i bruk, i måneder der begge er kjent."
    )
    | en("**Support requests per 100 customers**: requests over customers in use, in months where both are known."),
    "ledger.made.open": nb(
        "**Uforklart**: fakturert minus det målt bruk tilsier og det som har en kjent årsak, netto per tjeneste og "
        "måned."
    )
    | en(
        "**Unexplained**: billed less what measured use implies and what has a known reason, net by service and month."
    ),
    "ledger.made.rounding": nb("Beløp er avrundet til hele kroner hver for seg; i utgaven står de i øre.")
    | en("Amounts are rounded to whole NOK one by one; the release has them in øre."),
    "ledger.rest": nb("Filen har mer på skjerm, under denne siden: alle definisjoner, kilder og tabeller.")
    | en("The file has more on a screen, under this page: all definitions, sources and tables."),
    # the board's report
    "board.kicker": nb("KS Digitale fellestjenester") | en("KS Digitale fellestjenester"),
    "board.title": nb("Rapport til styret") | en("Report to the board"),
    "board.title.month": nb("Rapport til styret, {month}") | en("Report to the board, {month}"),
    "board.answer": nb("Tjenestene har omsatt for {income} så langt i {year} og har et resultat på {result}, {budget}.")
    | en("The services have a turnover of {income} so far in {year} and a result of {result}, {budget}."),
    "board.answer.shared": nb(" Da er {amount} i felleskostnad ikke fordelt på noen tjeneste, og ikke trukket fra.")
    | en(" Of the shared cost, {amount} is allocated to no service and not deducted."),
    "board.answer.plain": nb("Tjenestene har omsatt for {income} så langt i {year} og har et resultat på {result}.")
    | en("The services have a turnover of {income} so far in {year} and a result of {result}."),
    "board.answer.none": nb("Ingen bilag er ført på tjenestene i {year}.")
    | en("No entries of the services are booked in {year}."),
    "board.figure.turnover": nb("Omsetning så langt i {year}") | en("Turnover so far in {year}"),
    "board.figure.result": nb("Resultat så langt i {year}") | en("Result so far in {year}"),
    "board.figure.result.words": nb(
        "{budget}; selvkostgrad {coverage}; produkter under 95\u00a0%: {low}, over 105\u00a0%: {high}"
    )
    | en("{budget}; self-cost coverage {coverage}; products under 95%: {low}, over 105%: {high}"),
    "board.budget.some": nb("budsjett finnes for {k} av {all} produkter") | en("{k} of {all} products have a budget"),
    "board.figure.uptake": nb("Kommune × tjeneste {basis}") | en("Municipality × service {basis}"),
    "board.figure.loans": nb("Utestående Digifin-lån") | en("Outstanding Digifin loans"),
    "board.figure.loans.words": nb("trukket {drawn}, betalt tilbake {repaid}{year}")
    | en("drawn {drawn}, repaid {repaid}{year}"),
    "board.figure.loans.more": nb("; {amount} mer enn for ett år siden") | en("; {amount} more than a year before"),
    "board.figure.loans.less": nb("; {amount} mindre enn for ett år siden") | en("; {amount} less than a year before"),
    "board.figure.loans.same": nb("; det samme som for ett år siden") | en("; the same as a year before"),
    "board.figure.loans.none": nb("mangler: ingen lån er ført") | en("missing: no loans are booked"),
    "board.decide.title": nb("Krever beslutning: {n}") | en("Calls for a decision: {n}"),
    "board.decide.title.none": nb("Ingenting krever beslutning") | en("Nothing calls for a decision"),
    "board.decide.caption": nb("Hva det er, hva som står på spill, og hvor det undersøkes")
    | en("What it is, what is at stake, and where to look into it"),
    "board.decide.what": nb("Sak") | en("Matter"),
    "board.decide.stake": nb("Står på spill") | en("At stake"),
    "board.decide.where": nb("Se nærmere") | en("Where to look"),
    "board.decide.unjudged": nb("Ikke vurdert, fordi utgaven ikke har tallene: {listed}.")
    | en("Not judged, as the release does not have the numbers: {listed}."),
    "board.decide.unjudged.loans": nb("lån som henger etter planen") | en("loans behind plan"),
    "board.decide.unjudged.open": nb("uforklarte kroner") | en("unexplained kroner"),
    "board.decide.below": nb("{name} dekker {coverage} av kostnaden") | en("{name} covers {coverage} of its cost"),
    "board.decide.below.more": nb("{name} dekker {coverage} av kostnaden; {n} til er under 95\u00a0%")
    | en("{name} covers {coverage} of its cost; {n} more are under 95%"),
    "board.decide.below.stake": nb("{amount} mangler på selvkost i de tolv månedene til og med {month}")
    | en("{amount} short of self-cost in the twelve months through {month}"),
    "board.decide.loan": nb("Lånet til {name} henger etter planen: {why}")
    | en("The loan of {name} is behind plan: {why}"),
    "board.decide.loan.more": nb("Lånet til {name} henger etter planen: {why}; {n} til")
    | en("The loan of {name} is behind plan: {why}; {n} more"),
    "board.decide.loan.overdrawn": nb("mer er trukket enn bevilget") | en("more is drawn than granted"),
    "board.decide.loan.joiners": nb("for få gjenstår til å betale det ned") | en("too few are left to pay it off"),
    "board.decide.loan.stake": nb("{amount} utestående ved utgangen av {month}")
    | en("{amount} outstanding at the end of {month}"),
    "board.decide.annex": nb("{name} brukes uten signert vedlegg") | en("{name} is used without a signed annex"),
    "board.decide.annex.more": nb("{name} og {n} til brukes uten signert vedlegg")
    | en("{name} and {n} more are used without a signed annex"),
    "board.decide.annex.stake": nb("{n} {noun} i {month}") | en("{n} {noun} in {month}"),
    "board.decide.open": nb("Fakturert beløp på {name} kan ikke forklares")
    | en("Amounts billed for {name} are not explained"),
    "board.decide.open.more": nb("Fakturert beløp på {name} og {n} til kan ikke forklares")
    | en("Amounts billed for {name} and {n} more are not explained"),
    "board.decide.open.stake": nb("{amount} for mye eller for lite {months}")
    | en("{amount} too much or too little {months}"),
    "board.decide.all": nb("{stake}; {amount} for alle {n}") | en("{stake}; {amount} for all {n}"),
    "board.decide.late": nb("Ventede leveringer mangler for {month}")
    | en("Expected deliveries are missing for {month}"),
    "board.decide.late.stake": nb("{n} {noun} uten tall") | en("{n} {noun} without numbers"),
    "board.organisation.one": nb("virksomhet") | en("organisation"),
    "board.organisation.many": nb("virksomheter") | en("organisations"),
    "board.moves.title": nb("De største endringene") | en("The biggest movements"),
    "board.moves.result": nb("{name} avviker mest fra budsjettert resultat: {amount} så langt i {year}.")
    | en("{name} differs most from the budgeted result: {amount} so far in {year}."),
    "board.moves.result.none": nb("Resultatet kan ikke holdes mot budsjett for noe produkt.")
    | en("No product's result can be held against a budget."),
    "board.moves.income": nb("{name} har endret inntekten mest: {amount}, fra {before} til {now}.")
    | en("{name} changed its income most: {amount}, from {before} to {now}."),
    "board.moves.income.none": nb("Inntekten kan ikke sammenlignes med {year}: regnskapet begynner {month}.")
    | en("Income cannot be compared with {year}: the ledgers begin {month}."),
    "board.moves.income.empty": nb("Ingen inntekt er ført.") | en("No income is booked."),
    "board.moves.uptake": nb(
        "{name} har endret utbredelsen mest på tolv måneder: {change} kommuner, til {now} av {all}."
    )
    | en("{name} changed its uptake most in twelve months: {change} municipalities, to {now} of {all}."),
    "board.moves.uptake.none": nb("Utbredelsen kan ikke sammenlignes med året før for noen tjeneste.")
    | en("No service's uptake can be compared with the year before."),
    "board.products.title": nb("{low} av {all} produkter er under 95\u00a0% selvkostgrad, {high} over 105\u00a0%")
    | en("{low} of {all} products {low:=is|are} under 95% self-cost coverage, {high} over 105%"),
    "board.products.subtitle": nb(
        "Inntekt, kostnad og resultat {months}, tusen kroner uten mva. Selvkostgrad siste tolv måneder. Kommuner "
        "{observed}, endring på tolv måneder. «..» mangler: {reasons}."
    )
    | en(
        "Income, cost and result {months}, thousands of NOK without VAT. Self-cost coverage of the last twelve "
        "months. Municipalities {observed}, change in twelve months. “..” is missing: {reasons}."
    ),
    "board.products.file": nb(
        "Inntekt, kostnad og resultat {months}, kroner uten mva. Selvkostgrad siste tolv måneder. Kommuner "
        "{observed}, endring på tolv måneder. Tom celle mangler: {reasons}."
    )
    | en(
        "Income, cost and result {months}, NOK without VAT. Self-cost coverage of the last twelve months. "
        "Municipalities {observed}, change in twelve months. An empty cell is missing: {reasons}."
    ),
    "board.products.reasons": nb(
        "ingen bilag på produktet, ikke tolv måneder i regnskapet, ikke observert, eller ikke målt likt året før"
    )
    | en(
        "no entries of the product, not twelve months in the ledgers, not observed, or not measured alike a year before"
    ),
    "board.products.caption": nb("Alle produkter") | en("All products"),
    "board.products.product": nb("Produkt") | en("Product"),
    "board.products.bar": nb("Søyle for resultat") | en("Bar of the result"),
    "board.products.balance": nb("Akkumulert") | en("Balance"),
    "board.products.municipalities": nb("Kommuner") | en("Municipalities"),
    "board.products.change": nb("Endring") | en("Change"),
    "board.products.observed": nb("Kommuner observert i måned") | en("Municipalities observed in month"),
    "board.products.sum": nb("Sum") | en("Total"),
    "board.loans.title": nb("Lån per prosjekt") | en("Loans by project"),
    "board.loans.granted": nb("Bevilget, kr") | en("Granted, NOK"),
    "board.loans.drawn": nb("Trukket, kr") | en("Drawn, NOK"),
    "board.loans.repaid": nb("Betalt tilbake, kr") | en("Repaid, NOK"),
    "board.loans.balance": nb("Utestående, kr") | en("Outstanding, NOK"),
    "board.loans.payoff": nb("Nedbetalt, ventet") | en("Paid off, expected"),
    "board.loans.unlaunched": nb("uten tjeneste ennå") | en("no service yet"),
    "board.shared": nb("{amount} av felleskostnaden er ikke fordelt på noe produkt, og er ikke med i tallene.")
    | en("{amount} of the shared cost is allocated to no product, and is not in the numbers."),
    "board.unmapped": nb("{amount} av kostnaden er ikke riktig plassert ({n} bilag).")
    | en("{amount} of the cost is not placed as it should be (entries: {n})."),
    "board.fees": nb(
        "{amount} i tilkoblingspriser stemmer ikke med det som er betalt tilbake på lånene ({n} fakturaer)."
    )
    | en("{amount} of joining fees do not tie with what is repaid on the loans (invoices: {n})."),
    "board.made.decide": nb(
        "**Krever beslutning**: selvkostgrad under 95\u00a0%; lån som er trukket over bevilgningen, eller der for få "
        "gjenstår til å betale det ned; bruk uten vedlegg; uforklart fakturert beløp; leveringer som mangler."
    )
    | en(
        "**Calls for a decision**: self-cost coverage under 95%; loans drawn beyond the grant, or with too few left to "
        "pay them off; use without annex; unexplained billed amounts; deliveries that lack about the month."
    ),
}
