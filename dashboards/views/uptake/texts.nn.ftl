### Det sida om utbreiing seier, på nynorsk: svaret, nøkkeltala og ringjelista. Resten står på bokmål.

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
contents-lansering = Frå lansering
