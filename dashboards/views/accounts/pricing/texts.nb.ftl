### What the page about the price says. Bokmål and English, in plain words.

## the page

accounts-effects-title-proposed = Hva kundene betaler med de foreslåtte prisene
accounts-effects-title-decided = Hva kundene betaler med de vedtatte prisene

## the price calculation

accounts-price-title = Prisene i { $year }
accounts-price-title-up = Prisene må opp { $change } for å dekke kostnadene i { $year }
accounts-price-title-down = Prisene kan settes ned { $change } og likevel dekke kostnadene i { $year }
accounts-price-title-same = Dagens priser dekker kostnadene i { $year }
accounts-price-growth-none = siste års kostnad uten prisvekst
accounts-price-growth = siste års kostnad og { $percent } prisvekst ({ $deflator })
accounts-price-title-nothing = Oppspart overskudd dekker alle kostnadene i { $year }, så selvkostprisen er null
accounts-price-title-plain = Priskalkylen
accounts-price-subtitle = Kostnader fra { $first } til { $last }, regnet om til tolv måneder: { $growth }. Foreslått pris er rundet opp. Uten mva.
accounts-price-formula = Selvkostpris = (kostnad − overskudd som brukes) × prisens andel av inntekten ÷ forventet antall enheter. Et underskudd legges til.
accounts-price-formula-one = { $element }: { $share } av { $cover }, delt på { $units } { $unit }, gir { $price }. Foreslått pris er { $proposed }.
accounts-price-formula-surplus = , og { $balance } av overskuddet brukes
accounts-price-formula-deficit = , og { $balance } av underskuddet dekkes inn
accounts-price-formula-even = , og saldoen er null
accounts-price-formula-title = Slik er prisen regnet ut
accounts-price-customers = kunder
accounts-price-unit = enheter ({ $unit })
accounts-price-costs-caption = Hva prisene skal dekke, { $year }
accounts-price-costs-what = Post
accounts-price-costs-source = Kilde
accounts-price-costs-varies = { ", " }varierer med { $unit }
accounts-price-costs-year = Kroner i året
accounts-price-source-account = konto { $account }
accounts-price-source-ACCOUNT = uten konto
accounts-price-source-ALLOCATED = fordelt felleskostnad
accounts-price-source-DEPRECIATION = kalkulatoriske avskrivninger
accounts-price-source-INTEREST = kalkulatorisk rente på anleggsmidler
accounts-price-source-LEDGER = ført fra andre perioder
accounts-price-costs-base = Kostnadsgrunnlag
accounts-price-costs-growth = Prisvekst
accounts-price-costs-assumed = Forutsatt endring i kostnad
accounts-price-costs-assumed-source = forutsetningene
accounts-price-costs-use = Endret bruk
accounts-price-costs-use-source = ventet bruk mot bruken nå, i kostnader som varierer med den
accounts-price-costs-surplus = Årets del av overskuddet, som brukes
accounts-price-costs-deficit = Årets del av underskuddet, som dekkes inn
accounts-price-costs-cover = Skal dekkes av prisene
accounts-price-costs-carried = { $n ->
        [one] Alt i ett år
       *[other] Delt på { $n } år
    }: Det akkumulerte resultatet er { $amount }.
accounts-price-costs-expected = { $n ->
        [one] Alt i ett år
       *[other] Delt på { $n } år
    }: Det akkumulerte resultatet er ventet å bli { $amount } ved utgangen av { $year }. Til og med { $month } er det { $now }.
accounts-price-costs-missing = { $n ->
        [one] Én av månedene fram til da har ikke noe regnskap fra året før, og er regnet som null.
       *[other] { $n } av månedene fram til da har ikke noe regnskap fra året før, og er regnet som null.
    }
accounts-price-prices-caption = Prisene, og hva selvkost ville gitt
accounts-price-element = Pris
accounts-price-base = { $price }, grunnpris
accounts-price-self_cost = Selvkostpris
accounts-price-today = Dagens pris
accounts-price-proposed = Foreslått pris
accounts-price-decided = Vedtatt pris
accounts-price-change = Endring
accounts-price-decided-all = Beregningen gir de vedtatte prisene for { $year }.
accounts-price-decided-covers = De vedtatte prisene dekker selvkost, mest for { $element }: { $decided } mot selvkostprisen { $self_cost }.
accounts-price-decided-gap = Beregningen avviker fra de vedtatte prisene for { $year }, mest for { $element }: Selvkostprisen er { $self_cost }, den vedtatte { $decided }.
accounts-price-decided-none = Ingen pris er vedtatt for { $year }.
accounts-price-size-from = fra { $n } innbyggere
accounts-price-size-under = under { $n } innbyggere
accounts-price-uses-caption = Forventet bruk
accounts-price-uses-as_now = ikke framskrevet: som nå
accounts-price-uses-driver = Telles etter
accounts-price-uses-now = Nå
accounts-price-uses-error = Feil i etterprøving
accounts-price-uses-open = Vis forventet bruk
accounts-pricing-title = Produktregnskap: pris
accounts-pricing-part = Pris
accounts-pricing-answer = { $service }: { $claim }.
accounts-pricing-answer-none = Det er ikke beregnet noen pris for { $service }.
accounts-pricing-answer-new = Under står prisene som dekker kostnadene til { $service } i { $year }.
accounts-pricing-figure-cover = Prisene skal dekke i { $year }
accounts-pricing-figure-cover-words = kostnaden er { $cost }{ $settled }
accounts-pricing-figure-today = Dekning med dagens priser
accounts-pricing-figure-today-words = { $income } i inntekt ved forventet bruk, tidligere over- eller underskudd medregnet
accounts-pricing-figure-price = Selvkostpris, { $element }
accounts-pricing-figure-price-decided = vedtatt { $price }
accounts-pricing-figure-price-today = i dag { $price }
accounts-pricing-figure-price-none = ingen pris i dag, og ingen er vedtatt
accounts-proposals-title = Lagrede kalkyler
accounts-proposals-caption = Foreslåtte og vedtatte priser, slik de er lagret
value-decision-PROPOSED = foreslått
value-decision-DECIDED = vedtatt
column-scenario = Kalkyle

## what if

accounts-what_if-title = Hva skjer hvis prisene, bruken eller kostnadene endrer seg?
accounts-what_if-title-up = Hva om: Prisene blir { $change } høyere enn i grunnberegningen
accounts-what_if-title-down = Hva om: Prisene blir { $change } lavere enn i grunnberegningen
accounts-what_if-title-same = Hva om: Prisene blir som i grunnberegningen
accounts-what_if-change-up = Med { $change } på alle dagens priser øker inntekten med { $amount } i året. Da dekkes { $coverage } av kostnaden
accounts-what_if-change-down = Med { $change } på alle dagens priser synker inntekten med { $amount } i året. Da dekkes { $coverage } av kostnaden
accounts-what_if-change-today = Med dagens priser dekkes { $coverage } av kostnaden
accounts-what_if-change-same = Med { $change } på alle dagens priser er inntekten uendret. Da dekkes { $coverage } av kostnaden
accounts-increases-title-proposed = { $n } av { $all ->
        [one] { $all } kunde
       *[other] { $all } kunder
    } i fakturagrunnlaget betaler mer med de foreslåtte prisene
accounts-increases-title-decided = { $n } av { $all ->
        [one] { $all } kunde
       *[other] { $all } kunder
    } i fakturagrunnlaget betaler mer med de vedtatte prisene
accounts-increases-title-none-proposed = Ingen navngitt kunde betaler mer med de foreslåtte prisene
accounts-increases-title-none-decided = Ingen navngitt kunde betaler mer med de vedtatte prisene
accounts-what_if-largest = De ti største økningene
accounts-what_if-subtitle = Endre tallene under. De følger med i lenken, så andre ser det samme som deg.
accounts-what_if-others = Endre også forventet bruk og kostnader
accounts-what_if-no_municipalities = Antall kommuner som har tjenesten, er ikke kjent. Derfor endrer valget ingenting.
accounts-what_if-nothing_moves = Ingen priser eller kostnader følger bruken, så mer eller mindre bruk endrer ingenting.
accounts-what_if-prices-caption = Priser med og uten forutsetningene
accounts-what_if-assumptions = Forutsetninger
accounts-what_if-base = Selvkostpris, grunnberegning
accounts-what_if-levels-caption = Dekning og inntekt ved lav, forventet og høy bruk
accounts-what_if-covers-caption = Hvor mye prisene dekker, tidligere over- eller underskudd medregnet
accounts-what_if-level = Bruk
accounts-what_if-cost = Kostnad
accounts-what_if-income-proposed = Inntekt, foreslått pris
accounts-what_if-income-decided = Inntekt, vedtatt pris
accounts-what_if-coverage-proposed = Dekning med tidligere over- eller underskudd, foreslått pris
accounts-what_if-coverage-decided = Dekning med tidligere over- eller underskudd, vedtatt pris
accounts-what_if-income_today = Inntekt, dagens pris
accounts-what_if-coverage_today = Dekning med tidligere over- eller underskudd, dagens pris
accounts-what_if-sizes-caption = Hva en kunde betaler for samme bruk, i snitt
accounts-what_if-sizes-months = Snitt per kunde for bruken fra { $first } til { $last }. Kunder som ikke er kommuner, er med.
accounts-what_if-sizes-month = Snitt per kunde for bruken i { $first }. Kunder som ikke er kommuner, er med.
accounts-what_if-not_billed = Bruken til hver kunde i perioden er ikke kjent, og derfor heller ikke virkningen.

## the list of headings

contents-pris = Priser
contents-formel = Utregningen
contents-hva-om = Hva om?
contents-virkning = Virkning for kundene
accounts-price-beside = i tillegg til grunnprisen
