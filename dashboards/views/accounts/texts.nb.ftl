### What every page of the product's accounts says, and its summary. Bokmål and English, in plain words.

## the page

accounts-part = Sammendrag
accounts-parts = Sidene i produktregnskapet
accounts-parts-title = Regnskapet del for del

## filters

filter-ar = År
filter-kvartal = Kvartal
filter-prisendring = Prisendring, prosent
filter-kommuner = Kommuner som har tjenesten
filter-oppgjor = År som over- eller underskudd gjøres opp over
filter-volum = Bruk, prosent mer eller mindre
filter-brukerstotte = Brukerstøtte, prosent mer eller mindre
filter-drift = Drift, prosent mer eller mindre
filter-forvaltning = Forvaltning, prosent mer eller mindre
filter-administrasjon = Administrasjon, prosent mer eller mindre
accounts-whole_year = Hele året
accounts-year_so_far = { $year } så langt
accounts-quarter = { $n }. kvartal
accounts-quarter-named = { $n }. kvartal { $year }
accounts-in = i { $period }
accounts-in-so_far = i { $period }, til og med { $month }

## the answer

accounts-answer-surplus = { $service } dekker kostnadene sine { $when }: Inntekten er { $coverage } av kostnaden, og overskuddet er { $amount }.
accounts-answer-same = uendret
accounts-answer-deficit = { $service } dekker ikke kostnadene sine { $when }: Inntekten er { $coverage } av kostnaden, og { $amount } mangler.
accounts-answer-about = { $service } dekker om lag kostnadene sine { $when }: Inntekten er { $coverage } av kostnaden, og { $amount } mangler.
accounts-answer-down = { $amount } lavere
accounts-answer-even = { $service } går i null { $when }: Inntekten er { $coverage } av kostnaden.
accounts-answer-no_cost = { $service } har { $amount } i inntekt { $when }. Ingen kostnad er ført.
accounts-answer-moved = Sammenlignet med samme måneder året før er inntekten { $income } og kostnaden { $cost }.
accounts-answer-up = { $amount } høyere
accounts-answer-largest = Den største kostnaden er { $part }, { $share } av alle kostnader.
accounts-answer-twelve-over = Over tolv måneder er inntekten derimot { $coverage } av kostnaden, og overskuddet er { $amount }.
accounts-answer-twelve-short = Over tolv måneder er inntekten derimot bare { $coverage } av kostnaden, og { $amount } mangler.

## states

accounts-none_owned-title = Ingen produktregnskap å vise
accounts-none_owned = Du er ikke registrert som eier av noe produkt. Spør DIF hvis du skal ha tilgang.
accounts-not_kept-title = Utgaven har ikke produktregnskap
accounts-not_kept = Utgave { $release } ble laget før produktregnskapene kom med i utgavene.
accounts-empty-title = Ingen regnskapstall for { $service }
accounts-empty = Det er ikke ført inntekt, kostnad eller budsjett på tjenesten. Det betyr ikke at den er gratis.
accounts-empty-link = Nærmeste med tall: { $link }

## key figures

accounts-income = Inntekt
accounts-cost = Kostnad
accounts-result = Resultat
accounts-coverage = Finansiell dekningsgrad
accounts-carried = Akkumulert resultat
accounts-months_before = samme måneder året før
accounts-no_year_before = kan ikke sammenlignes: regnskapet mangler samme måneder året før
accounts-coverage-meant = ved 100 % dekker inntekten kostnaden
accounts-coverage-none = mangler: det er ikke ført noen kostnad
accounts-coverage-twelve = de tolv månedene til og med { $month }: { $coverage }
accounts-coverage-twelve-short = de tolv månedene til og med { $month }: { $coverage }, { $amount } mangler
accounts-coverage-twelve-over = de tolv månedene til og med { $month }: { $coverage }, { $amount } over
accounts-carried-surplus = overskudd ved utgangen av { $month }, som skal tilbake til brukerne
accounts-carried-deficit = underskudd ved utgangen av { $month }, som skal dekkes inn
accounts-carried-none = verken overskudd eller underskudd ved utgangen av { $month }

## from income to result

accounts-axis-kr = kroner
accounts-axis-thousand = tusen kroner
column-cost_brukerstotte_ore = Brukerstøtte
column-cost_drift_ore = Drift
column-cost_forvaltning_ore = Forvaltning
column-cost_administrasjon_ore = Administrasjon
column-cost_ore = Kostnad
column-result_so_far_ore = Resultat, lagt sammen
column-budget_so_far_ore = Budsjettert resultat, lagt sammen
value-part-income = Inntekt
value-part-brukerstotte = Brukerstøtte
value-part-drift = Drift
value-part-forvaltning = Forvaltning
value-part-administrasjon = Administrasjon
value-part-allocated = Fordelt felleskostnad
value-part-kapital = Kapitalkostnad
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
accounts-development-words = Fra { $first } til { $last } ble resultatet { $result }. Budsjettet var { $budget }.
accounts-development-caption = Måned for måned mot budsjettet
accounts-decide-surplus = Overskuddet på { $amount } skal tilbake til brukerne.
accounts-decide-deficit = Underskuddet på { $amount } skal dekkes inn.
accounts-decide-none = Ingenting krever beslutning.

## the price calculation

value-channel-ALTINN = Altinn
value-channel-NHN = Helsenettet
value-channel-PRINT = Papir
value-channel-SDP = Digital postkasse
value-channel-SVARINN = SvarInn
accounts-level-low = Lav bruk
accounts-level-expected = Forventet bruk
accounts-level-high = Høy bruk
accounts-status-NO_PRICE = Tjenesten har ingen pris som følger bruk, så det er ikke noe å beregne.
accounts-status-RULE_MISSING = En regel for selvkost som har vært fulgt, mangler verdi for året. Økonomi legger den inn i registeret over regler for selvkost.
accounts-status-NO_COST = Ingen kostnad er ført på tjenesten i de siste fire hele kvartalene.
accounts-status-NO_USE = Verken fakturaer eller målinger viser mengden som prisene regnes etter.
accounts-status-ZERO = Med disse forutsetningene er det ingen kostnad å dekke.
accounts-status-none = Utgaven har ingen priskalkyle for tjenesten.
column-element = Pris

## what if

accounts-what_if-as_foreseen = som framskrevet
accounts-what_if-unchanged = uendret
accounts-what_if-reset = Tilbake til grunnberegningen
accounts-what_if-supposed-none = Ingen endringer: kostnaden er som i perioden, bruken som framskrevet.
accounts-what_if-supposed = Forutsatt: { $what }.
accounts-what_if-otherwise = tomt: prisene over
accounts-what_if-supposed-price = dagens priser endres med { $percent }
accounts-what_if-supposed-price-same = dagens priser er uendret
accounts-what_if-supposed-municipalities = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommuner
    } har tjenesten
accounts-what_if-supposed-more = { $percent } mer { $what }
accounts-what_if-supposed-less = { $percent } mindre { $what }
accounts-what_if-supposed-years = over- eller underskudd gjøres opp over { $n } år
accounts-what_if-years = { $n } år
accounts-what_if-use = bruk
accounts-what_if-sizes-size = Størrelse
accounts-what_if-customers = Kunder
accounts-what_if-pays_today = I dag
accounts-what_if-pays_then-proposed = Med foreslått pris
accounts-what_if-pays_then-decided = Med vedtatt pris
accounts-what_if-increase_kr = Endring i kroner
accounts-what_if-increase = Endring
accounts-what_if-customer = Kunde
accounts-size-0 = Under 10 000 innbyggere
accounts-size-1 = 10 000–50 000 innbyggere
accounts-size-2 = 50 000 innbyggere og over
accounts-size-3 = Andre kunder
accounts-size-4 = Uten navngitt virksomhet

## what a municipality pays

accounts-customers-closed = Hva den enkelte kunde betaler, vises bare for dem som arbeider med økonomi.

## unmapped cost and closed periods

accounts-whose = Regnskapet er produktets, og viser ikke hva én kommune betaler.
accounts-whose-link = Regnskapet er produktets. Se hva { $name } betaler for tjenestene.
accounts-report-ask = Rapporten til brukerrådet får du ved å spørre på kontaktadressen nederst på siden.
accounts-report-make = Lag rapport for brukerrådet

## how the numbers are made

made-accounts-limits = Felleskostnader som ikke er fordelt, er ikke med i noen tjeneste. En verdi som mangler, står som `..` og er ikke null. Virkningen for kundene forutsetter samme bruk som i perioden kostnaden er fra.
made-accounts-income = **Inntekt**: inntekten som er for månedene, uten mva.: En pris for et år eller et kvartal er fordelt likt på månedene fra den gjelder til året eller kvartalet er slutt. **Fakturert** følger fakturaen, og det gjør også avstemming, lån og hva kundene betaler. Tilkoblingsprisen for en tjeneste med lån er ikke inntekt.
made-accounts-cost = **Kostnad**: brukerstøtte, drift, forvaltning, administrasjon og fordelt felleskostnad. Utvikling i prosjekter er ikke med.
made-accounts-result = **Resultat**: inntekt − kostnad.
made-accounts-coverage = **Finansiell dekningsgrad**: inntekt i prosent av bokført kostnad i perioden. SSBs selvkostgrad er et annet tall, som er 100 % når underskudd framføres. I kalkylen heter det dekning med saldo når overskudd som brukes, teller også. Ved 100 % dekker inntekten akkurat det tjenesten koster.
made-accounts-carried = **Akkumulert resultat**: summen av resultatene over alle år til og med måneden.
made-accounts-price = **Selvkostpris**: prisen som ved forventet bruk akkurat dekker kostnaden, medregnet årets del av tidligere over- eller underskudd. Hvilke regler for selvkost som følges, står nederst på siden. Har tjenesten flere priser, endres alle like mye i prosent. **Foreslått pris** er rundet opp: til 0,1 øre under 1 kr, 1 øre under 10 kr, 1 kr under 1 000 kr, ellers 100 kr; der dagens pris er finere, som den.
made-accounts-balance = **Overskudd som brukes**: akkumulert resultat slik det er forventet ved utgangen av året før prisene gjelder. Hver måned fram til da er forventet å gi samme resultat som året før. Over- og underskudd gjøres opp over ett til fem år, så prisene bærer én del.
made-accounts-use = **Forventet bruk**: de tolv framskrevne månedene mot de siste tolv kjente. Lav og høy er summen av månedenes grenser, og gir et bredere spenn enn årets egen usikkerhet.
made-accounts-loan = **Lånesaldo**: trukket − betalt tilbake − ettergitt.
made-accounts-at_stake = **Uforklart**: fakturert for mye pluss fakturert for lite, uten kjent årsak. De to veier ikke mot hverandre.

## the list of headings

contents-tolv-maneder = Tolv måneder
contents-deler = Del for del
