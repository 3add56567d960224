### What the page of a product says beside what its report says (`ledger`). Bokmål and English, in plain words.

service-answer-USE = { $use }, og { $n } { $noun } hadde tjenesten i bruk i { $month }.
service-answer-EVENT = { $use }, og { $n } { $noun } hadde aktivert tjenesten i { $month }.
service-answer-unmeasured-USE = { $who } hadde { $name } i bruk i { $month }. Hvor mye de brukte tjenesten, måles ikke.
service-answer-unmeasured-EVENT = { $who } hadde aktivert { $name } i { $month }. Bruken måles ikke.
service-municipalities = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    }
service-customers = { $n ->
        [one] { $n } kunde
       *[other] { $n } kunder
    }
service-answer-unobserved = { $use }, og ingen kilde har meldt hvem som har tatt tjenesten i bruk.
service-uptake = Se hvor tjenesten er tatt i bruk, og hvem som står for tur
service-uptake-title-USE = { $n } { $noun } hadde tjenesten i bruk i { $month }
service-uptake-title-EVENT = { $n } { $noun } hadde aktivert tjenesten i { $month }
service-uptake-title-year = { $text }, { $change } for ett år siden
service-uptake-subtitle = Kunder per måned, { $first }–{ $last }, hele landet.
service-uptake-subtitle-one = Kunder i { $first }, hele landet.
service-uptake-both = I grå måneder vet vi bare at tjenesten var aktivert, ikke om den ble brukt.
service-uptake-words = Kunder per måned: { $first } i { $first_month }, { $last } i { $last_month }.
service-uptake-words-one = Kunder: { $first } i { $first_month }.
service-uptake-caption = Kunder per måned
service-compare = Sammenlign med
service-compare-none = ingen annen tjeneste
service-compare-title = { $one } og { $other }
service-compare-answer = { $one } { $other }
service-compare-same = { $name } kan ikke sammenlignes med seg selv. Velg en annen tjeneste.
service-compare-scale = Kurvene over kunder har samme skala. Bruken har hver sin, for tjenestene måles ikke likt.
service-compare-close = Lukk sammenligningen
service-compare-whole = Se alt om { $name }
service-gaps-catalogue = Produktkatalogen mangler { $n } av { $all } opplysninger
service-gaps-others = { $n ->
        [one] { $n } annet forhold er
       *[other] { $n } andre forhold er
    } ikke kjent
service-gaps-both = { $catalogue }, og { $others }
service-gaps-owner = Den som eier produktet, fører opplysningene i produktkatalogen.
service-about-source = Kilde til opplysningene: { $source }.
service-template-title = Maler for avtale og risikovurdering
service-template-caption = Maler, utgave og alder
service-template-kind = Hva
service-template-name = Mal
service-template-version = Utgave
service-template-age = Alder
service-template-undated = framgår ikke av utgaven
service-template-ahead = gjelder fra en senere dato
service-template-months = { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    }
service-template-months-one = { $n } måned
service-template-years = { $n } år og { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }
service-template-years-one = { $n } år og { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }
service-expected-title = Forventet og faktisk bruk
service-expected = Forventet
service-actual = Faktisk
service-actual-words = { $quantity } { $unit }, { $period }
service-actual-twelve = siste tolv måneder
service-actual-some = i { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } som er målt
service-actual-month = i { $month }
service-actual-none = ikke kjent: ingen kilde måler bruken
service-use-foreseen = Lyse søyler er prognose, og streken viser spennet fra lavt til høyt anslag.
service-use-label = Framskrevet
service-outlook-title-FLOW = Forventet bruk: { $quantity } { $unit } de neste { $n } månedene
service-outlook-title-STOCK = Forventet bruk: { $quantity } { $unit } i { $month }
service-outlook-title-none = Bruken er ikke framskrevet
service-outlook-none = Forventet bruk: framskriving krever minst åtte måneder med målt bruk over null. Metoden må også treffe bedre enn siste måned eller snittet.
service-outlook-words = Hele landet, { $first }–{ $last }. I den siste måneden er lavt anslag { $low } og høyt { $high }. Metode: { $method }. { $error }
service-outlook-untried = Feilen er ikke kjent: tallene i de testede månedene summerer seg til null.
service-outlook-caption = Framskrevet bruk per måned
service-method-LAST_VALUE = siste måned gjelder videre
service-method-MEAN = snittet av det siste året
service-method-DRIFT = siste måned og den jevne endringen det siste året
service-method-SEASONAL_NAIVE = samme måned året før
service-method-SEASONAL_GROWTH = samme måned året før, ganger veksten fra år til år
service-method-THETA = trend og glattet nivå
service-method-SEASONAL_THETA = trend og glattet nivå, med sesong
service-customers-title = { $n } { $noun } har signert vedlegg for { $name }
service-customers-title-unknown = { $n } { $noun } har tatt i bruk { $name }; hvem som har signert vedlegg, er ukjent
service-customers-title-EVENT = { $n } { $noun } har aktivert { $name }; hvem som har signert vedlegg, er ukjent
service-customers-subtitle = { $kinds } i { $month }. Kunder som er avsluttet, er ikke med.
service-customers-unlisted = Tabellen har også { $n }, som ikke er på kildens siste liste og ikke er med i tallet.
service-customers-without = { $n } { $noun } bruker tjenesten uten at vedlegget er signert: { $who }.
service-customers-open = Vis { $n } kunder
service-customers-caption = Kunder og vedlegg
service-kind-MUNICIPALITY = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    }
service-kind-MUNICIPALITY-one = { $n } kommune
service-kind-COUNTY = { $n ->
        [one] { $n } fylkeskommune
       *[other] { $n } fylkeskommuner
    }
service-kind-COUNTY-one = { $n } fylkeskommune
service-kind-OTHER = { $n } andre kunder
service-kind-OTHER-one = { $n } annen kunde
value-adoptable_by-MUNICIPALITY = kommuner
value-adoptable_by-COUNTY = fylkeskommuner
value-adoptable_by-COMPANY = kommunale foretak
value-adoptable_by-OTHER = andre
column-customer = Kunde
column-customer_kind = Hva slags kunde
column-customer_standing = Status
column-annexed_on = Vedlegg signert
value-customer_kind-MUNICIPALITY = kommune
value-customer_kind-COUNTY = fylkeskommune
value-customer_kind-COMPANY = kommunalt foretak
value-customer_kind-OTHER = annen
value-customer_standing-IN_USE = i bruk
value-customer_standing-ACTIVATED = aktivert
value-customer_standing-IDLE = aktivert, ikke brukt siste 90 dager
value-customer_standing-ANNEX_SIGNED = vedlegg signert
value-customer_standing-CONFIGURED = satt opp
value-customer_standing-NOT_LISTED = ikke på kildens siste liste
value-customer_standing-SUSPENDED = satt på pause
service-support-title = { $rate } henvendelser i måneden per 100 kunder; { $n } av { $all ->
        [one] { $all } annen tjeneste
       *[other] { $all } andre tjenester
    } har flere
service-support-subtitle = Henvendelser per 100 aktive kunder i måneden, { $first }–{ $last }, i måneder der begge er kjent. Hele landet.
service-support-axis = Henvendelser per 100 kunder i måneden
service-support-words = Henvendelser per 100 kunder i måneden: { $listed }.
service-support-one = { $name } { $rate }
column-requests = Henvendelser
column-customer_months = Kundemåneder
column-per_100 = Per 100 kunder i måneden
column-customers = Kunder
service-systems-some = Bare tilknytninger som du kan se, er med: { $whose }.
service-systems-own = egen organisasjon
service-systems-members = medlemmer av nettverkene dine
service-systems-closed = Leverandører og fagsystemer vises ikke for rollen din
service-systems-closed-text = De sier hvilke systemer den enkelte kommunen bruker, og vises for kommunen selv, nettverket dens og DIF.
service-delivery-title = Halvparten er levert innen { $quick } med { $by_quick }, og innen { $slow } med { $by_slow }
service-delivery-title-one = Halvparten av forsendelsene er levert innen { $time }
service-delivery-subtitle = Tid fra forsendelsen ble laget til den først var levert, per kanal, hele landet, { $month }.
service-delivery-provisional = foreløpig
service-delivery-note = Foreløpig for { $channels }: det som ikke er levert ennå, er ikke med, så tidene kan stige.
service-delivery-caption = Leveringstid per kanal
service-delivery-channel = Kanal
service-delivery-p50 = Halvparten innen
service-delivery-p90 = 9 av 10 innen
service-delivery-p99 = 99 av 100 innen
service-delivery-dispatches = Leverte forsendelser
service-minutes = { $n } minutter
service-minutes-one = { $n } minutt
service-hours = { $n } timer
service-days = { $n } døgn
service-channel-SDP = digital postkasse
service-channel-ALTINN = Altinn
service-channel-NHN = Norsk helsenett
service-channel-PRINT = brev på papir
service-channel-SVARINN = SvarInn
service-channel-UNKNOWN = kanal ikke oppgitt
service-accounts-title = Tjenesten har et resultat på { $result } så langt i { $year }
service-accounts-title-none = Ingen bilag er ført på tjenesten i { $year }
service-accounts-subtitle = Eget regnskap, { $months }, uten mva. Bare for dem som kan se produktregnskapet.
service-accounts-link = Se hele produktregnskapet
service-accounts-not_in_release = Utgave { $release } har ikke produktregnskap.
service-price-today = Pris i dag
service-price-base = Grunnpris i dag
service-price-words = { $element }; selvkostpris { $self_cost } i { $year }
service-price-words-more = { $element }; selvkostpris { $self_cost } i { $year }; { $n } priser til i tabellen
service-price-none = mangler: ingen pris er beregnet
made-service-use = **Bruk**: forsendelser, eller det målet som sier mest om tjenesten (oppslag, meldinger, kontoer), summert for hele landet. Et mål som viser et nivå, for eksempel kontoer, summeres ikke. Da gjelder siste måned.
made-service-customers = **Kunde**: kommune, fylkeskommune eller annen virksomhet som har tatt et steg fra avtale til bruk. Signeringsdagen for vedlegget er den siste som er meldt. For lister uten dato er den det senest mulige.
made-service-forecast = **Framskriving**: laget med metoden som traff best da den ble testet på kjente måneder. Feilen er summen av avvikene delt på summen av de faktiske tallene. Den er målt i måneder som ikke ble brukt til å velge metode.
made-service-delivery = **Leveringstid**: fra forsendelsen ble laget til den først var levert. Bare leverte forsendelser teller. En måned er foreløpig til den er eldre enn 95 av 100 forsendelser tok før.
made-service-systems = **Fagsystem og leverandør**: som avsenderen oppgir dem, koblet gjennom registeret «source_system». Antall forsendelser per fagsystem vises bare for hele landet.
made-service-price = **Selvkostpris**: prisen som akkurat dekker kostnaden, medregnet årets del av tidligere over- eller underskudd.
contents-bruk = Bruk
contents-utbredelse = Utbredelse
contents-kunder = Kunder
contents-regnskap = Regnskap
service-messages-title = { $n ->
        [one] { $n } kjent driftsmelding
       *[other] { $n } kjente driftsmeldinger
    } om { $name }, den siste fra { $month }
service-messages-subtitle = Når hver melding sto, og hva den gjaldt. Tiden sier ikke hvor lenge noe var nede, og få meldinger betyr ikke få feil: mye ble meldt på andre måter.
service-messages-twice = { $n ->
        [one] Én melding overlapper en tidligere av samme type og årsak, og er trolig samme hendelse.
       *[other] { $n } meldinger overlapper en tidligere av samme type og årsak, og er trolig samme hendelse.
    }
service-messages-none = Ingen driftsmelding om { $name } er kjent. Det betyr ikke at tjenesten ikke har hatt feil.
service-operation-title = Støtte og drift
made-service-messages = **Driftsmelding**: en melding om drift som ble vist brukerne. Tidene sier når den ble lagt ut og tatt ned, ikke når en feil begynte og sluttet. Diagrammer over bruk merker de lengste, men bare der både meldingene og tallene er ekte.
