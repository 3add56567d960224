### What the page about loans and reconciliation says. Bokmål and English, in plain words.

## loans

accounts-loan-title = { $project }: { $balance } gjenstår av lånet
accounts-loan-title-paid = { $project }: lånet er nedbetalt
accounts-loan-title-when = { $project }: { $balance } gjenstår av lånet, forventet nedbetalt i { $month }
accounts-loan-title-none = Lån og prosjekter
accounts-loan-none = Tjenesten har ikke lån fra Digifin.
accounts-loan-others = Disse har lån: { $links }.
accounts-loan-subtitle = Lånesaldo ved utgangen av måneden, kroner. Prikket: forventet nedbetaling, fra lav til høy utbredelse.
accounts-loan-subtitle-plain = Lånesaldo ved utgangen av måneden, kroner.
accounts-loan-words = Saldoen var { $balance } i { $month }. { $payoff }
accounts-loan-payoff = Forventet nedbetalt: { $low } ved lav utbredelse, { $expected } ved forventet, { $high } ved høy.
accounts-loan-extended = Minst én av månedene ligger lenger fram enn framskrivingen. Der er samme takt lagt til grunn, og det er ikke etterprøvd.
accounts-loan-not_reached = nås ikke
accounts-loan-reason-NO_LOAN = Ingenting er trukket på lånet.
accounts-loan-reason-PAID = Lånet er nedbetalt.
accounts-loan-reason-NOT_LAUNCHED = Tjenesten er ikke lansert, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NO_JOINING_FEE = Tjenesten har ingen gjeldende tilkoblingspris, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NO_FORECAST = Utbredelsen er ikke framskrevet for minst tre måneder, så nedbetalingen kan ikke regnes ut.
accounts-loan-reason-NOT_ENOUGH_JOINERS = I minst ett av alternativene gjenstår for få kommuner til å nedbetale lånet, eller til å gjøre det innen ti år.
accounts-loan-reason-EARLIER_MONTH = Bare siste måned har en forventet nedbetaling.
accounts-loan-bridge = Saldoen går ned når nedbetalingen er ført. Saldo { $balance } − fakturert, ikke betalt tilbake { $invoiced } = { $by_invoice } når tilkoblingsprisene regnes fra fakturaen.
accounts-loan-excess = { $amount } er ført som nedbetaling ut over det som er trukket, og holdes utenfor lånet. Rett bilaget, eller før trekket som mangler.
accounts-loan-overdrawn = Det er trukket mer enn bevilget.
accounts-loan-paid_off = Forventet nedbetalt
accounts-loans-title = Produktregnskap: lån og avstemming
accounts-loans-part = Lån og avstemming
accounts-loans-owed = { $amount } gjenstår av lånene.
accounts-loans-owed-paid = Alle lån er nedbetalt.
accounts-loans-owed-none = Tjenesten har ikke lån fra Digifin.
accounts-loans-unknown = Utgaven viser ikke lånene måned for måned.
accounts-loans-stake = Et avvik på { $amount } mellom fakturert og målt er ikke forklart { $when }.
accounts-loans-stake-none = Fakturert og målt stemmer { $when }.
accounts-projects-caption = Prosjekter: bevilget, trukket, brukt og betalt tilbake, per { $month }
accounts-projects-without = Prosjekter uten tjeneste, fordi de ikke er lansert
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

accounts-reconciliation-title = Et avvik på { $amount } mellom fakturert og målt er ikke forklart
accounts-reconciliation-title-none = Fakturert og målt stemmer
accounts-reconciliation-title-plain = Avstemming av fakturert mot målt
accounts-reconciliation-subtitle = Forskjeller etter årsak, kroner uten mva., { $period }. Fakturert for mye står til høyre.
accounts-reconciliation-ties = Fakturert { $billed } = forventet { $expected } + forklart { $explained } + uforklart { $open } + kan ikke avstemmes { $not_rec }. Uten kjent årsak er for mye og for lite til sammen { $stake }.
accounts-reconciliation-ties-all = Fakturert { $billed } = forventet { $expected } + forklart { $explained } + uforklart { $open }. Uten kjent årsak er for mye og for lite til sammen { $stake }.
accounts-reconciliation-awaits = { $amount } er målt og ennå ikke fakturert. Det regnes ikke som uforklart.
accounts-reconciliation-empty = Ingenting er fakturert eller målt på tjenesten i perioden.
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

accounts-periods-title = Sist lukkede kvartal er { $quarter }
accounts-periods-title-none = Ingen kvartaler er lukket
accounts-periods-title-plain = Lukkede kvartaler
accounts-periods-subtitle = Et lukket kvartal endres ikke. Det som kommer senere for { $service }, føres i første åpne måned og vises her.
accounts-periods-caption = Kvartaler og hva som er ført senere
value-status-OPEN = åpent
value-status-CLOSED = lukket
value-status-REOPENED = gjenåpnet
column-payoff_month_low = Nedbetalt ved lav utbredelse
column-payoff_month_expected = Nedbetalt ved forventet utbredelse
column-payoff_month_high = Nedbetalt ved høy utbredelse

## the list of headings

contents-lan = Lån
contents-avstemming = Avstemming
contents-perioder = Lukkede kvartaler
column-repaid_ore = Betalt tilbake
column-invoiced_not_repaid_ore = Fakturert, ikke betalt tilbake
column-balance_by_invoice_ore = Lånesaldo etter fakturering
