### Det sida om resultatet seier, på nynorsk.

accounts-categories-title = Kostnader etter type
accounts-categories-title-up = { $step } har endra seg mest: opp { $amount } frå året før
accounts-categories-title-down = { $step } har endra seg mest: ned { $amount } frå året før
accounts-categories-subtitle = Kroner utan mva., { $period }, mot same månader i { $year }.
accounts-categories-subtitle-new = Kroner utan mva., { $period }. Rekneskapen manglar same månader i { $year }.
accounts-categories-sum = Sum
accounts-categories-share = Del
accounts-categories-caption = Beløp og del
accounts-categories-change = Endring
accounts-categories-part = Kostnad
accounts-categories-now = I perioden
accounts-categories-before = Året før
accounts-common-left = { $amount } i felleskostnader er enno ikkje fordelt på noka teneste, og er ikkje trekt frå.
accounts-months-title = Inntekta dekte kostnaden i { $n } av { $all ->
        [one] { $all } månad
       *[other] { $all } månader
    }
accounts-months-title-none = Inntekta dekte ikkje kostnaden i nokon månad
accounts-months-subtitle = Inntekt og kostnad per månad, kroner utan mva., { $first }–{ $last }.
accounts-months-words = Frå { $first } til { $last } var inntekta { $income } og kostnaden { $cost }.
accounts-months-caption = Rekneskap per månad
accounts-result-title = Produktrekneskap: resultat
accounts-result-part = Resultat
accounts-result-answer = { $service } har eit resultat på { $amount } { $when }.
accounts-result-answer-before = I same månader i { $year } var det { $amount }.
accounts-result-answer-new = Rekneskapen manglar same månader året før.
accounts-result-figure-before = same månader året før: { $amount }
accounts-steps-title = { $step } er den største kostnaden: { $amount } av { $all }
accounts-steps-title-no_cost = Ingen kostnad er ført
accounts-steps-subtitle = Frå inntekt til resultat, kroner utan mva., { $period }.
accounts-steps-words = Frå inntekt til resultat { $period }: { $steps }.
accounts-steps-caption = Frå inntekt til resultat
accounts-statement-title = { $n } av { $all ->
        [one] { $all } kvartal
       *[other] { $all } kvartal
    } enda med overskot
accounts-statement-subtitle = Kroner utan mva. Den finansielle dekningsgraden er inntekt i prosent av bokført kostnad i perioden.
accounts-statement-caption = Rekneskap per år og kvartal
accounts-statement-period = Periode
accounts-statement-budget = Budsjettert resultat
accounts-statement-partly = { $period }, til og med { $month }
accounts-statement-from = { $period }, frå { $month }
accounts-statement-files = Last ned tala per månad
accounts-statement-open = Vis kvartala i alle år
accounts-unmapped-title = { $amount } i kostnader er enno ikkje rett plassert
accounts-unmapped-subtitle-all = Kostnader for alle tenester og felleskostnader, { $period }, kroner utan mva. Dei blir retta i registeret for plassering av kostnader, eller hos den som leverer dei. Eit bilag med to grunnar står to gonger.
accounts-unmapped-subtitle-own = Kostnader som er førte på tenesta, { $period }, kroner utan mva.
accounts-unmapped-caption = Kostnader som ikkje er rett plasserte
value-reason-NO_CATEGORY = Ukjend kostnadstype (rekna som drift)
value-reason-NO_KEY = Felleskostnad utan fordelingsnøkkel
value-reason-UNKNOWN_KEY = Ukjend fordelingsnøkkel
value-reason-NO_WEIGHTS = Manglar grunnlag å fordele etter
value-reason-EXTERNAL_SERVICE = Ført på eit produkt frå andre
column-entries = Bilag
column-booked_account = Konto
contents-resultat = Frå inntekt til resultat
contents-maneder = Månad for månad
contents-kostnader = Kostnader
contents-felleskostnader = Kostnader som ikkje er plasserte
contents-kvartaler = År og kvartal
accounts-self_cost-title = Sjølvkostgraden er { $ratio } i { $year }, og inntekta dekkjer { $coverage } av gebyrgrunnlaget
accounts-self_cost-title-missing = Sjølvkostgraden for { $year } er ikkje rekna ut. Det manglar verdi for { $rules }
accounts-self_cost-title-plain = Sjølvkostrekneskap
accounts-self_cost-subtitle = Kroner utan mva. Sjølvkostgraden blir rekna som hos SSB: Han er 100 % når heile underskotet blir framført. Finansiell dekningsgrad andre stader er av bokført kostnad, utan kalkulatoriske kostnader.
accounts-self_cost-caption = Sjølvkostrekneskap per år
accounts-self_cost-line = Post
accounts-self_cost-year = { $n ->
        [12] { $year }
        [one] { $year }, { $n } månad
       *[other] { $year }, { $n } månader
    }
accounts-self_cost-opening = Saldo ved starten
accounts-self_cost-income = Inntekt
accounts-self_cost-cost = − Bokført kostnad
accounts-self_cost-depreciation = − Kalkulatoriske avskrivingar
accounts-self_cost-interest = − Kalkulatorisk rente på anleggsmiddel
accounts-self_cost-base = Gebyrgrunnlag
accounts-self_cost-result = Resultat etter sjølvkost
accounts-self_cost-from_fund = Underskot som tidlegare overskot dekkjer
accounts-self_cost-carried = Underskot som blir framført
accounts-self_cost-covered = Underskot som eigaren dekkjer
accounts-self_cost-recovered = Overskot som dekkjer tidlegare underskot
accounts-self_cost-to_fund = Overskot som blir avsett
accounts-self_cost-balance_interest = Rente på saldoen
accounts-self_cost-closing = Saldo ved slutten
accounts-self_cost-old_balance = Av dette oppstått for minst fem år sidan
accounts-self_cost-oldest_year = Eldste år i saldoen
accounts-self_cost-coverage = Dekning av gebyrgrunnlaget
accounts-self_cost-self_cost_ratio = Sjølvkostgrad
contents-selvkost = Sjølvkostrekneskap
