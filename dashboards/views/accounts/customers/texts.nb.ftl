### What the page about what customers pay says. Bokmål and English, in plain words.

## the page

column-invoiced_year_before_ore = Samme måned året før
accounts-invoiced-title-more = Alle kunder er fakturert { $amount } på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }, { $by } mer enn året før
accounts-invoiced-title-less = Alle kunder er fakturert { $amount } på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }, { $by } mindre enn året før
accounts-invoiced-title-same = Alle kunder er fakturert { $amount } på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }, like mye som året før
accounts-invoiced-title-new = Alle kunder er fakturert { $amount } på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
accounts-invoiced-subtitle = Fakturert per måned, kroner uten mva., { $first }–{ $last }, mot samme måneder året før.
accounts-invoiced-now = Siste tolv måneder
accounts-invoiced-before = Året før
accounts-invoiced-words = Fra { $first } til { $last } er { $amount } fakturert, mest i { $month }: { $most }.
accounts-invoiced-caption = Fakturert per måned
accounts-customers-title = Produktregnskap: hva kundene betaler
accounts-customers-part = Hva kundene betaler
accounts-customers-answer = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    } er fakturert { $amount } til sammen for { $service } i de siste fire hele kvartalene.
accounts-customers-answer-none = Ingen kommune er fakturert for { $service } i de siste fire hele kvartalene, eller beløpene kan ikke vises per kommune.

## what a municipality pays

accounts-paid-title = Kommuner med under 10 000 innbyggere betaler { $small } per innbygger i året, de med minst 50 000 betaler { $large }
accounts-paid-title-same = Små og store kommuner betaler om lag det samme per innbygger i året: { $small } og { $large }
accounts-paid-title-plain = Hva kommunene betaler i året, etter størrelse
accounts-paid-subtitle = Fakturert per innbygger i hver kommune fra { $first } til { $last }, kroner uten mva. Hver prikk er en kommune. De stiplede linjene skiller størrelsene i tabellen.
accounts-paid-inhabitants = innbyggere (logaritmisk skala)
accounts-paid-kr = kroner
accounts-paid-words = Hva { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    } betalte, etter innbyggertall. Snitt: { $means }.
accounts-paid-mean = { $size }: { $amount }
accounts-paid-caption = Hva kommunene betaler, etter størrelse
accounts-paid-municipalities = Kommuner
accounts-paid-mean_kr = Snitt per kommune
accounts-paid-least = Lavest
accounts-paid-most = Høyest
accounts-paid-each = Kroner per innbygger
accounts-paid-none = Ingen kommune er fakturert i perioden, eller beløpene kan ikke vises per kommune.
accounts-invoiced-subtitle-new = Fakturert per måned, kroner uten mva., { $first }–{ $last }. Regnskapet mangler samme måneder året før.

## the list of headings

contents-pris-per-kommune = Pris per kommune
contents-fakturert = Fakturert
