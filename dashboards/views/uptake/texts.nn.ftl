### Det sida om utbreiing seier, på nynorsk.

uptake-title = Utbreiing
uptake-answer-EVENT = { $active } av { $all } { $noun } i { $area } hadde aktivert { $service } i { $month }.
uptake-answer-USE = { $active } av { $all } { $noun } i { $area } hadde { $service } i bruk i { $month }.
uptake-answer-share = { $share } av innbyggjarane bur der.
uptake-change-more = { $n } fleire enn i { $month }
uptake-change-fewer = { $n } færre enn i { $month }
uptake-change-same = like mange som i { $month }
uptake-change-first = første månad med tal
uptake-change-sentence = Det er { $change }{ $gap }.
uptake-change-gap = , som var førre månad med tal
uptake-change-gap-basis = , førre månad som vart talt på same måte
uptake-change-other-EVENT = kan ikkje samanliknast: til og med { $month } vart aktiverte talde
uptake-change-other-USE = kan ikkje samanliknast: til og med { $month } vart bruk talt
uptake-figures = Nøkkeltal
uptake-figure-active-EVENT = Kommunar som har aktivert tenesta
uptake-figure-active-USE = Kommunar som bruker tenesta
uptake-figure-share = Del av innbyggjarane
uptake-figure-share-same = uendra sidan { $month }
uptake-figure-share-points = { $points } prosentpoeng sidan { $month }
uptake-figure-left = Kommunar som står att
uptake-figure-left-words = { $n } innbyggjarar (1.1.{ $year })
uptake-figure-left-unknown = innbyggjartal manglar for { $n } { $noun }
uptake-figure-waiting = Vedlegg utan bruk
uptake-figure-waiting-EVENT = Vedlegg, ikkje aktivert
uptake-figure-waiting-words = har signert, men er ikkje i gang
uptake-figure-waiting-unknown = manglar: inga kjelde melder vedlegg
uptake-step-CONFIGURED = Sett opp
uptake-step-STILL = Framleis aktivert
uptake-step-inferred = utleidd
uptake-step-unmeasured = ikkje målt enno
compared-more = { $n } fleire enn
compared-fewer = { $n } færre enn
compared-same = like mange som
uptake-figure-year = { $change } for eitt år sidan
uptake-figure-year-some = { $change } for eitt år sidan ({ $k } av { $all } tenester kan samanliknast)
uptake-figure-year-none = kan ikkje samanliknast med året før
uptake-off_list = { $names } er ikkje rekna med, fordi { $n ->
        [one] kommunen ikkje lenger står
       *[other] kommunane ikkje lenger står
    } på lista til kjelda.
uptake-lacking = Leveringar manglar for { $n } { $noun } (siste { $day }).
uptake-lacking-none = Det påverkar ikkje tala for { $month }.
uptake-lacking-mark = manglar levering sidan { $day }
calls-title = Ringjeliste: { $n } { $noun } er ikkje i gang med { $service }, { $first } har prioritet 1
calls-title-none_first = Ringjeliste: { $n } { $noun } er ikkje i gang med { $service }
calls-title-plain = Ringjeliste
calls-subtitle = { $area }, per { $month }.
calls-subtitle-use = { $area }. Steg per { $month }, bruk per { $active }.
calls-order = Sortert etter prioritet, ventetid og innbyggjartal. Dei som må vente på leverandøren, står sist.
calls-open_month = { $of } er ikkje over, så tala kan avvike.
calls-none = Ingen kommunar i { $area } står på ringjelista for { $service }.
calls-older = Ringjelista og leverandørane gjeld siste månad, ikkje { $month }. [Sjå dei saman med tala for { $last }]({ $link }).
calls-closed = Ringjelista viser kva fagsystem kommunane bruker. Nettverka ser sine eigne medlemer, DIF ser alle. Vel ditt eige nettverk under «Område».
calls-lacking = Levering manglar for { $n } { $noun }, som kan ha brukt tenesta.
calls-caption = Kven du kan ringje
calls-region = Ringjelista
calls-why = Kvifor kommunen står på lista
calls-all = Vis alle { $n }
calls-first = Vis dei { $n } første
calls-new = Nytt siste veke: { $change }
calls-contact-none = Kontaktadresse manglar
calls-contact-how = Meld manglande kontaktadresser til { $contact }, så kjem dei med i neste utgåve. Bruk funksjonsadresser, ikkje personlege adresser.
calls-merged = No ein del av { $name }
calls-report = Lag rapport for nettverket
calls-form = Last ned skjema (Excel)
calls-form-how = Du kan òg fylle ut skjemaet i Excel og sende det til { $contact }.
calls-of_network = Vel eit nettverk under «Område» for å lage rapport og skjema.
declined = Takka nei: { $no }. Ikkje aktuelt: { $not_relevant }. Dei står ikkje på ringjelista.
declined-none = Ingen har takka nei.
follow_up-KONTAKTET = kontakta
follow_up-PLANLAGT = planlagt
follow_up-TAKKET_NEI = takka nei
follow_up-IKKE_AKTUELT = ikkje aktuelt
follow_up-none = inga oppfølging
follow_up-removed = oppfølginga er fjerna
follow_up-registered = Registrert: { $done } – tel frå neste utgåve
follow_up-since = Registrert sidan utgåva: { $n }
follow_up-choose = Vel kommune
follow_up-status = Kva er gjort?
follow_up-note = Merknad (valfri)
follow_up-note-how = Ikkje skriv namn eller andre opplysningar om personar
follow_up-counts = Det du registrerer, tel i tala frå neste utgåve. «Takket nei» og «Ikke aktuelt» tek kommunen av lista.
ready-YES = Ja
ready-NO = Ikkje enno
ready-UNKNOWN = Ikkje kjent
suppliers-title = { $n ->
        [one] Éin kommune
       *[other] { SPELLED($n, at: "start") } kommunar
    } med fagsystem frå { $supplier } ventar på { $service }
suppliers-title-no = { $supplier } er ikkje klar for { $service }, og { $n ->
        [one] éin kommune som har signert, ventar
       *[other] { SPELLED($n) } kommunar som har signert, ventar
    }
suppliers-held = Har signert, men må vente
suppliers-no-words = «Nei»: leverandøren støttar ikkje tenesta enno, ifølgje registeret. Ring leverandøren, ikkje kommunane.
suppliers-subtitle = Kommunar i { $area } som ventar på kvar teneste, etter fagsystemet dei er sett med dei siste tolv månadene.
month-one = månad
month-many = månader
contents-ringeliste = Ringjeliste
contents-steg = Frå avtale til bruk
contents-kart = Kart
contents-nettverk = Nettverka
uptake-n_of_m = { $n } av { $m }
uptake-step-ANNEX_SIGNED = Vedlegg signert
uptake-step-ACTIVATED = Aktivert
uptake-step-ACTIVE = I bruk
uptake-change-list = . Kjelda er ei anna no, så skilnaden er eit overslag
uptake-figure-estimated = { $change }; eit overslag, for kjelda er ei anna no
uptake-funnel-title-EVENT = Frå avtale til bruk: { $active } av { $all } har aktivert
uptake-funnel-title-none = Frå avtale til bruk: alle med vedlegg bruker tenesta
uptake-funnel-title-USE = Frå avtale til bruk: { $lost } har vedlegg, men bruker ikkje tenesta
uptake-funnel-subtitle = Kommunar per steg, { $month }, { $area }. Kvart steg omfattar òg kommunar som har kome lenger.
uptake-funnel-inferred = Grå søyler er utleidde: Inga kjelde melder steget, men den som har aktivert, må ha teke det.
uptake-funnel-axis = kommunar
uptake-curve-title-none-EVENT = { $service }: ikkje aktivert av nokon enno
uptake-curve-title-none-USE = { $service }: ikkje brukt av nokon enno
uptake-curve-title-EVENT = { $service }: aktivert av { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-USE = { $service }: i bruk i { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-same-EVENT = { $service }: aktivert av { $last } { $noun } i { $last_month }, like mange som i { $first_month }
uptake-curve-title-same-USE = { $service }: i bruk i { $last } { $noun } i { $last_month }, like mange som i { $first_month }
uptake-curve-title-one-EVENT = { $service }: aktivert av { $last } { $noun } i { $month }
uptake-curve-title-one-USE = { $service }: i bruk i { $last } { $noun } i { $month }
uptake-curve-dashed = Stipla: aktivert, ikkje målt bruk.
uptake-curve-subtitle-EVENT = Kommunar som har aktivert tenesta, per månad, { $area }.
uptake-curve-subtitle-USE = Kommunar som bruker tenesta, per månad, { $area }.
uptake-curve-gap = Utan tal
uptake-curve-gaps = Utan tal: { $gaps }. Manglande tal tyder ikkje null bruk.
uptake-curve-external = { $name } (teneste frå andre)
uptake-curve-chosen = Teneste
uptake-curve-words = Kurve over { $service }, { $basis }: { $first } { $noun } i { $first_month }, { $last } i { $last_month }.
uptake-curve-words-external = Til samanlikning har { $name } { $n } i { $month }.
column-active = Har tenesta
column-active_basis = Rekna etter
value-active_basis-USE = målt bruk
value-active_basis-EVENT = melding om aktivering
uptake-launched-subtitle = Kommunar som har tenesta, { $area }, etter år sidan lansering. Er lanseringa ukjend, blir det rekna frå første månaden nokon hadde tenesta. { $name } er utheva. Ei linje er broten der teljinga går frå aktivert til målt bruk.
uptake-launched-axis = år sidan lansering
uptake-launched-since = Sidan lansering
uptake-launched-after = { $months ->
        [one] { $months } månad
       *[other] { $months } månader
    }
uptake-launched-none = Frå lansering: ingen kommune har hatt tenesta enno
uptake-launched-words-oldest = { $months ->
        [one] Éin månad
       *[other] { $months } månader
    } etter lanseringa har { $active } { $noun } { $name }. Inga teneste er eldre
uptake-launched-words = { $months ->
        [one] Éin månad
       *[other] { $months } månader
    } etter lanseringa har { $active } { $noun } { $name }. { $further ->
        [0] Ingen
       *[other] { SPELLED($further, singular: "éi", at: "start") }
    } av { $older ->
        [one] éi eldre teneste
       *[other] { SPELLED($older) } eldre tenester
    } hadde kome lenger på same tid
uptake-funnel-words = Frå avtale til bruk for { $service } i { $month }, av { $all } { $noun }: { $steps }.
uptake-source = Kjelde: { $source }, utgåve { $release }.
uptake-table-title = Nettverka: { $best } er kome lengst med { $service }, { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommunar
    }
uptake-table-title-none = Tenester per nettverk
uptake-table-subtitle = Kommunar som har tenesta, av alle i nettverket, i siste månad med tal til og med { $month }. { $missing ->
        [one] { $missing } teneste
       *[other] { $missing } tenester
    } utan tal er utelatne.
uptake-table-caption = Kommunar som har tenesta, av alle i nettverket
uptake-table-basis-EVENT = aktivert
uptake-table-basis-USE = i bruk
uptake-table-basis-BOTH = i bruk eller aktivert
uptake-table-networks = Medlemene er utleidde av fylka nettverket dekkjer. Kjeldene stadfestar ikkje at desse nettverka finst: { $unsure }.
uptake-table-region = Tabell som kan rullast: kommunar per teneste og nettverk
uptake-off_list-split = { $names } er overslag, fordi kjelda melder om kommunen slik han var før delinga.
uptake-lacking-listed = { $n } av dei kan ha brukt tenesta likevel: Manglande tal tyder ikkje null bruk.
uptake-lacking-later = Etter { $month } manglar leveringar for { $n } { $noun } (siste { $day }). Det påverkar ikkje tala her.
forecast-sentence = Forventa i { $month }: { $expected } av { $all } { $noun } (mellom { $low } og { $high }).
forecast-past = Bandet heldt i { $inside } av { $n } tidlegare overslag like langt fram.
forecast-drawn = Prikka linje med band: forventa, frå lågt til høgt.
forecast-open = Vis framskrivinga som tabell, og last ned
forecast-caption = Kommunar som er venta å ha tenesta, per månad
forecast-expected = Forventa
forecast-between = Mellom
forecast-few = Inga framskriving: Berre { $n } { $noun } på rad er talde på same måte. Det trengst minst { $least }.
forecast-old = Inga framskriving: Siste månad med tal, { $month }, er for gammal.
forecast-not_in_release = Inga framskriving: Utgåve { $release } vart laga før framskrivingane.
calls-not_in_release = Utgåve { $release } vart laga før ringjelista fanst. Ho kjem med neste utgåve.
calls-priority = Prioritet { $n }
calls-report-of = Lag rapport for { $network }
follow_up-on = { $status } { $day }
follow_up-before = Oppfølging: { $done }
follow_up-open = Registrer oppfølging
follow_up-day = Dato
follow_up-send = Registrer
follow_up-undo = Angre
follow_up-undo-of = Angre registreringa for { $name }
follow_up-unread = Registrert oppfølging kan ikkje visast akkurat no.
follow_up-told-done = { $name }: { $now } er registrert, og tel frå neste utgåve.
follow_up-told-same = { $name }: { $now } var registrert frå før.
follow_up-told-undone = Registreringa for { $name } er angra. No gjeld: { $now }.
follow_up-told-overtaken = Nokon andre har registrert noko for { $name } medan du hadde sida oppe: { $now }. Det du registrerte, er ikkje lagra. Registrer på nytt om du vil erstatte det.
follow_up-told-busy = Ikkje lagra for { $name }: Tala blir oppdaterte akkurat no. Prøv igjen om nokre minutt.
follow_up-told-refused = Ikkje lagra for { $name }: Registeret godtok ikkje oppføringa. Datoen kan ikkje vere i framtida.
follow_up-told-closed = Ikkje lagra for { $name }: Registeret kan ikkje endrast herifrå. Bruk skjemaet i staden.
follow_up-merged = { $name } er no ein del av { $successor }, og oppfølginga blir ført der.
suppliers-signed = Har signert, men er ikkje i gang
suppliers-no = { $n } nei
suppliers-shown = Dei { $n } første av { $all }. Filene har alle.
suppliers-title-none = Leverandørar med flest ventande kommunar
suppliers-open = Vis { $n ->
        [one] leverandøren
       *[other] dei { $n } leverandørsystema
    } og kven som ventar på { $service }
suppliers-none = Vi veit ikkje kva fagsystem dei ventande kommunane i { $area } har brukt dei siste tolv månadene.
suppliers-untold = Vi manglar fagsystemdata for { $service }, og veit difor ikkje kva leverandør som kan opne for fleire.
suppliers-caption = Leverandørar og tenestene kommunane deira ventar på
suppliers-caption-one = Leverandørar og kven som ventar
suppliers-region = Tabell som kan rullast: leverandørar og kven som ventar
suppliers-supplier = Leverandør og fagsystem
suppliers-waiting = Kommunar som ventar
suppliers-active = Har tenesta, heile landet
standing-ACTIVATED-USE = Aktivert, ikkje brukt siste 90 dagar
standing-ACTIVATED-EVENT = Aktivert før, ikkje no
standing-CONFIGURED = Sett opp
standing-ANNEX_SIGNED = Vedlegg signert
standing-SUSPENDED = Sett på pause
standing-NOT_LISTED = Ikkje på den siste lista til kjelda
standing-TERMINATED = Avslutta
standing-NONE = Ingen steg registrerte
made-steps = **Steg**: vedlegg signert, sett opp, aktivert, i bruk. Eit steg tel òg dei som er komne lenger.
contents-kurve = Utvikling
uptake-share-over = Over 99 %
uptake-share-under = Under 1 %
forecast-missed = Testa { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } fram bomma metoden med { $error }. Siste månad ført vidare ville ha bomma med { $last_value }, snittet av siste år med { $mean }.
forecast-ends = Frå og med { $month } er det ikkje anslått: så langt fram er metoden ikkje testa, eller så slo han verken siste månad eller snittet.
forecast-missed-known = Testa på kjende månader bomma metoden med { $error }.
forecast-error-small = under 1 %
forecast-beaten = Inga framskriving: Metoden trefte ikkje betre enn siste månad eller snittet då han vart testa, eller tala var null.
forecast-useless-error = Inga framskriving: Då han vart testa, bomma metoden med { $error }. Over { $most } er for usikkert.
forecast-useless-beaten = Inga framskriving: Metoden trefte ikkje betre enn å gå ut frå at siste månad gjeld vidare (avvik { $error } mot { $last_value }).
made-active-EVENT = **Aktivert**: ei kjelde har meldt at kommunen er kopla på tenesta, og ikkje meldt at han er kopla av. Det er ikkje det same som at tenesta er i bruk.
made-active-USE = **I bruk**: kommunen brukte tenesta minst éin gong dei siste 90 dagane.
made-lacking = **Manglar levering**: den siste leveringa som var venta om kommunen i dei 90 dagane, er ikkje komen. Kva som er venta, følgjer av kva verksemda pleier å levere. Då er det ukjent om tenesta vart brukt.
made-share = **Del av innbyggjarane**: innbyggjarar i kommunane som har tenesta, av alle innbyggjarar i området, per 1. januar.
made-left = **Står att**: kommunar i området, i dagens inndeling (2024), som ikkje har tenesta.
made-priority = **Prioritet**: 1 har vedlegg eller oppsett utan bruk; 2 har ein leverandør som er klar, og ein av dei ti mest like kommunane er i gang; 3 har ein leverandør som er klar; 4 er resten. Kommunar som må vente på leverandøren, har òg 4 og står sist: då er det leverandøren du kan ringje. Ventetida blir rekna frå siste steg, når tidspunktet er kjent.
made-ready = **Er leverandøren klar**: Ja når kommunen har brukt fagsystemet til leverandøren dei siste tolv månadene, og systemet leverer tenesta for minst tre andre. Ja òg når registeret seier det. Ikkje enno når registeret seier at støtta kjem seinare. Elles ikkje kjent.
made-forecast = **Framskriving**: laga med metoden som trefte best då han vart testa på kjende månader. Feilen er summen av avvika delt på summen av dei faktiske tala. Han er målt i månader som ikkje vart brukte til å velje metode. Ein metode som verken slår siste månad eller snittet, blir ikkje vist.
made-comparison = **Samanlikning**: same månad året før. Manglar han tal, gjeld førre månad med tal. Berre månader som er talde på same måten, blir samanlikna.
made-limits = Månader utan tal blir viste som manglar (`..`) og er ikkje null. Første gongen ei kjelde melder om ein kommune, kan kommunen ha vore kopla på lenger. Då er ventetida ukjend. Kommunane følgjer dagens inndeling; eldre kommunenummer er førte over.
