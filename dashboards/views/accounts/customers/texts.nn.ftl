### Det sida om kva kundane betaler, seier på nynorsk.

column-invoiced_year_before_ore = Same månad året før
accounts-invoiced-title-more = Alle kundar er fakturerte { $amount } på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }, { $by } meir enn året før
accounts-invoiced-title-less = Alle kundar er fakturerte { $amount } på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }, { $by } mindre enn året før
accounts-invoiced-title-same = Alle kundar er fakturerte { $amount } på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }, like mykje som året før
accounts-invoiced-title-new = Alle kundar er fakturerte { $amount } på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
accounts-invoiced-subtitle = Fakturert per månad, kroner utan mva., { $first }–{ $last }, mot same månader året før.
accounts-invoiced-now = Siste tolv månader
accounts-invoiced-before = Året før
accounts-invoiced-words = Frå { $first } til { $last } er { $amount } fakturert, mest i { $month }: { $most }.
accounts-invoiced-caption = Fakturert per månad
accounts-customers-title = Produktrekneskap: kva kundane betaler
accounts-customers-part = Kva kundane betaler
accounts-customers-answer = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    } er til saman fakturert { $amount } for { $service } i dei siste fire heile kvartala.
accounts-customers-answer-none = Ingen kommune er fakturert for { $service } i dei siste fire heile kvartala, eller så kan beløpa ikkje visast per kommune.
accounts-paid-title = Kommunar med under 10 000 innbyggjarar betaler { $small } per innbyggjar i året, dei med minst 50 000 betaler { $large }
accounts-paid-title-same = Små og store kommunar betaler om lag det same per innbyggjar i året: { $small } og { $large }
accounts-paid-title-plain = Kva kommunane betaler i året, etter storleik
accounts-paid-subtitle = Fakturert per innbyggjar i kvar kommune frå { $first } til { $last }, kroner utan mva. Kvar prikk er ein kommune. Dei stipla linjene skil storleikane i tabellen.
accounts-paid-inhabitants = innbyggjarar (logaritmisk skala)
accounts-paid-kr = kroner
accounts-paid-words = Kva { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    } betalte, etter innbyggjartal. Snitt: { $means }.
accounts-paid-mean = { $size }: { $amount }
accounts-paid-caption = Kva kommunane betaler, etter storleik
accounts-paid-municipalities = Kommunar
accounts-paid-mean_kr = Snitt per kommune
accounts-paid-least = Lågast
accounts-paid-most = Høgast
accounts-paid-each = Kroner per innbyggjar
accounts-paid-none = Ingen kommune er fakturert i perioden, eller så kan beløpa ikkje visast per kommune.
accounts-invoiced-subtitle-new = Fakturert per månad, kroner utan mva., { $first }–{ $last }. Rekneskapen manglar same månader året før.
contents-pris-per-kommune = Pris per kommune
contents-fakturert = Fakturert
