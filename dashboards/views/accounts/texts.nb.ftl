### What Produktregnskap says. Bokmål and English, in plain words.

## filters

filter-ar = År
filter-kvartal = Kvartal
filter-kommuner = Kommuner som har tjenesten
filter-volum = Bruk, prosent mer eller mindre
filter-brukerstotte = Brukerstøtte, prosent mer eller mindre
filter-drift = Drift, prosent mer eller mindre
filter-forvaltning = Forvaltning, prosent mer eller mindre
filter-administrasjon = Administrasjon, prosent mer eller mindre
accounts-whole_year = Hele året
accounts-year_so_far = { $year } (til og med { $month })
accounts-quarter = { $n }. kvartal
accounts-quarter-named = { $n }. kvartal { $year }
accounts-in = i { $period }
accounts-in-so_far = i { $period }, til og med { $month }

## the answer

accounts-answer-surplus = { $service } gikk med { $amount } i overskudd { $when }: inntekten var { $coverage } av kostnaden.
accounts-answer-deficit = { $service } gikk med { $amount } i underskudd { $when }: inntekten var { $coverage } av kostnaden.
accounts-answer-even = { $service } gikk i null { $when }.
accounts-answer-no_cost = { $service } hadde { $amount } i inntekt { $when }, og det er ikke ført noen kostnad.
accounts-answer-carried-surplus = Ved utgangen av { $month } står et overskudd på { $amount }.
accounts-answer-carried-deficit = Ved utgangen av { $month } står et underskudd på { $amount }.

## states

accounts-none_owned-title = Ingen produktregnskap å vise
accounts-none_owned = Du står ikke som eier av noe produkt. Spør DIF hvis du skal ha tilgang.
accounts-not_kept-title = Utgaven har ikke produktregnskap
accounts-not_kept = Utgave { $release } er laget før produktregnskapene ble en del av utgavene.
accounts-empty-title = Ingen regnskapstall for { $service }
accounts-empty = Det er ikke ført inntekt, kostnad eller budsjett på tjenesten. Det betyr ikke at den er gratis.
accounts-empty-link = Nærmeste med tall: [{ $name }]({ $link })
accounts-contents = På denne siden:
accounts-contents-accounts = Regnskapet
accounts-contents-price = Priskalkylen
accounts-contents-what_if = Hva om?
accounts-contents-paid = Pris per kommune
accounts-contents-loan = Lån
accounts-contents-reconciliation = Avstemming
accounts-contents-closing = Uplassert kostnad og lukkede perioder

## key figures

accounts-income = Inntekt
accounts-cost = Kostnad
accounts-result = Resultat
accounts-coverage = Selvkostgrad
accounts-carried = Akkumulert resultat
accounts-more = { $change } mer enn i samme måneder året før
accounts-less = { $change } mindre enn i samme måneder året før
accounts-same = som i samme måneder året før
accounts-no_year_before = uten sammenligning: ingen tall for samme måneder året før
accounts-coverage-low = under { $low } %: inntekten dekker ikke kostnaden
accounts-coverage-good = mellom { $low } og { $high } %: inntekten dekker om lag kostnaden
accounts-coverage-high = over { $high } %: brukerne betaler mer enn det koster
accounts-coverage-none = mangler: det er ikke ført noen kostnad
accounts-coverage-twelve = ; de tolv månedene til og med { $month }: { $coverage }
accounts-coverage-twelve-short = ; de tolv månedene til og med { $month }: { $coverage }, { $amount } mangler
accounts-carried-surplus = overskudd ved utgangen av { $month }, som skal tilbake til brukerne
accounts-carried-deficit = underskudd ved utgangen av { $month }, som skal dekkes inn
accounts-carried-none = verken overskudd eller underskudd ved utgangen av { $month }

## from income to result

accounts-steps-title = { $step } er den største kostnaden: { $amount } av { $all }
accounts-steps-title-no_cost = Det er ikke ført noen kostnad
accounts-steps-subtitle = Fra inntekt til resultat, kroner uten mva., { $period }.
accounts-steps-words = Fra inntekt til resultat { $period }: { $steps }.
accounts-steps-caption = Fra inntekt til resultat
accounts-axis-kr = kroner
accounts-axis-thousand = tusen kroner
column-cost_brukerstotte_ore = Brukerstøtte
column-cost_drift_ore = Drift
column-cost_forvaltning_ore = Forvaltning
column-cost_administrasjon_ore = Administrasjon
column-result_so_far_ore = Resultat, lagt sammen
column-budget_so_far_ore = Budsjettert resultat, lagt sammen
value-part-income = Inntekt
value-part-brukerstotte = Brukerstøtte
value-part-drift = Drift
value-part-forvaltning = Forvaltning
value-part-administrasjon = Administrasjon
value-part-allocated = Fordelt felleskostnad
value-part-result = Resultat
column-part = Ledd

## twelve months

accounts-development-title-better = Resultatet er { $amount } bedre enn budsjettert etter { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
accounts-development-title-worse = Resultatet er { $amount } svakere enn budsjettert etter { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
accounts-development-title-same = Resultatet er som budsjettert etter { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
accounts-development-title-none = Resultatet etter { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } er { $amount }; budsjett mangler
accounts-development-subtitle = Resultat lagt sammen måned for måned mot budsjettet, kroner uten mva., { $first } til { $last }.
accounts-development-actual = Regnskap
accounts-development-budget = Budsjett
accounts-development-words = Fra { $first } til { $last } ble resultatet { $result }, mot budsjettert { $budget }.
accounts-development-caption = Tolv måneder mot budsjettet

## by year and quarter

accounts-statement-title = { $n } av { $all ->
        [one] { $all } kvartal
       *[other] { $all } kvartaler
    } endte med overskudd
accounts-statement-subtitle = Kroner uten mva. Selvkostgraden er inntekt i prosent av kostnad i perioden.
accounts-statement-caption = Regnskap per år og kvartal
accounts-statement-period = Periode
accounts-statement-budget = Budsjettert resultat
accounts-statement-partly = { $period }, til og med { $month }
accounts-statement-from = { $period }, fra { $month }
accounts-statement-files = Filene har tallene per måned.

## the price calculation

accounts-price-title = Priskalkylen for { $year }
accounts-price-title-up = Prisene må opp { $change } fra i dag for å dekke kostnaden i { $year }
accounts-price-title-down = Prisene kan ned { $change } fra i dag og likevel dekke kostnaden i { $year }
accounts-price-title-same = Dagens priser dekker kostnaden i { $year }
accounts-price-title-nothing = Overskuddet dekker hele kostnaden i { $year }: selvkostprisen er null
accounts-price-subtitle = Kostnad fra { $first } til { $last }, regnet om til tolv måneder. Uten mva.
accounts-price-formula = Selvkostpris = (kostnad − overskudd som brukes) × prisens andel av inntekten ÷ ventet antall enheter. Et underskudd legges til i stedet for å trekkes fra.
accounts-price-formula-one = { $element }: ({ $cost } { $sign } { $balance }) × { $share } ÷ { $units } { $unit } = { $price }, rundet opp til { $proposed }.
accounts-price-customers = kunder
accounts-price-unit = enheter ({ $unit })
value-channel-ALTINN = Altinn
value-channel-NHN = Helsenettet
value-channel-PRINT = Papir
value-channel-SDP = Digital postkasse
value-channel-SVARINN = SvarInn
accounts-price-costs-caption = Hva prisene skal dekke, { $year }
accounts-price-costs-what = Post
accounts-price-costs-source = Kilde
accounts-price-costs-varies = Varierer med
accounts-price-costs-fixed = fast
accounts-price-costs-year = Kroner i året
accounts-price-source-account = konto { $account }
accounts-price-source-ACCOUNT = uten konto
accounts-price-source-ALLOCATED = fordelt felleskostnad
accounts-price-source-LEDGER = ført fra andre perioder
accounts-price-costs-base = Kostnadsgrunnlag
accounts-price-costs-surplus = − overskudd som brukes
accounts-price-costs-deficit = + underskudd som dekkes inn
accounts-price-costs-cover = = skal dekkes av prisene
accounts-price-costs-carried = av { $amount } akkumulert
accounts-price-costs-expected = av { $amount } akkumulert, som er ventet ved utgangen av { $year }; { $now } til og med { $month }
accounts-price-costs-missing = ; måneder fram til da uten regnskap året før, regnet som null: { $n }
accounts-price-prices-caption = Selvkostpris, pris for pris
accounts-price-element = Pris
accounts-price-units = Ventede enheter
accounts-price-self_cost = Selvkostpris
accounts-price-today = Dagens pris
accounts-price-proposed = Foreslått pris
accounts-price-decided = Vedtatt pris
accounts-price-gap = Avvik fra vedtatt
accounts-price-change = Endring fra i dag
accounts-price-base_case = Grunnberegningen
accounts-price-reproduced = ingen
accounts-price-decided-all = Grunnberegningen gir de vedtatte prisene for { $year }.
accounts-price-decided-gap = Grunnberegningen gir ikke de vedtatte prisene for { $year }. Størst er avviket for { $element }: selvkostprisen er { $self_cost }, vedtatt er { $decided }.
accounts-price-decided-none = Ingen pris er vedtatt for { $year }.
accounts-price-size-from = fra { $n } innbyggere
accounts-price-size-under = under { $n } innbyggere
accounts-price-uses-caption = Ventet bruk
accounts-price-uses-as_now = ingen framskriving: som nå
accounts-price-uses-driver = Telles etter
accounts-price-uses-now = Nå
accounts-price-uses-method = Framskriving
accounts-price-uses-error = Feil i etterprøving
accounts-level-low = Lav bruk
accounts-level-expected = Ventet bruk
accounts-level-high = Høy bruk
accounts-status-NO_PRICE = Tjenesten har ingen pris som følger bruk, så det er ikke noe å beregne.
accounts-status-NO_COST = Det er ikke ført kostnad på tjenesten i de siste fire hele kvartalene.
accounts-status-NO_USE = Verken fakturaer eller målinger sier hvor mye prisene telles etter.
accounts-status-ZERO = Forutsetningene gir ingen kostnad å dekke.
accounts-status-none = Utgaven har ingen priskalkyle for tjenesten.
accounts-proposals-title = Lagrede kalkyler
accounts-proposals-caption = Foreslåtte og vedtatte priser, slik de er lagret
value-decision-PROPOSED = foreslått
value-decision-DECIDED = vedtatt
column-scenario = Kalkyle
column-element = Pris

## what if

accounts-what_if-title = Hva om bruken eller kostnaden blir en annen?
accounts-what_if-title-up = Hva om: prisene blir { $change } høyere enn i grunnberegningen
accounts-what_if-title-down = Hva om: prisene blir { $change } lavere enn i grunnberegningen
accounts-what_if-title-same = Hva om: prisene blir som i grunnberegningen
accounts-what_if-subtitle = Endre tallene under. De står i lenken, så den som får den, ser det samme. Grunnberegningen har ingen endringer.
accounts-what_if-as_foreseen = som framskrevet
accounts-what_if-unchanged = uendret
accounts-what_if-reset = Tilbake til grunnberegningen
accounts-what_if-no_municipalities = Ingen vet hvor mange kommuner som har tjenesten, så tallet på kommuner endrer ingenting.
accounts-what_if-nothing_moves = Ingen av prisene eller kostnadene telles etter bruk, så mer eller mindre bruk endrer ingenting.
accounts-what_if-supposed-none = Ingen forutsetninger: kostnad som den var, bruk som framskrevet.
accounts-what_if-supposed = Forutsatt: { $what }.
accounts-what_if-supposed-municipalities = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    } har tjenesten
accounts-what_if-supposed-more = { $percent } mer { $what }
accounts-what_if-supposed-less = { $percent } mindre { $what }
accounts-what_if-use = bruk
accounts-what_if-prices-caption = Priser med og uten forutsetningene
accounts-what_if-assumptions = Forutsetninger
accounts-what_if-base = Selvkostpris, grunnberegning
accounts-what_if-levels-caption = Dekning og inntekt ved lav, ventet og høy bruk
accounts-what_if-level = Bruk
accounts-what_if-cost = Kostnad
accounts-what_if-income = Inntekt, foreslått pris
accounts-what_if-coverage = Dekning med saldo, foreslått pris
accounts-what_if-income_today = Inntekt, dagens pris
accounts-what_if-coverage_today = Dekning med saldo, dagens pris
accounts-what_if-sizes-caption = Hva en kunde betaler i året for samme bruk, snitt
accounts-what_if-sizes-size = Størrelse
accounts-what_if-customers = Kunder
accounts-what_if-pays_today = I dag
accounts-what_if-pays_then = Med foreslått pris
accounts-what_if-increase = Endring
accounts-what_if-increase_percent = Endring i prosent
accounts-what_if-customer = Kunde
accounts-what_if-largest-kr = De ti største økningene i kroner
accounts-what_if-largest-percent = De ti største økningene i prosent
accounts-what_if-no_increase = Ingen navngitt kunde betaler mer med de foreslåtte prisene.
accounts-what_if-not_billed = Ingen er fakturert i perioden, så virkningen per kunde er ikke kjent.
accounts-what_if-command = Den samme kalkylen som regneark med formler:
accounts-what_if-file = pris.xlsx
accounts-size-0 = Under 10 000 innbyggere
accounts-size-1 = 10 000–50 000 innbyggere
accounts-size-2 = 50 000 innbyggere og over
accounts-size-3 = Andre kunder
accounts-size-4 = Uten navngitt virksomhet

## what a municipality pays

accounts-paid-title = En kommune under 10 000 innbyggere betaler i snitt { $small } i året, en på 50 000 eller mer { $large }
accounts-paid-title-plain = Hva kommunene betaler i året, etter størrelse
accounts-paid-subtitle = Fakturert per kommune fra { $first } til { $last }, kroner uten mva. Én prikk er én kommune.
accounts-paid-inhabitants = innbyggere (logaritmisk skala)
accounts-paid-kr = kroner
accounts-paid-words = Hva { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    } betalte, etter innbyggere. Snitt: { $means }.
accounts-paid-mean = { $size }: { $amount }
accounts-paid-caption = Hva kommunene betaler, etter størrelse
accounts-paid-municipalities = Kommuner
accounts-paid-mean_kr = Snitt per kommune
accounts-paid-least = Lavest
accounts-paid-most = Høyest
accounts-paid-each = Kroner per innbygger
accounts-customers-closed = Hva den enkelte kunde betaler, er bare for dem som arbeider med økonomi.
accounts-paid-none = Ingen kommune er fakturert i perioden, eller tallet kan ikke vises per kommune.

## loans

accounts-loan-title = { $project }: { $balance } gjenstår av lånet
accounts-loan-title-paid = { $project }: lånet er nedbetalt
accounts-loan-title-when = { $project }: { $balance } gjenstår av lånet, ventet nedbetalt i { $month }
accounts-loan-title-none = Lån og prosjekter
accounts-loan-none = Tjenesten har ikke noe lån fra Digifin.
accounts-loan-subtitle = Lånesaldo ved månedens slutt, kroner. Prikket: ventet nedbetaling, fra lav til høy utbredelse.
accounts-loan-subtitle-plain = Lånesaldo ved månedens slutt, kroner.
accounts-loan-words = Saldoen var { $balance } i { $month }. { $payoff }
accounts-loan-payoff = Ventet nedbetalt: { $low } ved lav utbredelse, { $expected } ved ventet, { $high } ved høy.
accounts-loan-level-low = lav
accounts-loan-level-expected = ventet
accounts-loan-level-high = høy
accounts-loan-extended = Minst én av månedene ligger lenger fram enn framskrivingen når. Da fortsetter takten, og det er ikke etterprøvd.
accounts-loan-not_reached = nås ikke
accounts-loan-reason-NO_LOAN = Ingenting er trukket av et lån.
accounts-loan-reason-PAID = Lånet er nedbetalt.
accounts-loan-reason-NOT_LAUNCHED = Tjenesten er ikke lansert, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NO_JOINING_FEE = Ingen tilkoblingspris gjelder, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NO_FORECAST = Utbredelsen er ikke framskrevet, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NOT_ENOUGH_JOINERS = På minst ett nivå er det ikke mange nok igjen til å betale lånet, eller ikke innen ti år.
accounts-loan-reason-EARLIER_MONTH = Bare siste måned har en ventet nedbetaling.
accounts-loan-overdrawn = Det er trukket mer enn det er bevilget.
accounts-loan-paid_off = Ventet nedbetalt
accounts-projects-caption = Prosjekter: bevilget, trukket, brukt og betalt tilbake, per { $month }
accounts-projects-without = Prosjekter som ikke er lansert, og derfor ikke har noen tjeneste
column-project_title = Prosjekt
value-financing-DIGIFIN = Digifin
value-financing-INTERN = intern
value-financing-EKSTERN = ekstern
value-phase-IDE = idé
value-phase-UTREDNING = utredning
value-phase-GJENNOMFORING = gjennomføring
value-phase-INNFORING = innføring
value-phase-DRIFT = drift

## reconciliation

accounts-reconciliation-title = { $amount } står på spill mellom fakturert og målt
accounts-reconciliation-title-none = Fakturert og målt stemmer: ingen kroner står på spill
accounts-reconciliation-title-plain = Avstemming av fakturert mot målt
accounts-reconciliation-subtitle = Forskjeller per årsak, kroner uten mva., { $period }. Mot høyre er fakturert for mye.
accounts-reconciliation-ties = Fakturert { $billed } = ventet { $expected } + forklart { $explained } + uforklart { $open } + kan ikke avstemmes { $not_rec }.
accounts-reconciliation-awaits = { $amount } er målt og venter på faktura. Det står ikke på spill ennå.
accounts-reconciliation-empty = Ingenting er fakturert eller målt av tjenesten i perioden.
accounts-reconciliation-no_parts = Det er ingen forskjeller i perioden.
accounts-reconciliation-words = Forskjeller mellom fakturert og målt: { $reasons }.
accounts-reconciliation-reason = { $reason } { $over } for mye og { $under } for lite
accounts-reconciliation-caption = Årsaker til forskjellene
accounts-reconciliation-months-caption = Fakturert mot målt, per måned
accounts-unexplained-title = De største uforklarte forskjellene
accounts-unexplained-caption = Uforklarte rader, størst først
accounts-over = fakturert for mye
accounts-under = fakturert for lite
value-reason-MONTH_SHIFT = Feil måned
value-reason-LATE_STATE = Målt etter fakturering
value-reason-CORRECTION = Retting
value-reason-UNJUSTIFIED_CREDIT = Kreditert mer enn bruken tilsier
value-reason-UNJUSTIFIED_CHARGE = Etterfakturert mer enn bruken tilsier
value-reason-CORRECTS_NOTHING = Retter ingenting
value-reason-OTHER_PAYER = Annen virksomhet, samme betaler
value-reason-UNKNOWN_ACCOUNT = Ukjent konto
value-reason-PRICE_CHANGE = Annen pris
value-reason-ROUNDING = Avrunding
value-reason-UNEXPLAINED = Uforklart
column-differences = Forskjeller
column-over_ore = Fakturert for mye
column-under_ore = Fakturert for lite
column-unexplained_ore = Uforklart

## unmapped cost and closed periods

accounts-unmapped-title = { $amount } i kostnad er ikke plassert
accounts-unmapped-title-none = All kostnad er plassert
accounts-unmapped-subtitle-all = Kostnad for alle tjenester og felles, { $period }, kroner uten mva. Den rettes i registeret over hvor kostnad hører hjemme (cost_mapping), eller hos den som leverer den. Et bilag med to grunner står under begge.
accounts-unmapped-subtitle-own = Kostnad som er ført på tjenesten, { $period }, kroner uten mva.
accounts-unmapped-caption = Kostnad som ikke er plassert
value-reason-NO_CATEGORY = Ukjent kostnadstype (regnes som drift)
value-reason-NO_KEY = Felles, uten fordelingsnøkkel
value-reason-UNKNOWN_KEY = Ukjent fordelingsnøkkel
value-reason-NO_WEIGHTS = Ingenting å fordele etter
value-reason-EXTERNAL_SERVICE = Nevner et produkt fra andre
column-entries = Bilag
column-booked_account = Konto
accounts-periods-title = Siste lukkede kvartal er { $quarter }
accounts-periods-title-none = Ingen kvartaler er lukket
accounts-periods-subtitle = Et lukket kvartal endres ikke. Det som kommer senere for { $service }, føres i første åpne måned og vises her.
accounts-periods-caption = Kvartaler og hva som er ført senere
value-status-OPEN = åpent
value-status-CLOSED = lukket
value-status-REOPENED = gjenåpnet
accounts-report-title = Rapport til brukerrådet
accounts-report = De samme tallene på én side, til å skrive ut:

## how the numbers are made

made-accounts-limits = Årspriser gir skjeve måneder og kvartaler: se på året og det akkumulerte resultatet. Felleskostnad som ikke er plassert, er ikke med i noen tjeneste. En verdi som mangler, står som `..` og er ikke null. Virkningen per kunde regner med samme bruk som i perioden kostnaden er fra.
made-accounts-income = **Inntekt**: fakturert for tjenesten, uten mva. Tilkoblingsprisen for en tjeneste med lån er ikke inntekt.
made-accounts-cost = **Kostnad**: brukerstøtte, drift, forvaltning, administrasjon og fordelt felleskostnad. Utvikling i prosjekt står utenfor.
made-accounts-result = **Resultat**: inntekt − kostnad.
made-accounts-coverage = **Selvkostgrad**: inntekt i prosent av kostnad (SSBs mål; avsetning til fond og bruk av fond er regnet som null). I kalkylen teller også overskudd som brukes. 100 % er at prisene dekker akkurat det tjenesten koster.
made-accounts-carried = **Akkumulert resultat**: summen av resultatene over alle år til og med måneden.
made-accounts-price = **Selvkostpris**: prisen som akkurat dekker kostnaden ved ventet bruk. Har tjenesten flere priser, endres alle like mye i prosent. **Foreslått pris** er rundet opp: til 0,1 øre under 1 kr, 1 øre under 10 kr, 1 kr under 1 000 kr, ellers 100 kr.
made-accounts-balance = **Overskudd som brukes**: akkumulert resultat slik det er ventet ved utgangen av året før prisene gjelder. Hver måned fram til da er ventet å gi samme resultat som året før.
made-accounts-use = **Ventet bruk**: framskrivingens tolv måneder mot de siste tolv kjente. Lav og høy er summen av månedenes, og er videre enn årets egen usikkerhet.
made-accounts-loan = **Lånesaldo**: trukket − betalt tilbake − ettergitt.
made-accounts-at_stake = **Står på spill**: uforklart fakturert for mye pluss uforklart fakturert for lite; de veier ikke mot hverandre.
