### Det sida om ei teneste seier, på nynorsk.

service-answer-USE = { $use }, og { $n } { $noun } hadde tenesta i bruk i { $month }.
service-answer-EVENT = { $use }, og { $n } { $noun } hadde aktivert tenesta i { $month }.
service-answer-unmeasured-USE = { $who } hadde { $name } i bruk i { $month }. Kor mykje dei brukte tenesta, blir ikkje målt.
service-answer-unmeasured-EVENT = { $who } hadde aktivert { $name } i { $month }. Bruken blir ikkje målt.
service-customers = { $n ->
        [one] { $n } kunde
       *[other] { $n } kundar
    }
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
service-outlook-caption = Framskriven bruk per månad
service-customers-title = { $n } { $noun } har signert vedlegg for { $name }
service-customers-title-unknown = { $n } { $noun } har teke i bruk { $name }; kven som har signert vedlegg, er ukjent
service-customers-title-EVENT = { $n } { $noun } har aktivert { $name }; kven som har signert vedlegg, er ukjent
service-customers-subtitle = { $kinds } i { $month }. Kundar som er avslutta, er ikkje med.
service-customers-unlisted = Tabellen har òg { $n }, som ikkje er på den siste lista til kjelda og ikkje er med i talet.
service-customers-open = Vis { $n } kundar
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
contents-regnskap = Rekneskap
service-messages-title = { $n ->
        [one] { $n } kjend driftsmelding
       *[other] { $n } kjende driftsmeldingar
    } om { $name }, den siste frå { $month }
service-messages-subtitle = Når kvar melding stod, og kva ho gjaldt. Tida seier ikkje kor lenge noko var nede, og få meldingar tyder ikkje få feil: mykje vart meldt på andre måtar.
service-messages-none = Inga driftsmelding om { $name } er kjend. Det tyder ikkje at tenesta ikkje har hatt feil.
service-operation-title = Støtte og drift
service-uptake-subtitle-one = Kundar i { $first }, heile landet.
service-uptake-words-one = Kundar: { $first } i { $first_month }.
service-compare-answer = { $one } { $other }
service-template-months = { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
service-template-months-one = { $n } månad
service-template-years = { $n } år og { $months ->
        [one] { $months } månad
       *[other] { $months } månader
    }
service-template-years-one = { $n } år og { $months ->
        [one] { $months } månad
       *[other] { $months } månader
    }
service-actual-words = { $quantity } { $unit }, { $period }
service-actual-some = i { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } som er målte
service-outlook-none = Forventa bruk: framskriving krev minst åtte månader med målt bruk over null. Metoden må òg treffe betre enn siste månad eller snittet.
service-outlook-words = Heile landet, { $first }–{ $last }. I den siste månaden er lågt anslag { $low } og høgt { $high }. Metode: { $method }. { $error }
service-outlook-untried = Feilen er ikkje kjend: summen av tala i dei testa månadene er null.
service-method-LAST_VALUE = siste månad gjeld vidare
service-method-MEAN = snittet av det siste året
service-method-DRIFT = siste månad og den jamne endringa det siste året
service-method-SEASONAL_NAIVE = same månad året før
service-method-SEASONAL_GROWTH = same månad året før, gonger veksten frå år til år
service-method-THETA = trend og glatta nivå
service-method-SEASONAL_THETA = trend og glatta nivå, med sesong
service-kind-MUNICIPALITY-one = { $n } kommune
service-kind-COUNTY-one = { $n } fylkeskommune
value-adoptable_by-MUNICIPALITY = kommunar
value-adoptable_by-COUNTY = fylkeskommunar
value-adoptable_by-COMPANY = kommunale føretak
value-adoptable_by-OTHER = andre
service-support-one = { $name } { $rate }
service-channel-ALTINN = Altinn
service-channel-NHN = Norsk helsenett
service-channel-SVARINN = SvarInn
made-service-use = **Bruk**: forsendingar, eller det målet som seier mest om tenesta (oppslag, meldingar, kontoar), summert for heile landet. Eit mål som viser eit nivå, til dømes kontoar, blir ikkje summert. Då gjeld siste månad.
made-service-customers = **Kunde**: kommune, fylkeskommune eller anna verksemd som har teke eit steg frå avtale til bruk. Signeringsdagen for vedlegget er den siste som er meld. For lister utan dato er han den seinast moglege.
made-service-forecast = **Framskriving**: laga med metoden som trefte best då han vart testa på kjende månader. Feilen er summen av avvika delt på summen av dei faktiske tala. Han er målt i månader som ikkje vart brukte til å velje metode.
made-service-delivery = **Leveringstid**: frå forsendinga vart laga til ho først var levert. Berre leverte forsendingar tel. Ein månad er førebels til han er eldre enn 95 av 100 forsendingar tok før.
made-service-systems = **Fagsystem og leverandør**: slik avsendaren oppgir dei, kopla gjennom registeret «source_system». Talet på forsendingar per fagsystem blir vist berre for heile landet.
made-service-price = **Sjølvkostpris**: prisen som akkurat dekkjer kostnaden, medrekna den delen av tidlegare over- eller underskot som høyrer til året.
service-messages-twice = { $n ->
        [one] Éi melding overlappar ei tidlegare av same type og årsak, og er truleg same hending.
       *[other] { $n } meldingar overlappar ei tidlegare av same type og årsak, og er truleg same hending.
    }
made-service-messages = **Driftsmelding**: ei melding om drift som vart vist brukarane. Tidene seier når ho vart lagd ut og teken ned, ikkje når ein feil byrja og slutta. Diagram over bruk merkjer dei lengste, men berre der både meldingane og tala er ekte.
