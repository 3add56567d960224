### What the page about use says. Bokmål and English, in plain words.

## filters

filter-kommune = Kommune
filter-maal = Telles i
filter-kanal = Kanal
filter-gruppe = Sammenlign med
filter-sammenlign = Egne valg
filter-grenser = Kommunegrenser
filter-perioder = Periode
usage-borders-naa = Dagens
usage-borders-da = Datidens
usage-periods = { $n } måneder
usage-country = Hele landet
usage-channel- = Alle kanaler
usage-channel-SVARINN = SvarInn
usage-channel-SDP = Digital postkasse
usage-channel-ALTINN = Altinn
usage-channel-NHN = Helsenettet
usage-channel-PRINT = Papir
usage-channel-UNKNOWN = Ikke kjent
usage-channel-in-SVARINN = {" "}gjennom SvarInn
usage-channel-in-SDP = {" "}til digital postkasse
usage-channel-in-ALTINN = {" "}til Altinn
usage-channel-in-NHN = {" "}på Helsenettet
usage-channel-in-PRINT = {" "}på papir
usage-channel-in-UNKNOWN = {" "}uten kjent kanal
usage-group-SIMILAR = De { $n } mest like
usage-group-COUNTY = Fylket: { $name }
usage-group-NETWORK = Nettverket: { $name }
usage-group-COUNTRY = Landet uten Oslo
usage-group-in-SIMILAR = de { $n } mest like kommunene
usage-group-in-COUNTY = de andre kommunene i { $name }
usage-group-in-NETWORK = de andre kommunene i { $name }
usage-group-in-COUNTRY = landet uten Oslo

## the answer

usage-dispatches = forsendelser
usage-answer-sent = { $name } sendte { $n } { $what } med { $service } i { $month }.
usage-answer-sent-rate = { $name } sendte { $n } { $what } med { $service } i { $month }, { $rate } per 1 000 innbyggere.
usage-answer-measured = { $name } hadde { $n } { $what } med { $service } i { $month }.
usage-answer-measured-rate = { $name } hadde { $n } { $what } med { $service } i { $month }, { $rate } per 1 000 innbyggere.
usage-answer-country = { $municipalities } { $noun } sendte { $n } { $what } med { $service } i { $month }.
usage-answer-country-median = Medianen er { $median } per 1 000 innbyggere.
usage-answer-none = Ingen har meldt { $what } i { $service } fra { $name } i { $month }. Manglende tall betyr ikke null bruk.
usage-answer-last = Siste måned med tall er { $month }.
usage-answer-compared = Det er { $what }.
usage-answer-incomplete = Tallet kan være for lavt: minst én forventet levering mangler.
usage-above = over medianen på { $median } for { $group }
usage-below = under medianen på { $median } for { $group }
usage-at = på linje med medianen på { $median } for { $group }

## key figures

usage-figure-sent = { $what } i { $month }
usage-figure-no_year = Ingen tall for samme måned året før.
usage-figure-gap = Ingen har meldt tall. Det betyr ikke null bruk.
usage-figure-rate = Per 1 000 innbyggere
usage-figure-channel_only = Bare valgt kanal; medianen finnes for alle kanaler samlet.
usage-figure-group = Median { $median } for { $group }; { $n } av { $members } har tall.
usage-figure-no_group = Sammenligning finnes bare med dagens kommunegrenser.
usage-figure-no_median = For få har tall til en median for { $group }.
usage-figure-no_median-because = Ingen median for { $group }: { $why }.
usage-figure-no_median-country = Ingen median: { $why }.
usage-median-FEW_MEMBERS = gruppen har færre enn tre andre kommuner
usage-median-NOT_MEASURED = ingen har meldt tall fra de andre i gruppen
usage-median-FEW_FIGURES = færre enn tre av de andre har tall
usage-median-NO_INHABITANTS = innbyggertallet mangler
usage-figure-median = Median per 1 000 innbyggere
usage-figure-quartiles = Halvparten av kommunene ligger mellom { $q1 } og { $q3 }. Landet uten Oslo.
usage-figure-no_quartiles = Landet uten Oslo. Færre enn fem kommuner har tall.
usage-figure-municipalities = Kommuner som sendte
usage-figure-municipalities-measured = Kommuner med tall
usage-figure-municipalities-words = med { $service } i { $month }
usage-figure-digital = Digital andel
usage-provisional = foreløpig
usage-figure-print = Kostnad for papirpost
usage-figure-print-words = på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }, for { $sheets } ark; { $part } av forsendelsene gikk på papir
usage-figure-year = Siste tolv måneder
usage-figure-year-words = { $n } av 12 måneder har tall
usage-figure-products = Tjenester med tall
usage-figure-products-words = { $n } i { $month }

## states

usage-old-title = Utgaven har ikke tall per kommune
usage-old-lacks = Utgave { $release } ble laget før den fikk tallene siden trenger: { $datasets }.
usage-old-none = Utgave { $release } har ingen bruk: ingen kilde har levert tall.
usage-ended-link = Vis { $name }
usage-empty-title = Ingen tall for { $service } i { $name }
usage-empty-title-measured = Ingen { $what } i { $service } fra { $name }
usage-empty-nobody = Ingen melder bruk av denne tjenesten. Det betyr ikke at den ikke er i bruk.
usage-empty-municipality = Andre kommuner har tall, men ingen har meldt bruk fra { $name } mellom { $first } og { $last }. Det kan bety at tjenesten ikke er i bruk her, eller at ingen melder det.
usage-empty-measured = Andre kommuner har tall, men ingen har meldt { $what } fra { $name } mellom { $first } og { $last }. Det kan bety at det ikke finnes noen her, eller at ingen melder det.
usage-empty-then = Med datidens grenser gjelder nummeret { $code } bare i den tiden det var i bruk. [Vis dagens grenser]({ $link }).
usage-empty-near = Nærmeste med tall: { $links }.
usage-gaps = Forventede leveringer fra { $name } mangler i { $months } (siste { $day }). Tallene for de månedene kan være for lave. Manglende tall betyr ikke null bruk.
usage-gaps-country = Forventede leveringer mangler fra inntil { $n } { $noun } i { $months }. Tallene kan være for lave.

## trend

usage-who = Hvem
usage-median = Median
usage-axis-rate = Per 1 000 innbyggere
usage-axis-rate-log = Per 1 000 innbyggere (logaritmisk skala)
usage-axis-rate-sqrt = Per 1 000 innbyggere (kvadratrotskala)
usage-axis-digital = Digital andel
usage-axis-sent = Forsendelser
usage-axis-measured = Antall
usage-axis-kroner = Kroner
usage-trend-title = { $name } lå over medianen i { SPELLED($above, singular: "én") } av { $n ->
        [12] de siste tolv månedene
       *[other] de { SPELLED($n) } månedene med tall det siste året
    }
usage-trend-title-never = { $name } lå ikke over medianen i noen av { $n ->
        [12] de siste tolv månedene
       *[other] de { SPELLED($n) } månedene med tall det siste året
    }
usage-trend-title-plain = { $what } med { $service }, måned for måned
usage-trend-title-change = { $what } med { $service }: { $change }
usage-trend-title-country = Medianen er { $now } per 1 000 innbyggere, mot { $then } i { $month }
usage-trend-subtitle = { $what } per 1 000 innbyggere, { $service }, { $first }–{ $last }, { $name }.
usage-trend-subtitle-count = Antall { $what }, { $service }, { $first }–{ $last }, { $name }.
usage-trend-band = Båndet er den midterste halvparten av { $group }, den stiplede linjen medianen.
usage-trend-band-country = Båndet er den midterste halvparten av kommunene.
usage-trend-median = Den stiplede linjen er medianen; båndet krever fem kommuner med tall.
usage-trend-channel = Medianen og båndet finnes bare for alle kanaler samlet.
usage-trend-then = Med datidens grenser finnes det ingen grupper. Innbyggertallet mangler når det gamle nummeret ikke svarer til ett av dagens.
usage-trend-empty = { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } i perioden har ingen tall (..): { $n ->
        [one] den
       *[other] de
    } mangler, og er ikke null.
usage-trend-no_median = { $n } { $months } uten median: { $why }.
usage-trend-unsure = Åpen prikk: tallet kan bli endret.
usage-trend-words = { $name }, { $axis }: { $first } i { $first_month }, { $last } i { $last_month }.
usage-trend-words-median = Medianen i gruppen er { $median }.
usage-trend-words-none = Ingen tall i perioden.
usage-service-one = tjeneste
usage-service-many = tjenester
usage-system-one = fagsystem
usage-system-many = fagsystemer
usage-month-one = måned
usage-month-many = måneder
usage-estimated = Anslått for { $first } til { $last }: en kommune som ble delt, er fordelt etter oppgitte vekter.

## strip

usage-strip-title = { $name } er nummer { $rank } av { $n } i { $month }
usage-strip-title-missing = { $name } har ingen tall i { $month }
usage-strip-title-country = Kommunene har fra { $least } til { $most } per 1 000 innbyggere
usage-strip-title-none = Ingen kommuner har tall i måneden
usage-strip-subtitle = { $what } per 1 000 innbyggere, { $service }, { $month }, { $group }. Én prikk er én kommune.
usage-strip-missing = Ikke med, fordi tall mangler: { $names }.
usage-strip-words = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    }, fra { $least } ({ $least_name }) til { $most } ({ $most_name }).
usage-strip-title-then = Sammenligning med andre
usage-strip-none = Sammenligningen følger dagens grenser. [Vis dagens grenser]({ $link }).
usage-country-only = Dette tallet vises bare for hele landet, av hensyn til personvernet.
usage-all_municipalities = alle kommuner

## digital and paper

usage-digital-title = { $part } ble levert digitalt; medianen er { $median }
usage-digital-title-alone = { $part } ble levert digitalt
usage-digital-title-none = Digital andel
usage-digital-title-country = Mediankommunen leverer { $part } digitalt
usage-digital-subtitle = Andel av leverte forsendelser som ikke gikk på papir, { $service }, alle kanaler, { $name }.
usage-digital-provisional = Foreløpig for { $months }: brev som ingen leser digitalt, kan ennå gå på papir.
usage-print-title = Papirposten kostet { $cost } på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
usage-print-title-none = Kostnad for papirpost
usage-print-title-nothing = Ingenting gikk på papir på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
usage-print-subtitle-nothing = { $service }, { $name }: ingen kostnad til produksjon og porto.
usage-print-subtitle = Kroner per måned uten mva., { $service }, { $name }. { $part } av forsendelsene på { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } gikk på papir, på { $sheets } ark: produksjon { $production } og porto { $postage }.
usage-print-whose = Dette er avsenderens egen kostnad. Den er ikke med i produktregnskapet.
usage-print-production = Produksjon
usage-print-postage = Porto
usage-print-what = Hva
usage-print-sheets = Ark

## channels

usage-channels-title = { $channel } er største kanal, med { $part }
usage-channels-title-unknown = Kanalen er ikke kjent for { $part } av forsendelsene
usage-channels-title-untold = Ingen kilde sier hvilken kanal forsendelsene gikk i
usage-channels-title-none = Kanaler
usage-channels-subtitle = Forsendelser per kanal, { $service }, siste { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } med tall, { $name }.
usage-channels-label = { $n } ({ $part })
usage-channels-words = Forsendelser per kanal: { $channels }.

## products

usage-products-title = { $name } har tall for { $n } { $noun }
usage-products-title-country = { $n } { $noun } har tall i landet
usage-products-subtitle = Måned for måned, { $first }–{ $last }, { $name }. Hvert lille diagram har egen skala fra null. Tallet gjelder { $month }, sammenlignet med samme måned året før.
usage-products-country = Forsendelser gjelder kommunene; øvrige tall gjelder alle virksomheter.
usage-products-none = { $n ->
        [one] { $n } annen tjeneste
       *[other] { $n } andre tjenester
    } rapporterer ikke bruk her; det betyr ikke at { $n ->
        [one] den
       *[other] de
    } ikke er i bruk.
usage-products-table = Vis tallene som tabell, og last ned
usage-card-none = ingen har meldt tall
usage-card-awaited = vises sju virkedager etter månedens slutt
usage-changed = Mest endret på ett år: { $what }.
usage-changed-one = { $name } { $change } ({ $what })
usage-changed-none = Ingenting er endret på ett år.
usage-changed-unknown = Endring kan ikke vises: ingen tall for { $month }.


## connections

usage-connections-title = { $n } { $noun } sendte med { $service }
usage-connections-title-most = { $n } { $noun } sendte med { $service }; { $system } sto for { $part }
usage-connections-title-none = Fagsystemer og leverandører for { $service }
usage-connections-subtitle = Forsendelser per fagsystem og leverandør, { $name }, tolv måneder til og med { $month }.
usage-connections-bands = Antallene er oppgitt i intervaller, lagt sammen for kontoer og måneder. 0–9 kan bety ingen. Nøyaktige tall vises bare for virksomheten selv og for DIF.
usage-connections-closed = Fagsystemer og leverandører vises for egen organisasjon, for nettverk som kommunen er med i, og for DIF.
usage-connections-none = Ingen tilknytninger er registrert de siste tolv månedene.
usage-connections-measured = Fagsystem er bare kjent for forsendelser, ikke for annen bruk.
usage-connections-caption = Fagsystemer og leverandører
usage-connections-system = Fagsystem
usage-connections-month = I måneden
usage-connections-not_stated = Ikke oppgitt, eller skjermet
usage-mapping-UNMAPPED = ikke i registeret
column-supplier = Leverandør
column-failed = Feilet
column-twelve_months = Tolv måneder
column-last_seen = Sist sett
column-year_before = Året før
column-all_channels = Alle kanaler
column-printed = På papir
column-own = Denne kommunen
column-chosen = Eget valg
column-n = Har tall
column-per_1000_inhabitants = Per 1 000 innbyggere
column-title_nb = Mål
column-title_en = Mål (engelsk)
column-kind = Slag

## how the numbers are made

usage-made-dispatches = **Forsendelser**: antall etter dagen de ble opprettet, norsk tid, uansett om de kom fram. Per 1 000 innbyggere: delt på innbyggerne 1. januar i året.
usage-made-groups = **Grupper**: de mest like er de ti nærmeste i innbyggere og i innbyggere innen 50 km fra kommunens midtpunkt. Kommunen selv er ikke med i gruppen. Median vises fra tre kommuner, båndet (kvartilene) fra fem. De som ingen har meldt tall fra i måneden, er utelatt, ikke regnet som null.
usage-made-digital = **Digital andel**: andel av leverte forsendelser som ikke gikk på papir. Foreløpig til sju virkedager etter månedens slutt. Papirandelen er regnet av alle forsendelser, også de som ikke er levert.
usage-made-measured = **Annen bruk**: oppslag, meldinger, søknader, kontoer og adaptere, slik de er meldt. Henvendelser til brukerstøtten er ikke bruk. For kontoer og adaptere gjelder tallet ved månedens slutt.
usage-made-borders = **Kommunegrenser**: dagens er inndelingen fra 2024, datidens er den som gjaldt i måneden. En kommune som ble delt, er fordelt etter oppgitte vekter, og er merket som anslått.
usage-made-gaps = **Manglende tall**: en måned uten meldte tall er ukjent, ikke null. Mangler en forventet levering, er månedens tall usikkert. Det er kjent for de siste 92 dagene før utgaven.
contents-maaneder = Utvikling
contents-gruppe = Kommunene
contents-digitalt = Digital andel
contents-papir = Papir
contents-kanaler = Kanaler
contents-alle-tjenester = Alle tjenester
