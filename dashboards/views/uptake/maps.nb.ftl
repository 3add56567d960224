### What the map says, in Norwegian bokmål and in English.

map-title = { $service } på kartet
map-title-USE = { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommuner
    } i { $area } bruker { $service }
map-title-EVENT = { $n } av { $m ->
        [one] { $m } kommune
       *[other] { $m } kommuner
    } i { $area } har aktivert { $service }
map-title-unobserved = Ingen tall for { $service } i { $month }
map-subtitle = Én sekskant er én kommune, omtrent der den ligger, { $month }. Velg en kommune for å se bruken der.
map-subtitle-geographic = Hvor langt hver kommune er kommet med { $service } i { $month }.
map-subtitle-drawn = Én sekskant er én kommune, omtrent der den ligger, { $month }.
map-subtitle-drawn-geographic = Hvor langt hver kommune er kommet, { $month }.
map-label = Kart over { $service } i { $month }
map-skip = Hopp over kartet ({ $n ->
        [one] { $n } lenke
       *[other] { $n } lenker
    })
map-key = Tegnforklaring
map-n_of_m = { $n } av { $m }
map-unknown = ukjent
map-at_least = minst { $n } av { $m }
map-own = Omriss: { $network }

## one letter a step: each different from the others in its language

map-letter-NONE = –
map-letter-ANNEX_SIGNED = V
map-letter-CONFIGURED = O
map-letter-ACTIVATED = A
map-letter-IN_USE = B
map-letter-SUSPENDED = P
map-letter-NOT_LISTED = L
map-letter-TERMINATED = X
map-letter-UNKNOWN = ?
map-step-NONE = ingen steg registrert
map-step-ANNEX_SIGNED = vedlegg signert
map-step-CONFIGURED = satt opp
map-step-ACTIVATED-EVENT = aktivert
map-step-ACTIVATED-USE = aktivert, ikke brukt siste 90 dager
map-step-IN_USE = i bruk
map-step-SUSPENDED = satt på pause
map-step-NOT_LISTED = ikke på kildens siste liste
map-step-TERMINATED = avsluttet
map-step-UNOBSERVED = uten tall
map-step-LACKING = levering mangler, kan være i bruk
map-step-UNKNOWN = uten tall, eller levering mangler
map-since = { $step } siden { $month }
map-since-no_later = { $step } siden { $month } eller tidligere
map-tile = { $name } ({ $code }): { $standing }
map-words = Kart over { $service } i { $month }: { $steps }. { $counties }
map-words-count = { $n } { $noun } { $step }
map-words-counties = Størst andel i { $best } ({ $n } av { $m }), minst i { $worst } ({ $wn } av { $wm }).
map-words-counties-same = Andelen er den samme i alle fylker.
map-words-unobserved = Kart over { $service } i { $month }: Ingen har meldt tall for tjenesten den måneden.
map-files = Last ned kartet og tallene i det
map-table = Kommuner per fylke, { $service }, { $month }
map-table-region = Tabell som kan rulles: kommuner per fylke
map-table-county = Fylke
map-table-open = Vis fylkene som tabell
map-table-USE = I bruk
map-table-EVENT = Aktivert
map-table-waiting = På vei
map-table-waiting-about = På vei: vedlegg signert, satt opp eller aktivert, men ikke kommet helt fram.
map-table-unknown = Ukjent
map-share = Lenke til kartet slik det står i { $month }
map-kind-tiles = Én sekskant per kommune
map-kind-geographic = Geografisk kart
map-play = Spill av
map-skips = Avspillingen hopper over { $n ->
        [one] { $n } måned
       *[other] { $n } måneder
    } uten tall.
map-stop = Stopp
map-geometry-broken = Det geografiske kartet kan ikke vises fordi kartfilen ikke kan brukes. Loggen sier hvorfor.
map-geometry-source = Grenser: { $source }
map-geometry-without = Disse kommunene er ikke i kartfilen: { $names }.
