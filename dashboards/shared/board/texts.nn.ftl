### Det oversikta og styrerapporten seier om ein månad, på nynorsk: svaret, nøkkeltala og sakene.

board-title = Rapport til styret
board-answer-none = Ingen bilag er førte på produkta i { $year }.
board-story-short = Ingen av produkta har tolv månader i rekneskapen enno. Difor er den finansielle dekningsgraden ikkje kjend.
board-story-inside = { $all ->
        [one] Produktet dekkjer
       *[other] Alle { SPELLED($all) } produkta dekkjer
    } kostnaden: Den finansielle dekningsgraden er mellom 95 og 105 %.
board-story-low = { SPELLED($low, at: "start") } av { SPELLED($all) } produkt dekkjer mindre enn 95 % av kostnaden.
board-story-high = { SPELLED($high, at: "start") } av { SPELLED($all) } produkt tek inn meir enn 105 % av kostnaden. Ingen dekkjer mindre enn 95 %.
board-story-moved-more = { $name } har vakse mest, med { $n } { $n ->
        [one] ny kommune
       *[other] nye kommunar
    } på eitt år.
board-story-moved-fewer = { $name } har gått mest tilbake, med { $n } { $n ->
        [one] kommune
       *[other] kommunar
    } færre på eitt år.
board-story-decide = { SPELLED($n, at: "start") } saker krev avgjerd. Den første gjeld { $first }.
board-story-decide-one = Éi sak krev avgjerd. Ho gjeld { $first }.
board-story-decide-none = Ingen saker krev avgjerd.
board-story-first-below = produkta under 95 %
board-story-first-above = produkta over 105 %
board-story-first-loan = lånet til { $name }
board-story-first-loan-more = låna som ligg etter planen
board-story-first-annex = bruk utan vedlegg
board-story-first-open = fakturerte beløp utan forklaring
board-story-first-late = leveringar som manglar
board-figure-turnover = Omsetning så langt i { $year }
board-figure-result = Resultat så langt i { $year }
board-figure-result-without = { $budget }; utan { $name }: { $rest }
board-figure-result-covered = { $budget }; finansiell dekningsgrad { $coverage } siste tolv månader
board-budget-some = { $text } ({ $k } av { $all } produkt)
board-figure-uptake = Tenester { $basis }
board-figure-uptake-all = alle kommunar samla
board-figure-loans = Uteståande Digifin-lån
board-figure-loans-words = { $drawn } trekt, { $repaid } betalt tilbake
board-figure-loans-more = { $amount } meir enn for eitt år sidan
board-figure-loans-less = { $amount } mindre enn for eitt år sidan
board-figure-loans-same = det same som for eitt år sidan
board-figure-loans-none = manglar: ingen lån er førte
board-decide-title = { $n ->
        [one] Éi sak
       *[other] { SPELLED($n, at: "start") } saker
    } krev avgjerd
board-decide-title-none = Ingen saker krev avgjerd
board-decide-caption = { $month }: kva saka gjeld, kva som står på spel, og kvar du kan lese meir
board-decide-what = Sak
board-decide-stake = Står på spel
board-decide-where = Sjå nærmare
board-decide-below = { $name } dekkjer { $coverage } av kostnaden
board-decide-below-more = { $name } dekkjer { $coverage } av kostnaden; { $n ->
        [one] eitt produkt
       *[other] { SPELLED($n) } produkt
    } til ligg under 95 %
board-decide-below-stake = { $amount } under kostnaden på tolv månader
board-decide-above = { $name } tek inn { $coverage } av kostnaden
board-decide-above-more = { $name } tek inn { $coverage } av kostnaden; { $n ->
        [one] eitt produkt
       *[other] { SPELLED($n) } produkt
    } til ligg over 105 %
board-decide-above-stake = { $amount } over kostnaden på tolv månader
board-decide-loan = Lånet til { $name } ligg etter planen: { $why }
board-decide-loan-more = Lånet til { $name } ligg etter planen: { $why }. Det same gjeld { $n ->
        [one] eitt anna lån
       *[other] { SPELLED($n) } andre lån
    }
board-decide-loan-overdrawn = meir er trekt enn løyvd
board-decide-loan-joiners = for få kommunar står att til å betale det ned
board-decide-loan-stake = { $amount } uteståande
board-decide-annex = { $name } blir brukt utan signert vedlegg
board-decide-annex-more = { $name } og { $n ->
        [one] éi anna teneste
       *[other] { SPELLED($n) } andre tenester
    } blir brukte utan signert vedlegg
board-decide-open = Vi kan ikkje forklare fakturerte beløp for { $name }
board-decide-open-more = Vi kan ikkje forklare fakturerte beløp for { $name } og { $n ->
        [one] eitt anna produkt
       *[other] { SPELLED($n) } andre produkt
    }
board-decide-open-stake = { $amount } for mykje eller for lite så langt i år
board-decide-all = { $stake }; { $amount } for { $n ->
        [2] begge
       *[other] alle { SPELLED($n) }
    }
board-decide-late = Forventa leveringar manglar
board-decide-late-stake = { $n } { $noun } i { $month }
board-organisation-one = verksemd
board-organisation-many = verksemder
board-moves-title = Dei største endringane
board-moves-result = { $name } avvik mest frå budsjettert resultat: { $amount } så langt i { $year }.
board-moves-income = Inntekta { $way ->
        [up] auka
        [down] fall
       *[same] har endra seg
    } mest for { $name }: { $amount }, frå { $before } til { $now }.
board-moves-uptake-more = { $name } har vakse mest: { $n } { $n ->
        [one] ny kommune
       *[other] nye kommunar
    } på eitt år, til { $now } av { $all }.
board-moves-uptake-fewer = { $name } har gått mest tilbake: { $n } { $n ->
        [one] kommune
       *[other] kommunar
    } færre på eitt år, til { $now } av { $all }.
board-products-title = { SPELLED($low, at: "start") } av { SPELLED($all) } produkt har finansiell dekningsgrad under 95 %, { SPELLED($high) } over 105 %
board-decide-unjudged = Ikkje vurdert, fordi utgåva manglar tala: { $listed }.
board-decide-unjudged-loans = lån som heng etter planen
board-decide-unjudged-open = fakturerte beløp utan forklaring
board-moves-result-none = Ingen av produkta har eit budsjett å samanlikne resultatet med.
board-moves-income-none = Inntekta kan ikkje samanliknast med { $year }: rekneskapen byrjar { $month }.
board-moves-income-empty = Inga inntekt er ført.
board-moves-uptake-same = Inga teneste har fleire eller færre kommunar enn for eitt år sidan.
board-moves-uptake-none = Utbreiinga kan ikkje samanliknast med året før for nokon av tenestene.
board-products-subtitle = Inntekt, kostnad og resultat { $months }, tusen kroner utan mva. Finansiell dekningsgrad siste tolv månader. Kommunar { $observed }, endring på tolv månader. «..» tyder at talet manglar: { $reasons }.
board-products-file = Inntekt, kostnad og resultat { $months }, kroner utan mva. Finansiell dekningsgrad siste tolv månader. Kommunar { $observed }, endring på tolv månader. Ei tom celle tyder at talet manglar: { $reasons }.
board-products-reasons = ingen bilag, ikkje tolv månader i rekneskapen, ingen tal for bruk, eller ikkje målt likt året før
board-products-caption = Alle produkt
board-products-product = Produkt
board-products-bar = Resultat som søyle
board-products-balance = Akkumulert
board-products-municipalities = Kommunar
board-products-change = Endring
board-products-observed = Kommunar, månad med tal
board-products-sum = Sum
board-products-unbooked = { SPELLED($n, at: "start") } produkt utan bilag
board-products-unbooked-all = Utan bilag, med talet på kommunar og endring på tolv månader: { $listed }.
board-shared = { $amount } i felleskostnader er enno ikkje fordelte på produkta, og er ikkje trekte frå.
board-unmapped = { $amount } i kostnader er enno ikkje rett plasserte ({ $n } bilag).
board-fees = { $amount } i tilkoplingsprisar stemmer ikkje med det som er betalt tilbake på låna ({ $n } fakturaer).
board-made-story = **Det viktigaste først**: kor mange produkt som dekkjer kostnaden, og kva som krev avgjerd. Står eitt produkt for meir enn halvparten av resultatet, blir resultatet vist også utan det.
board-made-decide = **Krev avgjerd**: finansiell dekningsgrad under 95 % eller over 105 %; lån som er trekte over løyvinga, eller der for få kommunar står att til å nedbetale det; bruk utan vedlegg; fakturerte beløp utan forklaring; leveringar som manglar. Høgst fem saker, dei med størst beløp på spel først.
board-made-trend = **Kurvene i nøkkeltala**: dei siste månadene, inntil 24. Utbreiinga gjeld tenestene som er talde på same måte heile vegen.
