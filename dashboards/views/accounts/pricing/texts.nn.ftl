### Det sida om prisen seier, på nynorsk.

accounts-price-title = Prisane i { $year }
accounts-price-title-nothing = Oppspart overskot dekkjer alle kostnadene i { $year }, så sjølvkostprisen er null
accounts-effects-title-proposed = Kva kundane betaler med dei foreslåtte prisane
accounts-effects-title-decided = Kva kundane betaler med dei vedtekne prisane
accounts-price-title-up = Prisane må opp { $change } for å dekkje kostnadene i { $year }
accounts-price-title-down = Prisane kan setjast ned { $change } og likevel dekkje kostnadene i { $year }
accounts-price-title-same = Dagens prisar dekkjer kostnadene i { $year }
accounts-price-growth-none = kostnaden siste år utan prisvekst
accounts-price-growth = kostnaden siste år og { $percent } prisvekst ({ $deflator })
accounts-price-title-plain = Priskalkylen
accounts-price-subtitle = Kostnader frå { $first } til { $last }, rekna om til tolv månader: { $growth }. Foreslått pris er runda opp. Utan mva.
accounts-price-formula = Sjølvkostpris = (kostnad − overskot som blir brukt) × den delen av inntekta prisen står for ÷ forventa tal på einingar. Eit underskot blir lagt til.
accounts-price-formula-one = { $element }: { $share } av { $cover }, delt på { $units } { $unit }, gir { $price }. Foreslått pris er { $proposed }.
accounts-price-formula-surplus = , og { $balance } av overskotet blir brukt
accounts-price-formula-deficit = , og { $balance } av underskotet blir dekt inn
accounts-price-formula-even = , og saldoen er null
accounts-price-formula-title = Slik er prisen rekna ut
accounts-price-customers = kundar
accounts-price-unit = einingar ({ $unit })
accounts-price-costs-caption = Kva prisane skal dekkje, { $year }
accounts-price-costs-what = Post
accounts-price-costs-source = Kjelde
accounts-price-costs-varies = { ", " }varierer med { $unit }
accounts-price-costs-year = Kroner i året
accounts-price-source-account = konto { $account }
accounts-price-source-ACCOUNT = utan konto
accounts-price-source-ALLOCATED = fordelt felleskostnad
accounts-price-source-DEPRECIATION = kalkulatoriske avskrivingar
accounts-price-source-INTEREST = kalkulatorisk rente på anleggsmiddel
accounts-price-source-LEDGER = ført frå andre periodar
accounts-price-costs-base = Kostnadsgrunnlag
accounts-price-costs-growth = Prisvekst
accounts-price-costs-assumed = Føresett endring i kostnad
accounts-price-costs-assumed-source = føresetnadene
accounts-price-costs-use = Endra bruk
accounts-price-costs-use-source = venta bruk mot bruken no, i kostnader som varierer med han
accounts-price-costs-surplus = Delen av overskotet som blir brukt dette året
accounts-price-costs-deficit = Delen av underskotet som blir dekt inn dette året
accounts-price-costs-cover = Skal dekkjast av prisane
accounts-price-costs-carried = { $n ->
        [one] Alt på eitt år
       *[other] Delt på { $n } år
    }: Det akkumulerte resultatet er { $amount }.
accounts-price-costs-expected = { $n ->
        [one] Alt på eitt år
       *[other] Delt på { $n } år
    }: Det akkumulerte resultatet er venta å bli { $amount } ved utgangen av { $year }. Til og med { $month } er det { $now }.
accounts-price-costs-missing = { $n ->
        [one] Éin av månadene fram til då har ikkje nokon rekneskap frå året før, og er rekna som null.
       *[other] { $n } av månadene fram til då har ikkje nokon rekneskap frå året før, og er rekna som null.
    }
accounts-price-prices-caption = Prisane, og kva sjølvkost ville gitt
accounts-price-element = Pris
accounts-price-base = { $price }, grunnpris
accounts-price-self_cost = Sjølvkostpris
accounts-price-today = Dagens pris
accounts-price-proposed = Foreslått pris
accounts-price-decided = Vedteken pris
accounts-price-change = Endring
accounts-price-decided-all = Utrekninga gir dei vedtekne prisane for { $year }.
accounts-price-decided-covers = Dei vedtekne prisane dekkjer sjølvkost, mest for { $element }: { $decided } mot sjølvkostprisen { $self_cost }.
accounts-price-decided-gap = Utrekninga avvik frå dei vedtekne prisane for { $year }, mest for { $element }: Sjølvkostprisen er { $self_cost }, den vedtekne { $decided }.
accounts-price-decided-none = Ingen pris er vedteken for { $year }.
accounts-price-size-from = frå { $n } innbyggjarar
accounts-price-size-under = under { $n } innbyggjarar
accounts-price-uses-caption = Forventa bruk
accounts-price-uses-as_now = ikkje framskriven: som no
accounts-price-uses-driver = Blir talt etter
accounts-price-uses-now = No
accounts-price-uses-error = Feil i etterprøving
accounts-price-uses-open = Vis forventa bruk
accounts-pricing-title = Produktrekneskap: pris
accounts-pricing-part = Pris
accounts-pricing-answer = { $service }: { $claim }.
accounts-pricing-answer-none = Det er ikkje rekna ut nokon pris for { $service }.
accounts-pricing-answer-new = Under står prisane som dekkjer kostnadene til { $service } i { $year }.
accounts-pricing-figure-cover = Prisane skal dekkje i { $year }
accounts-pricing-figure-cover-words = kostnaden er { $cost }{ $settled }
accounts-pricing-figure-today = Dekning med dagens prisar
accounts-pricing-figure-today-words = { $income } i inntekt ved forventa bruk, tidlegare over- eller underskot medrekna
accounts-pricing-figure-price = Sjølvkostpris, { $element }
accounts-pricing-figure-price-decided = vedteken { $price }
accounts-pricing-figure-price-none = ingen pris i dag, og ingen er vedteken
accounts-proposals-title = Lagra kalkylar
accounts-proposals-caption = Foreslåtte og vedtekne prisar, slik dei er lagra
value-decision-PROPOSED = foreslått
value-decision-DECIDED = vedteken
column-scenario = Kalkyle
accounts-what_if-title = Kva skjer viss prisane, bruken eller kostnadene endrar seg?
accounts-what_if-title-up = Kva om: Prisane blir { $change } høgare enn i grunnutrekninga
accounts-what_if-title-down = Kva om: Prisane blir { $change } lågare enn i grunnutrekninga
accounts-what_if-title-same = Kva om: Prisane blir som i grunnutrekninga
accounts-what_if-change-up = Med { $change } på alle dagens prisar aukar inntekta med { $amount } i året. Då blir { $coverage } av kostnaden dekt
accounts-what_if-change-down = Med { $change } på alle dagens prisar går inntekta ned med { $amount } i året. Då blir { $coverage } av kostnaden dekt
accounts-what_if-change-today = Med dagens prisar blir { $coverage } av kostnaden dekt
accounts-what_if-change-same = Med { $change } på alle dagens prisar er inntekta uendra. Då blir { $coverage } av kostnaden dekt
accounts-increases-title-proposed = { $n } av { $all ->
        [one] { $all } kunde
       *[other] { $all } kundar
    } i fakturagrunnlaget betaler meir med dei foreslåtte prisane
accounts-increases-title-decided = { $n } av { $all ->
        [one] { $all } kunde
       *[other] { $all } kundar
    } i fakturagrunnlaget betaler meir med dei vedtekne prisane
accounts-increases-title-none-proposed = Ingen namngitt kunde betaler meir med dei foreslåtte prisane
accounts-increases-title-none-decided = Ingen namngitt kunde betaler meir med dei vedtekne prisane
accounts-what_if-largest = Dei ti største aukane
accounts-what_if-subtitle = Endre tala under. Dei følgjer med i lenkja, så andre ser det same som deg.
accounts-what_if-others = Endre også venta bruk og kostnader
accounts-what_if-no_municipalities = Talet på kommunar som har tenesta, er ikkje kjent. Difor endrar valet ingenting.
accounts-what_if-nothing_moves = Ingen prisar eller kostnader følgjer bruken, så meir eller mindre bruk endrar ingenting.
accounts-what_if-prices-caption = Prisar med og utan føresetnadene
accounts-what_if-assumptions = Føresetnader
accounts-what_if-base = Sjølvkostpris, grunnutrekning
accounts-what_if-levels-caption = Dekning og inntekt ved låg, forventa og høg bruk
accounts-what_if-covers-caption = Kor mykje prisane dekkjer, tidlegare over- eller underskot medrekna
accounts-what_if-level = Bruk
accounts-what_if-cost = Kostnad
accounts-what_if-income-proposed = Inntekt, foreslått pris
accounts-what_if-income-decided = Inntekt, vedteken pris
accounts-what_if-coverage-proposed = Dekning med tidlegare over- eller underskot, foreslått pris
accounts-what_if-coverage-decided = Dekning med tidlegare over- eller underskot, vedteken pris
accounts-what_if-income_today = Inntekt, dagens pris
accounts-what_if-coverage_today = Dekning med tidlegare over- eller underskot, dagens pris
accounts-what_if-sizes-caption = Kva ein kunde betaler for same bruk, i snitt
accounts-what_if-sizes-months = Snitt per kunde for bruken frå { $first } til { $last }. Kundar som ikkje er kommunar, er med.
accounts-what_if-sizes-month = Snitt per kunde for bruken i { $first }. Kundar som ikkje er kommunar, er med.
accounts-what_if-not_billed = Bruken til kvar kunde i perioden er ikkje kjend, og difor heller ikkje verknaden.
contents-pris = Prisar
contents-formel = Utrekninga
contents-hva-om = Kva om?
contents-virkning = Verknad for kundane
accounts-price-beside = i tillegg til grunnprisen
