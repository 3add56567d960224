### Det sida om bruk seier, på nynorsk: vala, svaret og nøkkeltala. Resten står på bokmål.

filter-maal = Talt i
filter-gruppe = Samanlikn med
filter-sammenlign = Eigne val
usage-borders-naa = Dagens
usage-borders-da = Frå den tida
usage-periods = { $n } månader
usage-country = Heile landet
usage-channel- = Alle kanalar
usage-channel-NHN = Helsenettet
usage-channel-UNKNOWN = Ikkje kjend
usage-channel-in-SVARINN = {" "}gjennom SvarInn
usage-channel-in-UNKNOWN = {" "}utan kjend kanal
usage-group-SIMILAR = Dei { $n } mest like
usage-group-COUNTRY = Landet utan Oslo
usage-group-in-SIMILAR = dei { $n } mest like kommunane
usage-group-in-COUNTY = dei andre kommunane i { $name }
usage-group-in-NETWORK = dei andre kommunane i { $name }
usage-group-in-COUNTRY = landet utan Oslo
usage-dispatches = forsendingar
usage-answer-sent = { $name } sende { $n } { $what } med { $service } i { $month }.
usage-answer-sent-rate = { $name } sende { $n } { $what } med { $service } i { $month }, { $rate } per 1 000 innbyggjarar.
usage-answer-measured = { $name } hadde { $n } { $what } med { $service } i { $month }.
usage-answer-measured-rate = { $name } hadde { $n } { $what } med { $service } i { $month }, { $rate } per 1 000 innbyggjarar.
usage-answer-country = { $municipalities } { $noun } sende { $n } { $what } med { $service } i { $month }.
usage-answer-country-median = Medianen er { $median } per 1 000 innbyggjarar.
usage-answer-none = Ingen har meldt { $what } i { $service } frå { $name } i { $month }. Manglande tal tyder ikkje null bruk.
usage-answer-last = Siste månad med tal er { $month }.
usage-answer-compared = Det er { $what }.
usage-answer-incomplete = Talet kan vere for lågt: minst éi forventa levering manglar.
usage-above = over medianen på { $median } for { $group }
usage-below = under medianen på { $median } for { $group }
usage-at = likt med medianen på { $median } for { $group }
usage-figure-no_year = Ingen tal for same månad året før.
usage-figure-gap = Ingen har meldt tal. Det tyder ikkje null bruk.
usage-figure-rate = Per 1 000 innbyggjarar
usage-figure-channel_only = Berre vald kanal; medianen finst for alle kanalar samla.
usage-figure-group = Median { $median } for { $group }; { $n } av { $members } har tal.
usage-figure-no_group = Samanlikning finst berre med dagens kommunegrenser.
usage-figure-no_median = For få har tal til ein median for { $group }.
usage-figure-no_median-because = Ingen median for { $group }: { $why }.
usage-median-FEW_MEMBERS = gruppa har færre enn tre andre kommunar
usage-median-NOT_MEASURED = ingen har meldt tal frå dei andre i gruppa
usage-median-FEW_FIGURES = færre enn tre av dei andre har tal
usage-median-NO_INHABITANTS = innbyggjartalet manglar
usage-figure-median = Median per 1 000 innbyggjarar
usage-figure-quartiles = Halvparten av kommunane ligg mellom { $q1 } og { $q3 }. Landet utan Oslo.
usage-figure-no_quartiles = Landet utan Oslo. Færre enn fem kommunar har tal.
usage-figure-municipalities = Kommunar som sende
usage-figure-municipalities-measured = Kommunar med tal
usage-figure-digital = Digital del
usage-provisional = førebels
usage-figure-print = Kostnad for papirpost
usage-figure-print-words = på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }, for { $sheets } ark; { $part } av forsendingane gjekk på papir
usage-figure-year = Siste tolv månader
usage-figure-year-words = { $n } av 12 månader har tal
usage-figure-products = Tenester med tal
usage-trend-title = { $name } låg over medianen i { SPELLED($above, one: "éin") } av { $n ->
        [12] dei siste tolv månadene
       *[other] dei { SPELLED($n) } månadene med tal det siste året
    }
usage-trend-title-never = { $name } låg ikkje over medianen i nokon av { $n ->
        [12] dei siste tolv månadene
       *[other] dei { SPELLED($n) } månadene med tal det siste året
    }
usage-trend-title-country = Medianen er { $now } per 1 000 innbyggjarar, mot { $then } i { $month }
