### Det sida om ei teneste seier, på nynorsk. Det som manglar, står på bokmål.

service-answer-USE = { $use }, og { $n } { $noun } hadde tenesta i bruk i { $month }.
service-answer-EVENT = { $use }, og { $n } { $noun } hadde aktivert tenesta i { $month }.
service-answer-unobserved = { $use }, og inga kjelde har meldt kven som har teke tenesta i bruk.
service-uptake = Sjå kvar tenesta er teken i bruk, og kven som står for tur
service-uptake-title-USE = { $n } { $noun } hadde tenesta i bruk i { $month }
service-uptake-title-EVENT = { $n } { $noun } hadde aktivert tenesta i { $month }
service-customers-without = { $n } { $noun } bruker tenesta utan at vedlegget er signert: { $who }.
service-uptake-title-year = { $text }, { $change } for eitt år sidan
service-uptake-subtitle = Kundar per månad, { $first }–{ $last }, heile landet.
service-uptake-both = I grå månader veit vi berre at tenesta var aktivert, ikkje om ho vart brukt.
service-uptake-words = Kundar per månad: { $first } i { $first_month }, { $last } i { $last_month }.
service-uptake-caption = Kundar per månad
service-compare = Samanlikn med
service-compare-none = inga anna teneste
service-compare-title = { $one } og { $other }
service-compare-same = { $name } kan ikkje samanliknast med seg sjølv. Vel ei anna teneste.
service-compare-scale = Kurvene over kundar har same skala. Bruken har kvar sin, for tenestene blir ikkje målte likt.
service-compare-close = Lukk samanlikninga
service-compare-whole = Sjå alt om { $name }
service-gaps-catalogue = Produktkatalogen manglar { $n } av { $all } opplysningar
service-gaps-both = { $catalogue }, og { $others }
service-gaps-others = { $n ->
        [one] { $n } anna forhold er ikkje kjent
       *[other] { $n } andre forhold er ikkje kjende
    }
service-gaps-owner = Den som eig produktet, fører opplysningane i produktkatalogen.
service-about-source = Kjelde til opplysningane: { $source }.
service-template-title = Malar for avtale og risikovurdering
service-template-caption = Malar, utgåve og alder
service-template-kind = Kva
service-template-name = Mal
service-template-version = Utgåve
service-template-age = Alder
service-template-undated = går ikkje fram av utgåva
service-template-ahead = gjeld frå ein seinare dato
service-expected-title = Forventa og faktisk bruk
service-expected = Forventa
service-actual = Faktisk
service-actual-twelve = siste tolv månader
service-actual-month = i { $month }
service-actual-none = ikkje kjent: inga kjelde måler bruken
service-use-foreseen = Lyse søyler er prognose, og streken viser spennet frå lågt til høgt overslag.
service-use-label = Framskrive
service-outlook-title-FLOW = Forventa bruk: { $quantity } { $unit } dei neste { $n } månadene
service-outlook-title-STOCK = Forventa bruk: { $quantity } { $unit } i { $month }
service-outlook-title-none = Bruken er ikkje framskriven
service-outlook-open = Framskrivinga: metode, feil og tal per månad
service-outlook-caption = Framskriven bruk per månad
service-customers-title = { $n } { $noun } har signert vedlegg for { $name }
service-customers-title-unknown = { $n } { $noun } har teke i bruk { $name }; kven som har signert vedlegg, er ukjent
service-customers-title-EVENT = { $n } { $noun } har aktivert { $name }; kven som har signert vedlegg, er ukjent
service-customers-subtitle = { $kinds } i { $month }. Kundar som er avslutta, er ikkje med.
service-customers-unlisted = Tabellen har òg { $n }, som ikkje er på den siste lista til kjelda og ikkje er med i talet.
service-customers-caption = Kundar og vedlegg
service-kind-MUNICIPALITY = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    }
service-kind-COUNTY = { $n ->
        [one] { $n } fylkeskommune
       *[other] { $n } fylkeskommunar
    }
service-kind-OTHER = { $n } andre kundar
service-kind-OTHER-one = { $n } annan kunde
column-customer = Kunde
column-customer_kind = Kva slags kunde
column-customer_standing = Status
column-annexed_on = Vedlegg signert
value-customer_kind-MUNICIPALITY = kommune
value-customer_kind-COUNTY = fylkeskommune
value-customer_kind-COMPANY = kommunalt føretak
value-customer_kind-OTHER = annan
value-customer_standing-IN_USE = i bruk
value-customer_standing-ACTIVATED = aktivert
value-customer_standing-IDLE = aktivert, ikkje brukt siste 90 dagar
value-customer_standing-ANNEX_SIGNED = vedlegg signert
value-customer_standing-CONFIGURED = sett opp
value-customer_standing-NOT_LISTED = ikkje på den siste lista til kjelda
value-customer_standing-SUSPENDED = sett på pause
service-support-title = { $rate } førespurnader i månaden per 100 kundar; { $n } av { $all ->
        [one] { $all } anna teneste
       *[other] { $all } andre tenester
    } har fleire
service-support-subtitle = Førespurnader per 100 aktive kundar i månaden, { $first }–{ $last }, i månader der begge er kjende. Heile landet.
service-support-open = Alle tenester
service-support-axis = Førespurnader per 100 kundar i månaden
service-support-words = Førespurnader per 100 kundar i månaden: { $listed }.
column-requests = Førespurnader
column-customer_months = Kundemånader
column-per_100 = Per 100 kundar i månaden
column-customers = Kundar
service-systems-some = Berre tilknytingar som du kan sjå, er med: { $whose }.
service-systems-own = eigen organisasjon
service-systems-members = medlemer av nettverka dine
service-systems-closed = Leverandørar og fagsystem blir ikkje viste for rolla di
service-systems-closed-text = Dei seier kva system den einskilde kommunen bruker, og er for kommunen sjølv, nettverket og DIF.
service-delivery-title = Halvparten er levert innan { $quick } med { $by_quick }, og innan { $slow } med { $by_slow }
service-delivery-title-one = Halvparten av forsendingane er levert innan { $time }
service-delivery-subtitle = Tid frå forsendinga vart laga til ho først var levert, per kanal, heile landet, { $month }.
service-delivery-provisional = førebels
service-delivery-note = Førebels for { $channels }: det som ikkje er levert enno, er ikkje med, så tidene kan stige.
service-delivery-caption = Leveringstid per kanal
service-delivery-channel = Kanal
service-delivery-p50 = Halvparten innan
service-delivery-p90 = 9 av 10 innan
service-delivery-p99 = 99 av 100 innan
service-delivery-dispatches = Leverte forsendingar
service-minutes = { $n } minutt
service-minutes-one = { $n } minutt
service-hours = { $n } timar
service-days = { $n } døgn
service-channel-SDP = digital postkasse
service-channel-PRINT = brev på papir
service-channel-UNKNOWN = kanal ikkje oppgjeven
service-accounts-title = Tenesta har eit resultat på { $result } så langt i { $year }
service-accounts-title-none = Ingen bilag er førte på tenesta i { $year }
service-accounts-subtitle = Eigen rekneskap, { $months }, utan mva. Berre for dei som kan sjå produktrekneskapen.
service-accounts-link = Sjå heile produktrekneskapen
service-accounts-not_in_release = Utgåve { $release } har ikkje produktrekneskap.
service-price-today = Pris i dag
service-price-base = Grunnpris i dag
service-price-words = { $element }; sjølvkostpris { $self_cost } i { $year }
service-price-words-more = { $element }; sjølvkostpris { $self_cost } i { $year }; { $n } prisar til i tabellen
service-price-none = manglar: ingen pris er rekna ut
contents-bruk = Bruk
contents-utbredelse = Utbreiing
contents-kunder = Kundar
contents-brukerstotte = Brukarstøtte
contents-leveringstid = Leveringstid
contents-regnskap = Rekneskap
contents-driftsmeldinger = Driftsmeldingar
service-messages-title = { $n ->
        [one] { $n } kjend driftsmelding
       *[other] { $n } kjende driftsmeldingar
    } om { $name }, den siste frå { $month }
service-messages-subtitle = Når kvar melding stod, og kva ho gjaldt. Tida seier ikkje kor lenge noko var nede, og få meldingar tyder ikkje få feil: mykje vart meldt på andre måtar.
service-messages-caption = Driftsmeldingar, nyaste først
service-messages-open = Alle meldingar
service-messages-none = Inga driftsmelding om { $name } er kjend
