### What the page about uptake says. Bokmål and English, in plain words.

uptake-title = Utbredelse
uptake-answer-EVENT = { $active } av { $all } { $noun } i { $area } hadde aktivert { $service } i { $month }. { $share } av innbyggerne bor i dem.
uptake-answer-USE = { $active } av { $all } { $noun } i { $area } brukte { $service } i { $month }. { $share } av innbyggerne bor i dem.
uptake-change-more = { $n } flere enn i { $month }
uptake-change-fewer = { $n } færre enn i { $month }
uptake-change-same = like mange som i { $month }
uptake-change-first = første observerte måned
uptake-change-sentence = Det er { $change }{ $gap }.
uptake-change-gap = , som var forrige måned noen observerte
uptake-change-gap-basis = , som var forrige måned som ble talt på samme måte
uptake-change-other-EVENT = ikke sammenlignbart: til og med { $month } ble aktiverte talt
uptake-change-other-USE = ikke sammenlignbart: til og med { $month } ble bruk talt
uptake-figures = Nøkkeltall
uptake-figure-active-EVENT = Kommuner som har aktivert
uptake-figure-active-USE = Kommuner i bruk
uptake-n_of_m = { $n } av { $m }
uptake-figure-share = Andel av innbyggerne
uptake-figure-share-points = { $points } prosentpoeng siden { $month }
uptake-figure-left = Kommuner som gjenstår
uptake-figure-left-words = { $n } innbyggere (1.1.{ $year })
uptake-figure-left-unknown = innbyggertall mangler for { $n } { $noun }
uptake-figure-waiting = Vedlegg uten bruk
uptake-figure-waiting-EVENT = Vedlegg, ikke aktivert
uptake-figure-waiting-words = av kommunene har signert, men ikke kommet i gang
uptake-figure-waiting-unknown = mangler: ingen kilde melder vedlegg for tjenesten
uptake-figure-network = Nettverk med høyest andel
uptake-figure-network-words = { $best }, { $n } av { $m }. Lavest: { $worst }, { $wn } av { $wm }
uptake-step-ANNEX_SIGNED = Vedlegg signert
uptake-step-CONFIGURED = Satt opp
uptake-step-ACTIVATED = Aktivert
uptake-step-ACTIVE = I bruk
uptake-step-STILL = Fortsatt aktivert
uptake-step-inferred = utledet
uptake-step-unmeasured = måles ikke ennå
uptake-funnel-title-EVENT = Fra avtale til bruk: { $active } av { $all } har aktivert
uptake-funnel-title-none = Fra avtale til bruk: ingen har vedlegg uten å bruke tjenesten
uptake-funnel-title-USE = Fra avtale til bruk: { $lost } har vedlegg uten å bruke tjenesten
uptake-funnel-subtitle = Antall kommuner per steg, { $month }, { $area }. Et steg teller også dem som er kommet lenger.
uptake-funnel-inferred = Grå søyler er utledet: kildene melder ikke steget, men den som er aktivert, må ha tatt det.
uptake-funnel-axis = kommuner
uptake-curve-title-none-EVENT = { $service }: ikke aktivert av noen ennå
uptake-curve-title-none-USE = { $service }: ikke brukt av noen ennå
uptake-curve-title-EVENT = { $service }: aktivert av { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-USE = { $service }: brukt av { $first } { $noun } i { $first_month } og { $last } i { $last_month }
uptake-curve-title-one-EVENT = { $service }: aktivert av { $last } { $noun } i { $month }
uptake-curve-title-one-USE = { $service }: brukt av { $last } { $noun } i { $month }
uptake-curve-dashed = Stiplet: aktivert, ikke målt bruk.
uptake-curve-subtitle-EVENT = Kommuner som har aktivert, per måned, { $area }.
uptake-curve-subtitle-USE = Kommuner i bruk, per måned, { $area }.
uptake-curve-gap = Ikke observert
uptake-curve-gaps = Ikke observert: { $gaps }. Det er hull i kilden, ikke null.
uptake-curve-external = { $name } (andres, til sammenligning)
uptake-curve-chosen = Tjeneste
uptake-curve-words = Kurve over { $service }, { $basis }: { $first } { $noun } i { $first_month }, { $last } i { $last_month }.
uptake-curve-words-external = Til sammenligning har { $name } { $n } i { $month }.
column-active = Har tjenesten
column-active_basis = Regnet etter
value-active_basis-USE = målt bruk
value-active_basis-EVENT = melding om aktivering
uptake-launched-title = Fra lansering: { $said }
uptake-launched-subtitle = Kommuner som har tjenesten, { $area }, etter antall år. År 0 er lanseringen; der produktregisteret ikke kjenner den, første måned en kommune hadde tjenesten. Hver strek er en tjeneste; { $name } er framhevet. En strek som faller brått, kan være gått fra aktivert til målt bruk.
uptake-launched-axis = år siden lansering
uptake-launched-since = Siden lansering
uptake-launched-after = { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }
uptake-launched-none = ingen kommune har hatt tjenesten ennå
uptake-launched-words-oldest = { $name } er hos { $active } { $noun } etter { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }; ingen er eldre
uptake-launched-words = { $name } er hos { $active } { $noun } etter { $months ->
        [one] { $months } måned
       *[other] { $months } måneder
    }; { $further } av { $older ->
        [one] { $older } eldre tjeneste
       *[other] { $older } eldre tjenester
    } var kommet lenger da
uptake-funnel-words = Fra avtale til bruk for { $service } i { $month }, av { $all } { $noun }: { $steps }.
uptake-source = Kilde: { $source }, utgave { $release }.
uptake-table-title = Nettverkene: { $best } er kommet lengst med { $service }, { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommuner
    }
uptake-table-title-none = Tjenester per nettverk
uptake-table-subtitle = Kommuner som har tjenesten, av kommunene i nettverket, i siste observerte måned til og med { $month }. Mørkere betyr høyere andel; tallet sier det samme. { $missing ->
        [one] { $missing } tjeneste
       *[other] { $missing } tjenester
    } er utelatt fordi ingen kilde melder utbredelsen.
uptake-table-synthetic = Rader merket «syntetisk» er laget av en simulator.
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
uptake-table-networks = Medlemskap er utledet av fylkene nettverkene dekker. Ikke bekreftet at nettverket finnes, eller bare omtalt: { $unsure }. Deler av nettverk står i områdevalget, ikke i tabellen.
uptake-off_list = { $names } sto på kildens liste før, men ikke på den siste. Om tjenesten fortsatt er aktivert der, er ikke observert, og { $n ->
        [one] { $n } kommunen
       *[other] { $n } kommunene
    } er ikke regnet med.
uptake-off_list-split = { $names }: regnet med som anslag, fordi kilden melder om kommunen før den ble delt.
uptake-lacking-title = Leveringer mangler
uptake-lacking = For { $n } { $noun } mangler en levering som var ventet (siste { $day }).
uptake-lacking-none = Hull er ikke null bruk. Ingen av dem står som ikke i bruk i { $month }.
uptake-lacking-mark = mangler levering siden { $day }
uptake-table-region = Tabell som kan rulles: kommuner per tjeneste og nettverk
uptake-lacking-listed = Hull er ikke null bruk: { $n } { $noun } står som ikke i bruk i { $month }, og kan ha brukt tjenesten likevel.
uptake-lacking-later = Etter { $month } mangler en levering som var ventet for { $n } { $noun } (siste { $day }). Det rører ikke tallene for den måneden.
forecast-sentence = Ventet i { $month }: { $expected } av { $all } { $noun } (mellom { $low } og { $high }).
forecast-missed = Prøvd { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } fram på måneder som ble holdt utenfor, bommet metoden med { $error }; siste måned ville bommet med { $last_value }, snittet av siste år med { $mean }.
forecast-missed-known = Prøvd på måneder som er kjent, bommet metoden med { $error }.
forecast-error-small = under 1 %
forecast-drawn = Prikket linje med bånd: ventet, fra lavt til høyt, med siste tall under.
forecast-open = Vis framskrivingen som tabell, og last ned
forecast-caption = Kommuner som er ventet å ha tjenesten, per måned
forecast-expected = Ventet
forecast-between = Mellom
forecast-few = Ingen framskriving: bare { $n } { $noun } på rad er observert på samme måte; det trengs minst { $least }.
forecast-old = Ingen framskriving: siste observerte måned, { $month }, er for gammel.
forecast-beaten = Ingen framskriving: i måneder som ble holdt utenfor, slo metoden verken siste måned eller snittet.
forecast-not_in_release = Ingen framskriving: utgave { $release } er laget før framskrivingene.
calls-title = Ringeliste: { $n } { $noun } er ikke i gang med { $service }, { $first } har prioritet 1
calls-title-none_first = Ringeliste: { $n } { $noun } er ikke i gang med { $service }
calls-closed = Ringelisten viser hvilke fagsystemer kommunene bruker. Den er for nettverkene, om egne medlemmer, og for DIF. Velg ditt eget nettverk under «Område».
calls-title-plain = Ringeliste
calls-subtitle = { $area }, slik det sto i { $month }.
calls-subtitle-use = { $area }: steg slik de sto i { $month }, i gang eller ikke slik det sto i { $active }.
calls-order = Etter prioritet, så lengst ventetid, så flest innbyggere.
calls-open_month = { $of } er ikke over, så listen kan avvike fra tallene for { $month } over.
calls-none = Ingen kommuner i { $area } står på ringelisten for { $service }.
calls-older = Ringelisten og leverandørene gjelder siste måned, ikke { $month }. [Se dem sammen med tallene for { $last }]({ $link }).
calls-not_in_release = Utgave { $release } er laget før ringelisten ble en del av tallene. Den kommer med neste utgave.
calls-lacking = Merket «mangler levering» i listen: { $n } { $noun }, som kan ha brukt tjenesten likevel.
calls-wait = Ventetid er ikke mulig (.) uten steg, etter oppsigelse, og for den som er aktivert: siste bruk er ikke kjent her. Der steget bare er kjent som «senest», mangler den (..).
calls-follow_up-title = Slik melder dere oppfølging
calls-follow_up = Nettverket får listen sin som et skjema, fyller det ut og sender det tilbake. Fra neste utgave står oppfølgingen i listen, og de som har takket nei eller ikke er aktuelle, er ute av den.
calls-follow_up-commands = Slik lages skjemaet, og slik tas det inn:
calls-follow_up-network = NETTVERK
calls-follow_up-file = oppfolging.xlsx
calls-caption = Kommuner på ringelisten (rull til siden for kontakt og oppfølging)
calls-region = Tabell som kan rulles: ringelisten
calls-why = Hvorfor den står på listen
calls-priority = Prioritet { $n }
calls-change-none = Ingenting nytt
declined = Takket nei: { $no }. Ikke aktuelt: { $not_relevant }. De står ikke på ringelisten.
declined-none = Ingen har takket nei.
follow_up-KONTAKTET = kontaktet
follow_up-PLANLAGT = planlagt
follow_up-on = { $status } { $day }
follow_up-none = Ingen
ready-YES = Ja
ready-NO = Ikke ennå
ready-UNKNOWN = Ikke kjent
suppliers-title = Én samtale som åpner mange: { $supplier } har { $n } { $noun } som venter på { $service }
suppliers-title-none = Leverandører: én samtale som åpner mange
suppliers-subtitle = Systemene som flest ventende kommuner i { $area } er sett med de siste tolv månedene.
suppliers-none = Ingen av kommunene som venter i { $area }, er sett med et kjent fagsystem de siste tolv månedene. Da vet vi ikke hvilken leverandør som kan åpne for flere.
suppliers-untold = Ingen tilknytning forteller om { $service }: tjenesten måles ikke per fagsystem. Da vet vi ikke hvilken leverandør som kan åpne for flere.
suppliers-caption = Leverandører og hvem som venter
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
made-lacking = **Mangler levering**: den nyeste leveringen som var ventet om kommunen i de 90 dagene, er ikke kommet. Hva som er ventet, følger av hva virksomheten pleier å levere. Da er det ukjent om tjenesten ble brukt.
made-share = **Andel av innbyggerne**: innbyggere i kommunene som har tjenesten, av alle innbyggere i området, per 1. januar.
made-left = **Gjenstår**: kommuner i området, i dagens inndeling (2024), som ikke har tjenesten.
made-steps = **Steg**: vedlegg signert, satt opp, aktivert, i bruk. Et steg teller også dem som er kommet lenger.
made-priority = **Prioritet**: 1 har vedlegg eller oppsett uten bruk; 2 har en leverandør som er klar, og en av de ti mest like kommunene er i gang; 3 har en leverandør som er klar; 4 er resten.
made-ready = **Er leverandøren klar**: ja når kommunen er sett med leverandørens fagsystem de siste tolv månedene, og det leverer tjenesten for minst tre andre, eller registeret sier det; ikke ennå når registeret sier at støtten kommer senere; ellers ikke kjent.
made-forecast = **Framskriving**: av den metoden som traff best da den ble prøvd på måneder som er kjent. Feilen er summen av avvikene delt på summen av de faktiske tallene, i måneder som ikke var med på å velge. En metode som verken slår siste måned eller snittet, blir ikke vist.
made-comparison = **Sammenligning**: samme måned året før, eller forrige observerte måned når ingen observerte den. Bare måneder som er talt på samme måte, sammenlignes.
made-limits = Måneder ingen observerte, mangler (`..`) og er ikke null. Første gang en kilde ses, kan kommunen ha vært koblet på lenger: da er ventetiden ukjent. Kommuner er i dagens inndeling; eldre nummer er ført dit.
