### What the overview and the board's report say of a month. Bokmål and English, in plain words.

board-kicker = KS Digitale fellestjenester
board-title = Rapport til styret
board-title-month = Rapport til styret, { $month }

## the story, by the rule in `story`

board-answer-none = Ingen bilag er ført på produktene i { $year }.
board-story-short = Ingen av produktene har tolv måneder i regnskapet ennå. Derfor er den finansielle dekningsgraden ikke kjent.
board-story-inside = { $all ->
        [one] Produktet dekker
       *[other] Alle { SPELLED($all) } produkter dekker
    } kostnaden: Den finansielle dekningsgraden er mellom 95 og 105 %.
board-story-low = { SPELLED($low, at: "start") } av { SPELLED($all) } produkter dekker mindre enn 95 % av kostnaden.
board-story-high = { SPELLED($high, at: "start") } av { SPELLED($all) } produkter tar inn mer enn 105 % av kostnaden. Ingen dekker mindre enn 95 %.
board-story-moved-more = { $name } har vokst mest, med { $n } { $n ->
        [one] ny kommune
       *[other] nye kommuner
    } på ett år.
board-story-moved-fewer = { $name } har gått mest tilbake, med { $n } { $n ->
        [one] kommune
       *[other] kommuner
    } færre på ett år.
board-story-decide = { SPELLED($n, at: "start") } saker krever beslutning. Den første gjelder { $first }.
board-story-decide-one = Én sak krever beslutning. Den gjelder { $first }.
board-story-decide-none = Ingen saker krever beslutning.
board-story-first-below = produktene under 95 %
board-story-first-above = produktene over 105 %
board-story-first-loan = lånet til { $name }
board-story-first-loan-more = lånene som henger etter planen
board-story-first-annex = bruk uten vedlegg
board-story-first-open = fakturerte beløp uten forklaring
board-story-first-late = leveringer som mangler

## key figures

board-figure-turnover = Omsetning så langt i { $year }
board-figure-result = Resultat så langt i { $year }
board-figure-result-without = { $budget }; uten { $name }: { $rest }
board-figure-result-covered = { $budget }; finansiell dekningsgrad { $coverage } siste tolv måneder
board-budget-some = { $text } ({ $k } av { $all } produkter)
board-figure-uptake = Tjenester { $basis }
board-figure-uptake-all = alle kommuner samlet
board-figure-loans = Utestående Digifin-lån
board-figure-loans-words = { $drawn } trukket, { $repaid } betalt tilbake
board-figure-loans-more = { $amount } mer enn for ett år siden
board-figure-loans-less = { $amount } mindre enn for ett år siden
board-figure-loans-same = det samme som for ett år siden
board-figure-loans-none = mangler: ingen lån er ført

## what calls for a decision

board-decide-title = { $n ->
        [one] Én sak
       *[other] { SPELLED($n, at: "start") } saker
    } krever beslutning
board-decide-title-none = Ingen saker krever beslutning
board-decide-caption = { $month }: hva saken gjelder, hva som står på spill, og hvor du kan lese mer
board-decide-what = Sak
board-decide-stake = Står på spill
board-decide-where = Se nærmere
board-decide-unjudged = Ikke vurdert, fordi utgaven mangler tallene: { $listed }.
board-decide-unjudged-loans = lån som henger etter planen
board-decide-unjudged-open = fakturerte beløp uten forklaring
board-decide-below = { $name } dekker { $coverage } av kostnaden
board-decide-below-more = { $name } dekker { $coverage } av kostnaden; { $n ->
        [one] ett produkt
       *[other] { SPELLED($n) } produkter
    } til ligger under 95 %
board-decide-below-stake = { $amount } under kostnaden på tolv måneder
board-decide-above = { $name } tar inn { $coverage } av kostnaden
board-decide-above-more = { $name } tar inn { $coverage } av kostnaden; { $n ->
        [one] ett produkt
       *[other] { SPELLED($n) } produkter
    } til ligger over 105 %
board-decide-above-stake = { $amount } over kostnaden på tolv måneder
board-decide-loan = Lånet til { $name } henger etter planen: { $why }
board-decide-loan-more = Lånet til { $name } henger etter planen: { $why }. Det samme gjelder { $n ->
        [one] ett annet lån
       *[other] { SPELLED($n) } andre lån
    }
board-decide-loan-overdrawn = mer er trukket enn bevilget
board-decide-loan-joiners = for få kommuner gjenstår til å nedbetale det
board-decide-loan-stake = { $amount } utestående
board-decide-annex = { $name } brukes uten signert vedlegg
board-decide-annex-more = { $name } og { $n ->
        [one] én annen tjeneste
       *[other] { SPELLED($n) } andre tjenester
    } brukes uten signert vedlegg
board-decide-annex-stake = { $n } { $noun }
board-decide-open = Vi kan ikke forklare fakturerte beløp for { $name }
board-decide-open-more = Vi kan ikke forklare fakturerte beløp for { $name } og { $n ->
        [one] ett annet produkt
       *[other] { SPELLED($n) } andre produkter
    }
board-decide-open-stake = { $amount } for mye eller for lite så langt i år
board-decide-all = { $stake }; { $amount } for { $n ->
        [2] begge
       *[other] alle { SPELLED($n) }
    }
board-decide-late = Forventede leveringer mangler
board-decide-late-stake = { $n } { $noun } i { $month }
board-organisation-one = virksomhet
board-organisation-many = virksomheter

## the biggest changes

board-moves-title = De største endringene
board-moves-result = { $name } avviker mest fra budsjettert resultat: { $amount } så langt i { $year }.
board-moves-result-none = Ingen av produktene har et budsjett å sammenligne resultatet med.
board-moves-income = Inntekten { $way ->
        [up] økte
        [down] falt
       *[same] har endret seg
    } mest for { $name }: { $amount }, fra { $before } til { $now }.
board-moves-income-none = Inntekten kan ikke sammenlignes med { $year }: regnskapet begynner { $month }.
board-moves-income-empty = Ingen inntekt er ført.
board-moves-uptake-more = { $name } har vokst mest: { $n } { $n ->
        [one] ny kommune
       *[other] nye kommuner
    } på ett år, til { $now } av { $all }.
board-moves-uptake-fewer = { $name } har gått mest tilbake: { $n } { $n ->
        [one] kommune
       *[other] kommuner
    } færre på ett år, til { $now } av { $all }.
board-moves-uptake-same = Ingen tjeneste har flere eller færre kommuner enn for ett år siden.
board-moves-uptake-none = Utbredelsen kan ikke sammenlignes med året før for noen av tjenestene.

## the trend

board-trend-title = Utviklingen måned for måned
board-trend-subtitle = Inntekt og kostnad gjelder så langt i året, resten ved utgangen av måneden. Inntil 24 måneder, { $first }–{ $last }. Hver kurve har egen skala fra null.
board-trend-all = Inntekt og kostnad, alle produkter
board-trend-one = Inntekt og kostnad, { $name }
board-trend-rest = Inntekt og kostnad, de andre
board-trend-whose = Øvrige
board-trend-loans = Utestående lån
board-trend-uptake = Tjenester { $basis }, av de { $n } som er fulgt hele veien
board-trend-income = inntekt { $amount }
board-trend-cost = kostnad { $amount }
board-trend-now = { $amount } i { $month }
board-trend-words = { $title }: { $first } i { $first_month }, { $last } i { $last_month }.
board-trend-words-two = { $title }: { $first } i { $first_month }, { $last } i { $last_month }; kostnad { $cost } i { $last_month }.
board-trend-caption = Tallene måned for måned, beløp i kroner
board-trend-column-income = { $title }: inntekt
board-trend-column-cost = { $title }: kostnad
board-trend-column-loans = Utestående lån

## all products

board-products-title = { SPELLED($low, at: "start") } av { SPELLED($all) } produkter har finansiell dekningsgrad under 95 %, { SPELLED($high) } over 105 %
board-products-subtitle = Inntekt, kostnad og resultat { $months }, tusen kroner uten mva. Finansiell dekningsgrad siste tolv måneder. Kommuner { $observed }, endring på tolv måneder. «..» betyr at tallet mangler: { $reasons }.
board-products-file = Inntekt, kostnad og resultat { $months }, kroner uten mva. Finansiell dekningsgrad siste tolv måneder. Kommuner { $observed }, endring på tolv måneder. En tom celle betyr at tallet mangler: { $reasons }.
board-products-reasons = ingen bilag, ikke tolv måneder i regnskapet, ingen tall for bruk, eller ikke målt likt året før
board-products-caption = Alle produkter
board-products-product = Produkt
board-products-bar = Resultat som søyle
board-products-balance = Akkumulert
board-products-municipalities = Kommuner
board-products-change = Endring
board-products-observed = Kommuner, måned med tall
board-products-sum = Sum
board-products-unbooked = { SPELLED($n, at: "start") } produkter uten bilag
board-products-unbooked-one = { $name } { $n }
board-products-unbooked-month = i { $month }
board-products-unbooked-all = Uten bilag, med antall kommuner og endring på tolv måneder: { $listed }.
board-loans-title = Lån per prosjekt
board-loans-granted = Bevilget, kr
board-loans-drawn = Trukket, kr
board-loans-repaid = Betalt tilbake, kr
board-loans-balance = Utestående, kr
board-loans-payoff = Forventet nedbetalt
board-loans-unlaunched = uten tjeneste ennå
board-shared = { $amount } i felleskostnader er ennå ikke fordelt på produktene, og er ikke trukket fra.
board-unmapped = { $amount } i kostnader er ennå ikke riktig plassert ({ $n } bilag).
board-fees = { $amount } i tilkoblingspriser stemmer ikke med det som er betalt tilbake på lånene ({ $n } fakturaer).

## how it is made

board-made-story = **Det viktigste først**: hvor mange produkter som dekker kostnaden, og hva som krever beslutning. Står ett produkt for mer enn halvparten av resultatet, vises resultatet også uten det.
board-made-decide = **Krever beslutning**: finansiell dekningsgrad under 95 % eller over 105 %; lån som er trukket over bevilgningen, eller der for få kommuner gjenstår til å nedbetale det; bruk uten vedlegg; fakturerte beløp uten forklaring; leveringer som mangler. Høyst fem saker, de med størst beløp på spill først.
board-made-trend = **Kurvene i nøkkeltallene**: de siste månedene, inntil 24. Utbredelsen gjelder tjenestene som er talt på samme måte hele veien.
