### What pages and reports say of a product and of the ledgers. Bokmål and English.

ledger-restricted = Fortrolig: produktregnskap
ledger-restricted-who = Bare for ledelse, økonomi, styre og produktets brukerråd. Ikke send videre.
ledger-synthetic-all = Tallene er laget av en simulator, og sier ingenting om virkelige tjenester eller beløp.
ledger-synthetic-some = Det som er merket «syntetisk», er laget av en simulator, og sier ingenting om virkelige tjenester eller beløp.
ledger-more = { $amount } mer enn { $than }
ledger-less = { $amount } mindre enn { $than }
ledger-same = som { $than }
ledger-better = { $amount } bedre enn { $than }
ledger-worse = { $amount } dårligere enn { $than }
ledger-budget = budsjettert
ledger-last_year = i de samme månedene i { $year }
ledger-begun = kan ikke sammenlignes med { $year }: regnskapet begynner { $month }
ledger-new = ingen bilag på tjenesten i { $year }
ledger-no_budget = budsjett mangler for minst én av månedene
ledger-no_budget-income = budsjettert inntekt er ikke kjent
ledger-months = januar–{ $month }
ledger-none = mangler: ingen bilag er ført på tjenesten
ledger-none-year = mangler: ingen bilag i { $year }
ledger-coverage-short = mangler: regnskapet har færre enn tolv måneder
ledger-coverage-no_cost = mangler: ingen kostnad er ført siste tolv måneder
ledger-coverage-words = siste tolv måneder; ved 100 % dekker inntekten kostnaden
ledger-balance-words = overført siden { $month }

## the product's report

product-kicker = Til brukerrådet
product-title = { $name }, { $month }
product-answer-use-FLOW = { $name } hadde { $quantity } { $unit } siste tolv måneder{ $grown }
product-answer-use-FLOW-some = { $name } hadde { $quantity } { $unit } i { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } med tall
product-answer-use-STOCK = { $name } hadde { $quantity } { $unit } i { $month }{ $grown }
product-answer-use-none = Ingen kilde måler bruken av { $name }
product-answer-economy = { $use }, og tjenesten har et resultat på { $result } så langt i { $year }.
product-answer-economy-none = { $use }, og ingen bilag er ført på tjenesten i { $year }.
product-figure-customers-USE = Kunder som bruker tjenesten
product-figure-customers-EVENT = Kunder som har aktivert tjenesten
product-figure-customers-words = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    }{ $others ->
        [0] { "" }
        [one] , { $others } annen
       *[other] , { $others } andre
    }{ $year }
product-figure-customers-year = ; { $change } for ett år siden
product-figure-customers-no_year = ; kan ikke sammenlignes med året før
product-figure-customers-month = ; siste måned med tall: { $month }
product-figure-customers-none = mangler: ingen kilde har tall for tjenesten
product-figure-use-FLOW = { $title }, siste tolv måneder
product-figure-use-STOCK = { $title }, { $month }
product-figure-use-none = Bruk, siste tolv måneder
product-figure-use-unmeasured = mangler: ingen kilde måler bruken
product-figure-use-grown = { $change }, { $before }
product-figure-use-some = { $n } av 12 måneder er målt
product-figure-use-begun = kan ikke sammenlignes: målingene begynner { $month }
product-figure-use-gaps = kan ikke sammenlignes: ikke alle månedene før er målt
product-figure-support = Henvendelser per 100 kunder i måneden
product-figure-support-words = { $n } siste tolv måneder; alle tjenester: { $all }
product-figure-support-some = { $n } i { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    } som er kjent; alle tjenester: { $all }
product-figure-support-none = mangler: ingen henvendelser er meldt
product-figure-income = Inntekt så langt i { $year }
product-figure-cost = Kostnad så langt i { $year }
product-use-title-moved = Bruken har gått { $change } på ett år
product-use-title-same = Bruken er uendret på ett år
product-use-title = { $title } per måned siden { $month }
product-use-subtitle = { $title } per måned, { $first }–{ $last }, hele landet. Siste tolv måneder er framhevet.
product-use-words = { $title } per måned: { $first } i { $first_month }, { $last } i { $last_month }, høyest { $most } i { $most_month }.
product-use-shaded = Skraverte måneder er ikke målt.
product-use-others = Også målt: { $listed }.
product-use-other = { $title } ({ $quantity } i { $month })
product-steps = Av { $all } kommuner i { $month }: { $steps }.
product-uptake-none = Utbredelsen er ikke kjent
product-uptake-none-text = Ingen kilde har meldt at noen har tatt tjenesten i bruk.
product-flow-title-surplus = Inntekten er { $amount } høyere enn kostnaden så langt i { $year }
product-flow-title-deficit = Inntekten er { $amount } lavere enn kostnaden så langt i { $year }
product-flow-title-zero = Inntekten er lik kostnaden så langt i { $year }
product-flow-title-none = Ingen inntekt eller kostnad er ført i { $year }
product-flow-subtitle = Fra inntekt til resultat, { $months }, uten mva.
product-flow-post = Post
product-flow-bar = Søyle
product-flow-year = { $year }, kr
product-systems-title = { $system } brukes av flest: { $n } { $noun }
product-systems-title-none = Fagsystemene er ikke kjent
product-systems-subtitle = Fagsystemer og leverandører siste tolv måneder, etter antall kunder.
product-systems-caption = Fagsystemer og leverandører
product-systems-system = Fagsystem
product-systems-supplier = Leverandør
product-systems-customers = Kunder
product-systems-dispatches = Forsendelser
product-systems-UNMAPPED = Ukjente fagsystemnavn
product-systems-NOT_STATED = Fagsystem ikke oppgitt
product-systems-rounded = Forsendelsene er rundet opp til hele femti for hver måned.
product-systems-bands = Antallet er et intervall der fagsystemet ikke er oppgitt, eller der færre enn tre virksomheter brukte det i en måned.
product-systems-shielded = Skjermede fagsystemer er ikke rundet opp, og er også med i «Fagsystem ikke oppgitt».
product-systems-MAPPED = Navn uten fagsystem i registeret
product-systems-more = { $n } fagsystemer til.
product-customer-one = kunde
product-customer-many = kunder
product-money-price = pris
product-money-loan = lån
product-money-open = avstemming
product-lacks-purpose = formål
product-lacks-conditions = vilkår
product-lacks-roles = roller
product-lacks-documentation = dokumentasjon
product-lacks-description_nb = beskrivelse
product-lacks-background = bakgrunn
product-lacks-expected_use = forventet bruk
product-lacks-dependencies = avhengigheter
product-lacks-agreement_template = avtalemal
product-lacks-risk_template = mal for risikovurdering
product-lacks-user_council = brukerråd
product-lacks-launch_month = når den ble lansert
product-lacks-adoptable_by = hvem som kan ta den i bruk
product-unknown-more = { $n } andre står i rapporten på skjerm.
product-price-none = ingen pris
product-price-unknown = «..»: kan ikke beregnes.
product-price-from = fra { $n } innbyggere
product-price-title = Pris i dag og selvkostpris
product-price-title-none = Ingen pris er beregnet
product-price-subtitle = Neste år som er beregnet, { $year }, uten endrede forutsetninger.
product-price-one = pris
product-price-many = priser
product-price-more = { $n } { $noun } til står i rapporten på skjerm.
product-price-element = Priselement
product-price-today = I dag
product-price-self_cost = Selvkost
product-price-proposed = Foreslått
product-loan = Lån{ $project }: { $balance } utestående av { $drawn } trukket.
product-loan-more = { $n } lån til står i rapporten på skjerm.
product-loan-unknown = Nedbetalingstid er ikke beregnet.
product-open = Uforklart så langt i { $year }: { $over } fakturert for mye, { $under } for lite, av { $billed } fakturert.
product-open-cannot = { $amount } kan ikke avstemmes, fordi ingenting måler det.
product-about-title = Om tjenesten
product-about-unsaid = ikke oppgitt
product-unknown-title = Dette vet vi ikke
product-unknown-none = Alt som rapporten viser, er kjent.
product-unknown-use = Hvor mye tjenesten brukes: ingen kilde måler det.
product-unknown-gaps = Bruken i { $months }: ikke målt.
product-unknown-event = Om tjenesten brukes der den er aktivert: kilden melder bare aktivering.
product-unknown-annex = Hvem som har signert vedlegg: ingen kilde melder det.
product-unknown-ledger = Inntekt og kostnad: ingen bilag er ført på tjenesten.
product-unknown-budget = Om resultatet er som budsjettert: budsjett mangler for minst én av månedene.
product-unknown-budget-income = Om inntekten er som budsjettert: budsjettert inntekt er ikke kjent.
product-unknown-shared = Hva tjenesten skal bære av felleskostnadene: { $amount } så langt i { $year } er ikke fordelt på noen tjeneste.
product-unknown-unmapped = Hvor { $amount } av kostnaden hører til: { $n } bilag er ikke riktig plassert.
product-unknown-fees = Om { $amount } er betalt tilbake på lånet: tilkoblingspris og nedbetaling er ikke like store ({ $n } fakturaer).
product-unknown-systems-all = Hvilke fagsystemer som bruker tjenesten: ingen kilde sier det.
product-unknown-systems = Hvilket fagsystem { $n } av kundene bruker: det er ikke oppgitt.
product-unknown-support = Hvor mye brukerstøtte tjenesten trenger: ingen henvendelser er meldt.
product-unknown-catalogue = Ikke oppgitt i produktkatalogen: { $listed }.
ledger-bridge = Inntekten er ført i månedene den er for: { $income } = fakturert { $invoiced } − fakturert på forskudd { $ahead } + fakturert tidligere { $before }.
ledger-made-income = **Inntekt og kostnad**: uten mva. En pris for et år eller et kvartal er fordelt likt på månedene fra den gjelder til året eller kvartalet er slutt. Prosjektutvikling og tilkoblingspris for en tjeneste med lån er ikke med.
ledger-made-coverage = **Finansiell dekningsgrad**: inntekt i prosent av bokført kostnad siste tolv måneder, medregnet fordelte felleskostnader. SSBs selvkostgrad er et annet tall. Utvikling i prosjekter er utenfor. Akkumulert resultat er ikke med.
ledger-rules = Selvkost i { $year }: Over- og underskudd gjøres opp over { $n } år.
ledger-rules-with = Med er { $what }.
ledger-rules-without = Ikke med: { $what }.
ledger-rules-missing = Mangler verdi for året: { $what }.
ledger-rules-covered = Eieren dekker underskudd.
ledger-rules-capital = kapitalkostnad
ledger-rules-interest = rente på saldoen
ledger-rules-growth = prisvekst
ledger-rules-name-settle_deficit_years = oppgjør av over- og underskudd
ledger-rules-name-price_deflator = prisvekst
ledger-rules-name-calculated_interest = kalkylerente
ledger-rules-name-calculated_depreciation = kalkulatoriske avskrivninger
ledger-rules-name-fixed_assets = verdien av anleggsmidlene
ledger-rules-name-balance_interest = rente på saldoen
ledger-rules-name-deficit = underskudd
ledger-rules-growth-named = prisvekst ({ $name })
ledger-made-balance = **Akkumulert resultat**: summen av resultatene siden regnskapet begynte.
ledger-made-budget = **Budsjettert resultat**: budsjettert inntekt minus budsjettert kostnad, med utvikling.
ledger-made-support = **Henvendelser per 100 kunder**: henvendelser delt på kunder som bruker tjenesten, i måneder der begge tall er kjent.
ledger-made-rounding = Beløp er avrundet til hele kroner hver for seg; i utgaven står de i øre.
ledger-rest = Åpne filen på skjerm for å se alle definisjoner, kilder og tabeller.
