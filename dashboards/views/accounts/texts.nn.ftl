### Det kvar side i produktrekneskapen seier, og samandraget, på nynorsk.

accounts-whole_year = Heile året
accounts-answer-surplus = { $service } dekkjer kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og overskotet er { $amount }.
accounts-answer-same = uendra
accounts-answer-deficit = { $service } dekkjer ikkje kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og { $amount } manglar.
accounts-answer-about = { $service } dekkjer om lag kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og { $amount } manglar.
accounts-answer-down = { $amount } lågare
accounts-answer-even = { $service } går i null { $when }: Inntekta er { $coverage } av kostnaden.
accounts-answer-no_cost = { $service } har { $amount } i inntekt { $when }. Ingen kostnad er ført.
accounts-answer-moved = Samanlikna med same månader året før er inntekta { $income } og kostnaden { $cost }.
accounts-answer-up = { $amount } høgare
accounts-answer-largest = Den største kostnaden er { $part }, { $share } av alle kostnader.
accounts-answer-twelve-over = Over tolv månader er inntekta derimot { $coverage } av kostnaden, og overskotet er { $amount }.
accounts-answer-twelve-short = Over tolv månader er inntekta derimot berre { $coverage } av kostnaden, og { $amount } manglar.
accounts-months_before = same månader året før
accounts-no_year_before = kan ikkje samanliknast: rekneskapen manglar same månader året før
accounts-coverage-meant = ved 100 % dekkjer inntekta kostnaden
accounts-coverage-none = manglar: det er ikkje ført nokon kostnad
accounts-coverage-twelve = dei tolv månadene til og med { $month }: { $coverage }
accounts-coverage-twelve-short = dei tolv månadene til og med { $month }: { $coverage }, { $amount } manglar
accounts-coverage-twelve-over = dei tolv månadene til og med { $month }: { $coverage }, { $amount } over
accounts-carried-surplus = overskot ved utgangen av { $month }, som skal tilbake til brukarane
accounts-carried-deficit = underskot ved utgangen av { $month }, som skal dekkjast inn
accounts-carried-none = verken overskot eller underskot ved utgangen av { $month }
accounts-part = Samandrag
accounts-parts = Sidene i produktrekneskapen
accounts-parts-title = Rekneskapen del for del
filter-ar = År
filter-kvartal = Kvartal
filter-prisendring = Prisendring, prosent
filter-kommuner = Kommunar som har tenesta
filter-oppgjor = År som over- eller underskot blir gjort opp over
filter-volum = Bruk, prosent meir eller mindre
filter-brukerstotte = Brukarstøtte, prosent meir eller mindre
filter-drift = Drift, prosent meir eller mindre
filter-forvaltning = Forvalting, prosent meir eller mindre
filter-administrasjon = Administrasjon, prosent meir eller mindre
accounts-year_so_far = { $year } så langt
accounts-quarter = { $n }. kvartal
accounts-quarter-named = { $n }. kvartal { $year }
accounts-in = i { $period }
accounts-in-so_far = i { $period }, til og med { $month }
accounts-none_owned-title = Ingen produktrekneskap å vise
accounts-none_owned = Du er ikkje registrert som eigar av noko produkt. Spør DIF viss du skal ha tilgang.
accounts-not_kept-title = Utgåva har ikkje produktrekneskap
accounts-not_kept = Utgåve { $release } vart laga før produktrekneskapane kom med i utgåvene.
accounts-empty-title = Ingen rekneskapstal for { $service }
accounts-empty = Det er ikkje ført inntekt, kostnad eller budsjett på tenesta. Det tyder ikkje at ho er gratis.
accounts-empty-link = Næraste med tal: { $link }
accounts-income = Inntekt
accounts-cost = Kostnad
accounts-result = Resultat
accounts-coverage = Finansiell dekningsgrad
accounts-carried = Akkumulert resultat
accounts-axis-kr = kroner
accounts-axis-thousand = tusen kroner
column-cost_brukerstotte_ore = Brukarstøtte
column-cost_drift_ore = Drift
column-cost_forvaltning_ore = Forvalting
column-cost_administrasjon_ore = Administrasjon
column-cost_ore = Kostnad
column-result_so_far_ore = Resultat, lagt saman
column-budget_so_far_ore = Budsjettert resultat, lagt saman
value-part-income = Inntekt
value-part-brukerstotte = Brukarstøtte
value-part-drift = Drift
value-part-forvaltning = Forvalting
value-part-administrasjon = Administrasjon
value-part-allocated = Fordelt felleskostnad
value-part-kapital = Kapitalkostnad
value-part-result = Resultat
column-part = Ledd
accounts-development-title-better = Resultatet er { $amount } betre enn budsjettert etter { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
accounts-development-title-worse = Resultatet er { $amount } svakare enn budsjettert etter { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
accounts-development-title-same = Resultatet er som budsjettert etter { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    }
accounts-development-title-none = Resultatet etter { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } er { $amount }; budsjett manglar
accounts-development-subtitle = Resultat lagt saman månad for månad mot budsjettet, kroner utan mva., { $first } til { $last }.
accounts-development-actual = Rekneskap
accounts-development-budget = Budsjett
accounts-development-words = Frå { $first } til { $last } vart resultatet { $result }. Budsjettet var { $budget }.
accounts-development-caption = Månad for månad mot budsjettet
accounts-decide-surplus = Overskotet på { $amount } skal tilbake til brukarane.
accounts-decide-deficit = Underskotet på { $amount } skal dekkjast inn.
accounts-decide-none = Ingenting krev avgjerd.
value-channel-ALTINN = Altinn
value-channel-NHN = Helsenettet
value-channel-PRINT = Papir
value-channel-SDP = Digital postkasse
value-channel-SVARINN = SvarInn
accounts-level-low = Låg bruk
accounts-level-expected = Forventa bruk
accounts-level-high = Høg bruk
accounts-status-NO_PRICE = Tenesta har ingen pris som følgjer bruk, så det er ikkje noko å rekne ut.
accounts-status-RULE_MISSING = Ein regel for sjølvkost som har vore følgd, manglar verdi for året. Økonomi legg han inn i registeret over reglar for sjølvkost.
accounts-status-NO_COST = Ingen kostnad er ført på tenesta i dei siste fire heile kvartala.
accounts-status-NO_USE = Verken fakturaer eller målingar viser mengda som prisane blir rekna etter.
accounts-status-ZERO = Med desse føresetnadene er det ingen kostnad å dekkje.
accounts-status-none = Utgåva har ingen priskalkyle for tenesta.
column-element = Pris
accounts-what_if-as_foreseen = som framskrive
accounts-what_if-unchanged = uendra
accounts-what_if-reset = Tilbake til grunnutrekninga
accounts-what_if-supposed-none = Ingen endringar: kostnaden er som i perioden, bruken som framskrive.
accounts-what_if-supposed = Føresett: { $what }.
accounts-what_if-otherwise = tomt: prisane over
accounts-what_if-supposed-price = dagens prisar blir endra med { $percent }
accounts-what_if-supposed-price-same = dagens prisar er uendra
accounts-what_if-supposed-municipalities = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    } har tenesta
accounts-what_if-supposed-more = { $percent } meir { $what }
accounts-what_if-supposed-less = { $percent } mindre { $what }
accounts-what_if-supposed-years = over- eller underskot blir gjort opp over { $n } år
accounts-what_if-years = { $n } år
accounts-what_if-use = bruk
accounts-what_if-sizes-size = Storleik
accounts-what_if-customers = Kundar
accounts-what_if-pays_today = I dag
accounts-what_if-pays_then-proposed = Med foreslått pris
accounts-what_if-pays_then-decided = Med vedteken pris
accounts-what_if-increase_kr = Endring i kroner
accounts-what_if-increase = Endring
accounts-what_if-customer = Kunde
accounts-size-0 = Under 10 000 innbyggjarar
accounts-size-1 = 10 000–50 000 innbyggjarar
accounts-size-2 = 50 000 innbyggjarar og over
accounts-size-3 = Andre kundar
accounts-size-4 = Utan namngitt verksemd
accounts-customers-closed = Kva den enkelte kunden betaler, blir berre vist for dei som arbeider med økonomi.
accounts-whose = Rekneskapen er til produktet, og viser ikkje kva éin kommune betaler.
accounts-whose-link = Rekneskapen er til produktet. Sjå kva { $name } betaler for tenestene.
accounts-report-ask = Rapporten til brukarrådet får du ved å spørje på kontaktadressa nedst på sida.
accounts-report-make = Lag rapport for brukarrådet
made-accounts-limits = Felleskostnader som ikkje er fordelte, er ikkje med i nokon teneste. Ein verdi som manglar, står som `..` og er ikkje null. Verknaden for kundane føreset same bruk som i perioden kostnaden er frå.
made-accounts-income = **Inntekt**: inntekta som er for månadene, utan mva.: Ein pris for eit år eller eit kvartal er fordelt likt på månadene frå han gjeld til året eller kvartalet er slutt. **Fakturert** følgjer fakturaen, og det gjer òg avstemming, lån og kva kundane betaler. Tilkoplingsprisen for ei teneste med lån er ikkje inntekt.
made-accounts-cost = **Kostnad**: brukarstøtte, drift, forvalting, administrasjon og fordelt felleskostnad. Utvikling i prosjekt er ikkje med.
made-accounts-result = **Resultat**: inntekt − kostnad.
made-accounts-coverage = **Finansiell dekningsgrad**: inntekt i prosent av bokført kostnad i perioden. Sjølvkostgraden til SSB er eit anna tal, som er 100 % når underskot blir framført. I kalkylen heiter det dekning med saldo når overskot som blir brukt, tel òg. Ved 100 % dekkjer inntekta akkurat det tenesta kostar.
made-accounts-carried = **Akkumulert resultat**: summen av resultata over alle år til og med månaden.
made-accounts-price = **Sjølvkostpris**: prisen som ved forventa bruk akkurat dekkjer kostnaden, medrekna den delen av tidlegare over- eller underskot som høyrer til året. Kva reglar for sjølvkost som blir følgde, står nedst på sida. Har tenesta fleire prisar, blir alle endra like mykje i prosent. **Foreslått pris** er runda opp: til 0,1 øre under 1 kr, 1 øre under 10 kr, 1 kr under 1 000 kr, elles 100 kr; der dagens pris er finare, som den.
made-accounts-balance = **Overskot som blir brukt**: akkumulert resultat slik det er forventa ved utgangen av året før prisane gjeld. Kvar månad fram til då er forventa å gi same resultat som året før. Over- og underskot blir gjort opp over eitt til fem år, så prisane ber éin del.
made-accounts-use = **Forventa bruk**: dei tolv framskrivne månadene mot dei siste tolv kjende. Låg og høg er summen av grensene for månadene, og gir eit breiare spenn enn uvissa for året.
made-accounts-loan = **Lånesaldo**: trekt − betalt tilbake − ettergitt.
made-accounts-at_stake = **Uforklart**: fakturert for mykje pluss fakturert for lite, utan kjend årsak. Dei to veg ikkje mot kvarandre.
contents-tolv-maneder = Tolv månader
contents-deler = Del for del
