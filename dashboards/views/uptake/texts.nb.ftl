### What the page about uptake says. Bokmål and English, in plain words.

uptake-title = Utbredelse
uptake-answer-EVENT = { $active } av { $all } { $noun } i { $area } hadde aktivert { $service } i { $month }.
uptake-answer-USE = { $active } av { $all } { $noun } i { $area } hadde { $service } i bruk i { $month }.
uptake-share-over = Over 99 %
uptake-share-under = Under 1 %
uptake-answer-share = { $share } av innbyggerne bor der.
uptake-change-more = { $n } flere enn i { $month }
uptake-change-fewer = { $n } færre enn i { $month }
uptake-change-same = like mange som i { $month }
uptake-change-first = første måned med tall
uptake-change-sentence = Det er { $change }{ $gap }.
uptake-change-gap = , som var forrige måned med tall
uptake-change-gap-basis = , forrige måned som ble talt på samme måte
uptake-change-list = . Kilden er en annen nå, så forskjellen er et anslag
uptake-figure-estimated = { $change }; et anslag, for kilden er en annen nå
uptake-change-other-EVENT = ikke sammenlignbart: til og med { $month } ble aktiverte talt
uptake-change-other-USE = ikke sammenlignbart: til og med { $month } ble bruk talt
uptake-figures = Nøkkeltall
uptake-figure-active-EVENT = Kommuner som har aktivert tjenesten
uptake-figure-active-USE = Kommuner som bruker tjenesten
uptake-n_of_m = { $n } av { $m }
uptake-figure-share = Andel av innbyggerne
uptake-figure-share-same = uendret siden { $month }
uptake-figure-share-points = { $points } prosentpoeng siden { $month }
uptake-figure-left = Kommuner som gjenstår
uptake-figure-left-words = { $n } innbyggere (1.1.{ $year })
uptake-figure-left-unknown = innbyggertall mangler for { $n } { $noun }
uptake-figure-waiting = Vedlegg uten bruk
uptake-figure-waiting-EVENT = Vedlegg, ikke aktivert
uptake-figure-waiting-words = har signert, men er ikke i gang
uptake-figure-waiting-unknown = mangler: ingen kilde melder vedlegg
uptake-step-ANNEX_SIGNED = Vedlegg signert
uptake-step-CONFIGURED = Satt opp
uptake-step-ACTIVATED = Aktivert
uptake-step-ACTIVE = I bruk
uptake-step-STILL = Fortsatt aktivert
uptake-step-inferred = utledet
uptake-step-unmeasured = måles ikke ennå
uptake-funnel-title-EVENT = Fra avtale til bruk: { $active } av { $all } har aktivert
uptake-funnel-title-none = Fra avtale til bruk: alle med vedlegg bruker tjenesten
uptake-funnel-title-USE = Fra avtale til bruk: { $lost } har vedlegg, men bruker ikke tjenesten
uptake-funnel-subtitle = Kommuner per steg, { $month }, { $area }. Hvert steg omfatter også kommuner som har kommet lenger.
uptake-funnel-inferred = Grå søyler er utledet: Ingen kilde melder steget, men den som har aktivert, må ha tatt det.
uptake-funnel-axis = kommuner
uptake-curve-title-none-EVENT = { $service }: ikke aktivert av noen ennå
uptake-curve-title-none-USE = { $service }: ikke brukt av noen ennå
uptake-curve-title-EVENT = { $service }: aktivert av { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-USE = { $service }: i bruk i { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-same-EVENT = { $service }: aktivert av { $last } { $noun } i { $last_month }, like mange som i { $first_month }
uptake-curve-title-same-USE = { $service }: i bruk i { $last } { $noun } i { $last_month }, like mange som i { $first_month }
uptake-curve-title-one-EVENT = { $service }: aktivert av { $last } { $noun } i { $month }
uptake-curve-title-one-USE = { $service }: i bruk i { $last } { $noun } i { $month }
uptake-curve-dashed = Stiplet: aktivert, ikke målt bruk.
uptake-curve-subtitle-EVENT = Kommuner som har aktivert tjenesten, per måned, { $area }.
uptake-curve-subtitle-USE = Kommuner som bruker tjenesten, per måned, { $area }.
uptake-curve-gap = Uten tall
uptake-curve-gaps = Uten tall: { $gaps }. Manglende tall betyr ikke null bruk.
uptake-curve-external = { $name } (tjeneste fra andre)
uptake-curve-chosen = Tjeneste
uptake-curve-words = Kurve over { $service }, { $basis }: { $first } { $noun } i { $first_month }, { $last } i { $last_month }.
uptake-curve-words-external = Til sammenligning har { $name } { $n } i { $month }.
column-active = Har tjenesten
column-active_basis = Regnet etter
value-active_basis-USE = målt bruk
value-active_basis-EVENT = melding om aktivering
uptake-launched-subtitle = Kommuner som har tjenesten, { $area }, etter år siden lansering. Er lanseringen ukjent, regnes det fra første måned noen hadde tjenesten. { $name } er uthevet. En linje er brutt der tellingen går fra aktivert til målt bruk.
uptake-launched-axis = år siden lansering
uptake-launched-since = Siden lansering
uptake-launched-after = { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }
uptake-launched-none = Fra lansering: ingen kommune har hatt tjenesten ennå
uptake-launched-words-oldest = { $months ->
        [one] Én måned
       *[other] { $months } måneder
    } etter lanseringen har { $active } { $noun } { $name }. Ingen tjeneste er eldre
uptake-launched-words = { $months ->
        [one] Én måned
       *[other] { $months } måneder
    } etter lanseringen har { $active } { $noun } { $name }. { $further ->
        [0] Ingen
       *[other] { SPELLED($further, singular: "én", at: "start") }
    } av { $older ->
        [one] én eldre tjeneste
       *[other] { SPELLED($older) } eldre tjenester
    } hadde kommet lenger på samme tid
uptake-funnel-words = Fra avtale til bruk for { $service } i { $month }, av { $all } { $noun }: { $steps }.
uptake-source = Kilde: { $source }, utgave { $release }.
uptake-table-title = Nettverkene: { $best } er kommet lengst med { $service }, { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommuner
    }
uptake-table-title-none = Tjenester per nettverk
uptake-table-subtitle = Kommuner som har tjenesten, av alle i nettverket, i siste måned med tall til og med { $month }. { $missing ->
        [one] { $missing } tjeneste
       *[other] { $missing } tjenester
    } uten tall er utelatt.
uptake-table-caption = Kommuner som har tjenesten, av alle i nettverket
uptake-table-basis-EVENT = aktivert
uptake-table-basis-USE = i bruk
uptake-table-basis-BOTH = i bruk eller aktivert
compared-more = { $n } flere enn
compared-fewer = { $n } færre enn
compared-same = like mange som
uptake-figure-year = { $change } for ett år siden
uptake-figure-year-some = { $change } for ett år siden ({ $k } av { $all } tjenester kan sammenlignes)
uptake-figure-year-none = kan ikke sammenlignes med året før
uptake-table-networks = Medlemmene er utledet av fylkene nettverket dekker. Kildene bekrefter ikke at disse nettverkene finnes: { $unsure }.
uptake-off_list = { $names } er ikke regnet med, fordi { $n ->
        [one] kommunen ikke lenger står
       *[other] kommunene ikke lenger står
    } på kildens liste.
uptake-off_list-split = { $names } er anslag, fordi kilden melder om kommunen slik den var før delingen.
uptake-lacking = Den nyeste leveringen mangler for { $n } { $noun } (siste { $day }).
uptake-lacking-none = Det påvirker ikke tallene for { $month }.
uptake-lacking-mark = mangler levering siden { $day }
uptake-table-region = Tabell som kan rulles: kommuner per tjeneste og nettverk
uptake-lacking-listed = { $n } av dem kan ha brukt tjenesten likevel: Manglende tall betyr ikke null bruk.
uptake-lacking-later = Etter { $month } mangler leveringer for { $n } { $noun } (siste { $day }). Det påvirker ikke tallene her.
forecast-sentence = Forventet i { $month }: { $expected } av { $all } { $noun } (mellom { $low } og { $high }).
forecast-missed = Testet { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } fram bommet metoden med { $error }. Siste måned videreført ville bommet med { $last_value }, snittet av siste år med { $mean }.
forecast-past = Båndet holdt i { $inside } av { $n } tidligere anslag like langt fram.
forecast-ends = Fra og med { $month } er det ikke anslått: så langt fram er metoden ikke testet, eller den slo verken siste måned eller snittet.
forecast-missed-known = Testet på kjente måneder bommet metoden med { $error }.
forecast-error-small = under 1 %
forecast-drawn = Prikket linje med bånd: forventet, fra lavt til høyt.
forecast-open = Vis framskrivingen som tabell, og last ned
forecast-caption = Kommuner som forventes å ha tjenesten, per måned
forecast-expected = Forventet
forecast-between = Mellom
forecast-few = Ingen framskriving: Bare { $n } { $noun } på rad er talt på samme måte. Det trengs minst { $least }.
forecast-old = Ingen framskriving: Siste måned med tall, { $month }, er for gammel.
forecast-beaten = Ingen framskriving: Metoden traff ikke bedre enn siste måned eller snittet da den ble testet, eller tallene var null.
forecast-useless-error = Ingen framskriving: Da den ble testet, bommet metoden med { $error }. Over { $most } er for usikkert.
forecast-useless-beaten = Ingen framskriving: Metoden traff ikke bedre enn å anta at siste måned gjentar seg (avvik { $error } mot { $last_value }).
forecast-not_in_release = Ingen framskriving: Utgave { $release } ble laget før framskrivingene.
calls-title = Ringeliste: { $n } { $noun } er ikke i gang med { $service }, { $first } har prioritet 1
calls-title-none_first = Ringeliste: { $n } { $noun } er ikke i gang med { $service }
calls-closed = Ringelisten viser hvilke fagsystemer kommunene bruker. Nettverkene ser sine egne medlemmer, DIF ser alle. Velg ditt eget nettverk under «Område».
calls-title-plain = Ringeliste
calls-subtitle = { $area }, per { $month }.
calls-subtitle-use = { $area }. Steg per { $month }, bruk til og med { $active }.
calls-order = Sortert etter prioritet, ventetid og innbyggertall. De som må vente på leverandøren, står sist.
calls-open_month = { $of } er ikke over, så tallene kan avvike.
calls-none = Ingen kommuner i { $area } står på ringelisten for { $service }.
calls-older = Ringelisten og leverandørene gjelder siste måned, ikke { $month }. [Se dem sammen med tallene for { $last }]({ $link }).
calls-not_in_release = Utgave { $release } ble laget før ringelisten fantes. Den kommer med neste utgave.
calls-lacking = Levering mangler for { $n } { $noun }, som kan ha brukt tjenesten.
calls-caption = Hvem du kan ringe
calls-region = Ringelisten
calls-why = Hvorfor den står på listen
calls-priority = Prioritet { $n }
calls-all = Vis alle { $n }
calls-first = Vis de { $n } første
calls-new = Nytt siste uke: { $change }
calls-contact-none = Kontaktadresse mangler
calls-contact-how = Meld manglende kontaktadresser til { $contact }, så kommer de med i neste utgave. Bruk funksjonsadresser, ikke personlige adresser.
calls-merged = Nå en del av { $name }
calls-report = Lag rapport for nettverket
calls-report-of = Lag rapport for { $network }
calls-form = Last ned skjema (Excel)
calls-form-how = Du kan også fylle ut skjemaet i Excel og sende det til { $contact }.
calls-of_network = Velg et nettverk under «Område» for å lage rapport og skjema.
declined = Takket nei: { $no }. Ikke aktuelt: { $not_relevant }. De står ikke på ringelisten.
declined-none = Ingen har takket nei.
follow_up-KONTAKTET = kontaktet
follow_up-PLANLAGT = planlagt
follow_up-TAKKET_NEI = takket nei
follow_up-IKKE_AKTUELT = ikke aktuelt
follow_up-on = { $status } { $day }
follow_up-none = ingen oppfølging
follow_up-before = Oppfølging: { $done }
follow_up-removed = oppfølgingen er fjernet
follow_up-registered = Registrert: { $done } – teller fra neste utgave
follow_up-since = Registrert siden utgaven: { $n }
follow_up-open = Registrer oppfølging
follow_up-choose = Velg kommune
follow_up-status = Hva er gjort?
follow_up-day = Dato
follow_up-note = Merknad (valgfri)
follow_up-note-how = Ikke skriv navn eller andre opplysninger om personer
follow_up-send = Registrer
follow_up-counts = Det du registrerer, teller i tallene fra neste utgave. «Takket nei» og «Ikke aktuelt» tar kommunen av listen.
follow_up-undo = Angre
follow_up-undo-of = Angre registreringen for { $name }
follow_up-unread = Registrert oppfølging kan ikke vises akkurat nå.
follow_up-told-done = { $name }: { $now } er registrert, og teller fra neste utgave.
follow_up-told-same = { $name }: { $now } var allerede registrert.
follow_up-told-undone = Registreringen for { $name } er angret. Nå gjelder: { $now }.
follow_up-told-overtaken = Noen andre har registrert noe for { $name } mens du hadde siden oppe: { $now }. Det du registrerte, er ikke lagret. Registrer på nytt hvis du vil erstatte det.
follow_up-told-busy = Ikke lagret for { $name }: Tallene oppdateres akkurat nå. Prøv igjen om noen minutter.
follow_up-told-refused = Ikke lagret for { $name }: Registeret godtok ikke oppføringen. Datoen kan ikke være i framtiden.
follow_up-told-closed = Ikke lagret for { $name }: Registeret kan ikke endres herfra. Bruk skjemaet i stedet.
follow_up-merged = { $name } er nå en del av { $successor }, og oppfølgingen føres der.
ready-YES = Ja
ready-NO = Ikke ennå
ready-UNKNOWN = Ikke kjent
suppliers-title = { $n ->
        [one] Én kommune
       *[other] { SPELLED($n, at: "start") } kommuner
    } med fagsystem fra { $supplier } venter på { $service }
suppliers-title-no = { $supplier } er ikke klar for { $service }, og { $n ->
        [one] én kommune som har signert, venter
       *[other] { SPELLED($n) } kommuner som har signert, venter
    }
suppliers-signed = Har signert, men er ikke i gang
suppliers-held = Har signert, men må vente
suppliers-no = { $n } nei
suppliers-no-words = «Nei»: leverandøren støtter ikke tjenesten ennå, ifølge registeret. Ring leverandøren, ikke kommunene.
suppliers-shown = De { $n } første av { $all }. Filene har alle.
suppliers-title-none = Leverandører med flest ventende kommuner
suppliers-subtitle = Kommuner i { $area } som venter på hver tjeneste, etter fagsystemet de er sett med de siste tolv månedene.
suppliers-open = Vis { $n ->
        [one] leverandøren
       *[other] de { $n } leverandørsystemene
    } og hvem som venter på { $service }
suppliers-none = Vi vet ikke hvilke fagsystemer de ventende kommunene i { $area } har brukt de siste tolv månedene.
suppliers-untold = Vi mangler fagsystemdata for { $service }, og vet derfor ikke hvilken leverandør som kan åpne for flere.
suppliers-caption = Leverandører og tjenestene kommunene deres venter på
suppliers-caption-one = Leverandører og hvem som venter
suppliers-region = Tabell som kan rulles: leverandører og hvem som venter
suppliers-supplier = Leverandør og fagsystem
suppliers-waiting = Kommuner som venter
suppliers-active = Har tjenesten, hele landet
month-one = måned
month-many = måneder
standing-ACTIVATED-USE = Aktivert, ikke brukt siste 90 dager
standing-ACTIVATED-EVENT = Aktivert før, ikke nå
standing-CONFIGURED = Satt opp
standing-ANNEX_SIGNED = Vedlegg signert
standing-SUSPENDED = Satt på pause
standing-NOT_LISTED = Ikke på kildens siste liste
standing-TERMINATED = Avsluttet
standing-NONE = Ingen steg registrert
made-active-EVENT = **Aktivert**: en kilde har meldt at kommunen er koblet på tjenesten, og ikke meldt at den er koblet av. Det er ikke det samme som at tjenesten brukes.
made-active-USE = **I bruk**: kommunen brukte tjenesten minst én gang de siste 90 dagene.
made-lacking = **Mangler levering**: den siste leveringen som var forventet om kommunen i de 90 dagene, er ikke kommet. Hva som er forventet, følger av hva virksomheten pleier å levere. Da er det ukjent om tjenesten ble brukt.
made-share = **Andel av innbyggerne**: innbyggere i kommunene som har tjenesten, av alle innbyggere i området, per 1. januar.
made-left = **Gjenstår**: kommuner i området, i dagens inndeling (2024), som ikke har tjenesten.
made-steps = **Steg**: vedlegg signert, satt opp, aktivert, i bruk. Et steg teller også dem som er kommet lenger.
made-priority = **Prioritet**: 1 har vedlegg eller oppsett uten bruk; 2 har en leverandør som er klar, og en av de ti mest like kommunene er i gang; 3 har en leverandør som er klar; 4 er resten. Kommuner som må vente på leverandøren, har også 4 og står sist: da er det leverandøren du kan ringe. Ventetiden regnes fra siste steg, når tidspunktet er kjent.
made-ready = **Er leverandøren klar**: Ja når kommunen har brukt leverandørens fagsystem de siste tolv månedene, og systemet leverer tjenesten for minst tre andre. Ja også når registeret sier det. Ikke ennå når registeret sier at støtten kommer senere. Ellers ikke kjent.
made-forecast = **Framskriving**: laget med metoden som traff best da den ble testet på kjente måneder. Feilen er summen av avvikene delt på summen av de faktiske tallene. Den er målt i måneder som ikke ble brukt til å velge metode. En metode som verken slår siste måned eller snittet, blir ikke vist.
made-comparison = **Sammenligning**: samme måned året før. Mangler den tall, brukes forrige måned med tall. Bare måneder som er talt på samme måte, sammenlignes.
made-limits = Måneder uten tall vises som mangler (`..`) og er ikke null. Første gang en kilde melder om en kommune, kan kommunen ha vært koblet på lenger. Da er ventetiden ukjent. Kommunene følger dagens inndeling; eldre kommunenumre er ført over.
contents-ringeliste = Ringeliste
contents-steg = Fra avtale til bruk
contents-kurve = Utvikling
contents-kart = Kart
contents-nettverk = Nettverkene
