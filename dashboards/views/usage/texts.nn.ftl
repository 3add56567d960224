### Det sida om bruk seier, på nynorsk.

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
usage-trend-title = { $name } låg over medianen i { SPELLED($above, singular: "éin") } av { $n ->
        [12] dei siste tolv månadene
       *[other] dei { SPELLED($n) } månadene med tal det siste året
    }
usage-trend-title-never = { $name } låg ikkje over medianen i nokon av { $n ->
        [12] dei siste tolv månadene
       *[other] dei { SPELLED($n) } månadene med tal det siste året
    }
usage-trend-title-country = Medianen er { $now } per 1 000 innbyggjarar, mot { $then } i { $month }
filter-kommune = Kommune
filter-kanal = Kanal
filter-grenser = Kommunegrenser
filter-perioder = Periode
usage-channel-SDP = Digital postkasse
usage-channel-PRINT = Papir
usage-channel-in-SDP = {" "}til digital postkasse
usage-channel-in-ALTINN = {" "}til Altinn
usage-channel-in-NHN = {" "}på Helsenettet
usage-channel-in-PRINT = {" "}på papir
usage-group-COUNTY = Fylket: { $name }
usage-group-NETWORK = Nettverket: { $name }
usage-figure-sent = { $what } i { $month }
usage-figure-no_median-country = Ingen median: { $why }.
usage-figure-municipalities-words = med { $service } i { $month }
usage-figure-products-words = { $n } i { $month }
usage-old-title = Utgåva har ikkje tal per kommune
usage-old-lacks = Utgåve { $release } vart laga før ho fekk tala sida treng: { $datasets }.
usage-old-none = Utgåve { $release } har ingen bruk: inga kjelde har levert tal.
usage-ended-link = Vis { $name }
usage-empty-title = Ingen tal for { $service } i { $name }
usage-empty-title-measured = Ingen { $what } i { $service } frå { $name }
usage-empty-nobody = Ingen melder bruk av denne tenesta. Det tyder ikkje at ho ikkje er i bruk.
usage-empty-municipality = Andre kommunar har tal, men ingen har meldt bruk frå { $name } mellom { $first } og { $last }. Det kan tyde at tenesta ikkje er i bruk her, eller at ingen melder det.
usage-empty-measured = Andre kommunar har tal, men ingen har meldt { $what } frå { $name } mellom { $first } og { $last }. Det kan tyde at det ikkje finst nokon her, eller at ingen melder det.
usage-empty-then = Med grensene frå den tida gjeld nummeret { $code } berre så lenge det var i bruk. [Vis grensene i dag]({ $link }).
usage-empty-near = Næraste med tal: { $links }.
usage-gaps = Forventa leveringar frå { $name } manglar i { $months } (siste { $day }). Tala for dei månadene kan vere for låge. Manglande tal tyder ikkje null bruk.
usage-gaps-country = Forventa leveringar manglar frå inntil { $n } { $noun } i { $months }. Tala kan vere for låge.
usage-who = Kven
usage-median = Median
usage-axis-rate = Per 1 000 innbyggjarar
usage-axis-rate-log = Per 1 000 innbyggjarar (logaritmisk skala)
usage-axis-rate-sqrt = Per 1 000 innbyggjarar (kvadratrotskala)
usage-axis-digital = Digital del
usage-axis-sent = Forsendingar
usage-axis-measured = Tal
usage-axis-kroner = Kroner
usage-trend-title-plain = { $what } med { $service }, månad for månad
usage-trend-title-change = { $what } med { $service }: { $change }
usage-trend-subtitle = { $what } per 1 000 innbyggjarar, { $service }, { $first }–{ $last }, { $name }.
usage-trend-subtitle-count = Talet på { $what }, { $service }, { $first }–{ $last }, { $name }.
usage-trend-band = Bandet er den midtarste halvparten av { $group }, den stipla linja medianen.
usage-trend-band-country = Bandet er den midtarste halvparten av kommunane.
usage-trend-median = Den stipla linja er medianen; bandet krev fem kommunar med tal.
usage-trend-channel = Medianen og bandet finst berre for alle kanalar samla.
usage-trend-then = Med grensene frå den tida finst det ingen grupper. Innbyggjartalet manglar når det gamle nummeret ikkje svarer til eitt av nummera i dag.
usage-trend-empty = { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } i perioden har ingen tal (..): { $n ->
        [one] han
       *[other] dei
    } manglar, og er ikkje null.
usage-trend-no_median = { $n } { $months } utan median: { $why }.
usage-trend-unsure = Open prikk: talet kan bli endra.
usage-trend-words = { $name }, { $axis }: { $first } i { $first_month }, { $last } i { $last_month }.
usage-trend-words-median = Medianen i gruppa er { $median }.
usage-trend-words-none = Ingen tal i perioden.
usage-service-one = teneste
usage-service-many = tenester
usage-system-one = fagsystem
usage-system-many = fagsystem
usage-month-one = månad
usage-month-many = månader
usage-estimated = Rekna ut for { $first } til { $last }: ein kommune som vart delt, er fordelt etter oppgjevne vekter.
usage-strip-title = { $name } er nummer { $rank } av { $n } i { $month }
usage-strip-title-missing = { $name } har ingen tal i { $month }
usage-strip-title-country = Kommunane har frå { $least } til { $most } per 1 000 innbyggjarar
usage-strip-title-none = Ingen kommunar har tal i månaden
usage-strip-subtitle = { $what } per 1 000 innbyggjarar, { $service }, { $month }, { $group }. Éin prikk er éin kommune.
usage-strip-missing = Ikkje med, fordi tal manglar: { $names }.
usage-strip-words = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    }, frå { $least } ({ $least_name }) til { $most } ({ $most_name }).
usage-strip-title-then = Samanlikning med andre
usage-strip-none = Samanlikninga følgjer grensene i dag. [Vis grensene i dag]({ $link }).
usage-country-only = Dette talet blir berre vist for heile landet, av omsyn til personvernet.
usage-all_municipalities = alle kommunar
usage-digital-title = { $part } vart levert digitalt; medianen er { $median }
usage-digital-title-alone = { $part } vart levert digitalt
usage-digital-title-none = Digital del
usage-digital-title-country = Mediankommunen leverer { $part } digitalt
usage-digital-subtitle = Del av leverte forsendingar som ikkje gjekk på papir, { $service }, alle kanalar, { $name }.
usage-digital-provisional = Førebels for { $months }: brev som ingen les digitalt, kan enno gå på papir.
usage-print-title = Papirposten kosta { $cost } på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
usage-print-title-none = Kostnad for papirpost
usage-print-title-nothing = Ingenting gjekk på papir på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
usage-print-subtitle-nothing = { $service }, { $name }: ingen kostnad til produksjon og porto.
usage-print-subtitle = Kroner per månad utan mva., { $service }, { $name }. { $part } av forsendingane på { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } gjekk på papir, på { $sheets } ark: produksjon { $production } og porto { $postage }.
usage-print-whose = Dette er kostnaden til avsendaren sjølv. Han er ikkje med i produktrekneskapen.
usage-print-production = Produksjon
usage-print-postage = Porto
usage-print-what = Kva
usage-print-sheets = Ark
usage-channels-title = { $channel } er største kanal, med { $part }
usage-channels-title-unknown = Kanalen er ikkje kjend for { $part } av forsendingane
usage-channels-title-untold = Inga kjelde seier kva kanal forsendingane gjekk i
usage-channels-title-none = Kanalar
usage-channels-subtitle = Forsendingar per kanal, { $service }, siste { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } med tal, { $name }.
usage-channels-words = Forsendingar per kanal: { $channels }.
usage-products-title = { $name } har tal for { $n } { $noun }
usage-products-title-country = { $n } { $noun } har tal i landet
usage-products-subtitle = Månad for månad, { $first }–{ $last }, { $name }. Kvart vesle diagram har eigen skala frå null. Talet gjeld { $month }, samanlikna med same månad året før.
usage-products-country = Forsendingar gjeld kommunane; andre tal gjeld alle verksemder.
usage-products-none = { $n ->
        [one] { $n } anna teneste
       *[other] { $n } andre tenester
    } rapporterer ikkje bruk her; det tyder ikkje at { $n ->
        [one] ho
       *[other] dei
    } ikkje er i bruk.
usage-products-table = Vis tala som tabell, og last ned
usage-card-none = ingen har meldt tal
usage-card-awaited = kjem sju verkedagar etter at månaden er slutt
usage-changed = Mest endra på eitt år: { $what }.
usage-changed-none = Ingenting er endra på eitt år.
usage-changed-unknown = Endring kan ikkje visast: ingen tal for { $month }.
usage-connections-title = { $n } { $noun } sende med { $service }
usage-connections-title-most = { $n } { $noun } sende med { $service }; { $system } stod for { $part }
usage-connections-title-none = Fagsystem og leverandørar for { $service }
usage-connections-subtitle = Forsendingar per fagsystem og leverandør, { $name }, tolv månader til og med { $month }.
usage-connections-bands = Tala er oppgjevne i intervall, lagde saman for kontoar og månader. 0–9 kan tyde ingen. Nøyaktige tal er berre for verksemda sjølv og for DIF.
usage-connections-closed = Fagsystem og leverandørar blir viste for eigen organisasjon, for nettverk som kommunen er med i, og for DIF.
usage-connections-none = Ingen tilknytingar er registrerte dei siste tolv månadene.
usage-connections-measured = Fagsystem er berre kjent for forsendingar, ikkje for annan bruk.
usage-connections-caption = Fagsystem og leverandørar
usage-connections-system = Fagsystem
usage-connections-month = I månaden
usage-connections-not_stated = Ikkje oppgjeve, eller skjerma
usage-mapping-UNMAPPED = ikkje i registeret
column-supplier = Leverandør
column-failed = Feila
column-twelve_months = Tolv månader
column-last_seen = Sist sett
column-year_before = Året før
column-all_channels = Alle kanalar
column-printed = På papir
column-own = Denne kommunen
column-chosen = Eige val
column-n = Har tal
column-per_1000_inhabitants = Per 1 000 innbyggjarar
usage-made-dispatches = **Forsendingar**: kor mange som vart oppretta kvar dag, norsk tid, uansett om dei kom fram. Per 1 000 innbyggjarar: delt på innbyggjarane 1. januar i året.
usage-made-groups = **Grupper**: dei mest like er dei ti næraste i innbyggjarar og i innbyggjarar innan 50 km frå midtpunktet i kommunen. Kommunen sjølv er ikkje med i gruppa. Medianen krev tre kommunar, bandet (kvartilane) fem. Dei som ingen har meldt tal frå i månaden, er utelatne, ikkje rekna som null.
usage-made-digital = **Digital del**: del av leverte forsendingar som ikkje gjekk på papir. Førebels til sju verkedagar etter at månaden er slutt. Papirdelen er rekna av alle forsendingar, òg dei som ikkje er leverte.
usage-made-measured = **Annan bruk**: oppslag, meldingar, søknader, kontoar og adapterar, slik dei er melde. Førespurnader til brukarstøtta er ikkje bruk. For kontoar og adapterar gjeld talet ved utgangen av månaden.
usage-made-borders = **Kommunegrenser**: grensene i dag er inndelinga frå 2024, grensene frå den tida er dei som gjaldt i månaden. Ein kommune som vart delt, er fordelt etter oppgjevne vekter, og er merkt som rekna ut.
usage-made-gaps = **Manglande tal**: ein månad utan melde tal er ukjend, ikkje null. Manglar ei forventa levering, er talet for månaden usikkert. Det er kjent for dei siste 92 dagane før utgåva.
contents-maaneder = Utvikling
contents-gruppe = Kommunane
contents-digitalt = Digital del
contents-papir = Papir
contents-kanaler = Kanalar
contents-alle-tjenester = Alle tenester
usage-channel-SVARINN = SvarInn
usage-channel-ALTINN = Altinn
usage-channels-label = { $n } ({ $part })
usage-changed-one = { $name } { $change } ({ $what })
column-title_nb = Mål
column-title_en = Mål (engelsk)
column-kind = Slag
