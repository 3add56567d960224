### Kartet over utbreiinga, på nynorsk.

map-title = { $service } på kartet
map-title-USE = { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommunar
    } i { $area } bruker { $service }
map-title-EVENT = { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommunar
    } i { $area } har aktivert { $service }
map-title-unobserved = Ingen tal for { $service } i { $month }
map-subtitle = Éin sekskant er éin kommune, om lag der han ligg, { $month }. Vel ein kommune for å sjå bruken der.
map-subtitle-geographic = Kor langt kvar kommune er komen med { $service } i { $month }.
map-subtitle-drawn = Éin sekskant er éin kommune, om lag der han ligg, { $month }.
map-subtitle-drawn-geographic = Kor langt kvar kommune er komen, { $month }.
map-label = Kart over { $service } i { $month }
map-skip = Hopp over kartet ({ $n ->
        [one] { $n } lenkje
       *[other] { $n } lenkjer
    })
map-key = Teiknforklaring
map-n_of_m = { $n } av { $m }
map-unknown = ukjend
map-at_least = minst { $n } av { $m }
map-own = Omriss: { $network }
map-step-NONE = ingen steg registrerte
map-step-ANNEX_SIGNED = vedlegg signert
map-step-CONFIGURED = sett opp
map-step-ACTIVATED-EVENT = aktivert
map-step-ACTIVATED-USE = aktivert, ikkje brukt siste 90 dagar
map-step-IN_USE = i bruk
map-step-SUSPENDED = sett på pause
map-step-NOT_LISTED = ikkje på den siste lista til kjelda
map-step-TERMINATED = avslutta
map-step-UNOBSERVED = utan tal
map-step-LACKING = levering manglar, kan vere i bruk
map-step-UNKNOWN = utan tal, eller levering manglar
map-since = { $step } sidan { $month }
map-since-no_later = { $step } sidan { $month } eller tidlegare
map-words = Kart over { $service } i { $month }: { $steps }. { $counties }
map-words-counties = Størst del i { $best } ({ $n } av { $m }), minst i { $worst } ({ $wn } av { $wm }).
map-words-counties-same = Delen er den same i alle fylke.
map-words-unobserved = Kart over { $service } i { $month }: Ingen har meldt tal for tenesta den månaden.
map-files = Last ned kartet og tala i det
map-table = Kommunar per fylke, { $service }, { $month }
map-table-region = Tabell som kan rullast: kommunar per fylke
map-table-county = Fylke
map-table-open = Vis fylka som tabell
map-table-USE = I bruk
map-table-EVENT = Aktivert
map-table-waiting = På veg
map-table-waiting-about = På veg: vedlegg signert, sett opp eller aktivert, men ikkje komne heilt fram.
map-table-unknown = Ukjend
map-share = Lenkje til kartet slik det står i { $month }
map-kind-tiles = Éin sekskant per kommune
map-kind-geographic = Geografisk kart
map-play = Spel av
map-skips = Avspelinga hoppar over { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } utan tal.
map-stop = Stopp
map-geometry-broken = Det geografiske kartet kan ikkje visast fordi kartfila ikkje kan brukast. Loggen seier kvifor.
map-geometry-source = Grenser: { $source }
map-geometry-without = Desse kommunane er ikkje i kartfila: { $names }.
map-letter-NONE = –
map-letter-ANNEX_SIGNED = V
map-letter-CONFIGURED = O
map-letter-ACTIVATED = A
map-letter-IN_USE = B
map-letter-SUSPENDED = P
map-letter-NOT_LISTED = L
map-letter-TERMINATED = X
map-letter-UNKNOWN = ?
map-tile = { $name } ({ $code }): { $standing }
map-words-count = { $n } { $noun } { $step }
