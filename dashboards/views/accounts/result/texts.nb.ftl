### What the page about the result says. Bokmål and English, in plain words.

## the page

accounts-categories-title = Kostnader etter type
accounts-categories-title-up = { $step } har endret seg mest: opp { $amount } fra året før
accounts-categories-title-down = { $step } har endret seg mest: ned { $amount } fra året før
accounts-categories-subtitle = Kroner uten mva., { $period }, mot samme måneder i { $year }.
accounts-categories-subtitle-new = Kroner uten mva., { $period }. Regnskapet mangler samme måneder i { $year }.
accounts-categories-sum = Sum
accounts-categories-share = Andel
accounts-categories-caption = Beløp og andel
accounts-categories-change = Endring
accounts-categories-part = Kostnad
accounts-categories-now = I perioden
accounts-categories-before = Året før
accounts-common-left = { $amount } i felleskostnader er ennå ikke fordelt på noen tjeneste, og er ikke trukket fra.
accounts-months-title = Inntekten dekket kostnaden i { $n } av { $all ->
        [one] { $all } måned
       *[other] { $all } måneder
    }
accounts-months-title-none = Inntekten dekket ikke kostnaden i noen måned
accounts-months-subtitle = Inntekt og kostnad per måned, kroner uten mva., { $first }–{ $last }.
accounts-months-words = Fra { $first } til { $last } var inntekten { $income } og kostnaden { $cost }.
accounts-months-caption = Regnskap per måned
accounts-result-title = Produktregnskap: resultat
accounts-result-part = Resultat
accounts-result-answer = { $service } har et resultat på { $amount } { $when }.
accounts-result-answer-before = I samme måneder i { $year } var det { $amount }.
accounts-result-answer-new = Regnskapet mangler samme måneder året før.
accounts-result-figure-before = samme måneder året før: { $amount }

## from income to result

accounts-steps-title = { $step } er den største kostnaden: { $amount } av { $all }
accounts-steps-title-no_cost = Ingen kostnad er ført
accounts-steps-subtitle = Fra inntekt til resultat, kroner uten mva., { $period }.
accounts-steps-words = Fra inntekt til resultat { $period }: { $steps }.
accounts-steps-caption = Fra inntekt til resultat

## by year and quarter

accounts-statement-title = { $n } av { $all ->
        [one] { $all } kvartal
       *[other] { $all } kvartaler
    } endte med overskudd
accounts-statement-subtitle = Kroner uten mva. Den finansielle dekningsgraden er inntekt i prosent av bokført kostnad i perioden.
accounts-statement-caption = Regnskap per år og kvartal
accounts-statement-period = Periode
accounts-statement-budget = Budsjettert resultat
accounts-statement-partly = { $period }, til og med { $month }
accounts-statement-from = { $period }, fra { $month }
accounts-statement-files = Last ned tallene per måned
accounts-statement-open = Vis kvartalene i alle år

## unmapped cost and closed periods

accounts-unmapped-title = { $amount } i kostnader er ennå ikke riktig plassert
accounts-unmapped-subtitle-all = Kostnader for alle tjenester og felleskostnader, { $period }, kroner uten mva. De rettes i registeret for plassering av kostnader, eller hos den som leverer dem. Et bilag med to grunner står to ganger.
accounts-unmapped-subtitle-own = Kostnader som er ført på tjenesten, { $period }, kroner uten mva.
accounts-unmapped-caption = Kostnader som ikke er riktig plassert
value-reason-NO_CATEGORY = Ukjent kostnadstype (regnes som drift)
value-reason-NO_KEY = Felleskostnad uten fordelingsnøkkel
value-reason-UNKNOWN_KEY = Ukjent fordelingsnøkkel
value-reason-NO_WEIGHTS = Mangler grunnlag å fordele etter
value-reason-EXTERNAL_SERVICE = Ført på et produkt fra andre
column-entries = Bilag
column-booked_account = Konto

## the list of headings

contents-resultat = Fra inntekt til resultat
contents-maneder = Måned for måned
contents-kostnader = Kostnader
contents-felleskostnader = Kostnader som ikke er plassert
contents-kvartaler = År og kvartaler

## the self-cost account

accounts-self_cost-title = Selvkostgraden er { $ratio } i { $year }, og inntekten dekker { $coverage } av gebyrgrunnlaget
accounts-self_cost-title-missing = Selvkostgraden for { $year } er ikke regnet ut. Det mangler verdi for { $rules }
accounts-self_cost-title-plain = Selvkostregnskap
accounts-self_cost-subtitle = Kroner uten mva. Selvkostgraden regnes som hos SSB: Den er 100 % når hele underskuddet framføres. Finansiell dekningsgrad andre steder er av bokført kostnad, uten kalkulatoriske kostnader.
accounts-self_cost-caption = Selvkostregnskap per år
accounts-self_cost-line = Post
accounts-self_cost-year = { $n ->
        [12] { $year }
        [one] { $year }, { $n } måned
       *[other] { $year }, { $n } måneder
    }
accounts-self_cost-opening = Saldo ved start
accounts-self_cost-income = Inntekt
accounts-self_cost-cost = − Bokført kostnad
accounts-self_cost-depreciation = − Kalkulatoriske avskrivninger
accounts-self_cost-interest = − Kalkulatorisk rente på anleggsmidler
accounts-self_cost-base = Gebyrgrunnlag
accounts-self_cost-result = Resultat etter selvkost
accounts-self_cost-from_fund = Underskudd som tidligere overskudd dekker
accounts-self_cost-carried = Underskudd som framføres
accounts-self_cost-covered = Underskudd som eieren dekker
accounts-self_cost-recovered = Overskudd som dekker tidligere underskudd
accounts-self_cost-to_fund = Overskudd som avsettes
accounts-self_cost-balance_interest = Rente på saldoen
accounts-self_cost-closing = Saldo ved slutten
accounts-self_cost-old_balance = Herav oppstått for minst fem år siden
accounts-self_cost-oldest_year = Eldste år i saldoen
accounts-self_cost-coverage = Dekning av gebyrgrunnlaget
accounts-self_cost-self_cost_ratio = Selvkostgrad
contents-selvkost = Selvkostregnskap
