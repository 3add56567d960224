### One municipality and all services, or all municipalities of an area.

municipality-title = Kommune
municipality-none = Alle i området
municipality-choose = Velg en kommune for å se alle tjenestene den har tatt i bruk, eller et nettverk eller fylke for å sammenligne kommunene der.
municipality-lacks = Utgaven viser ikke hvor langt hver kommune er kommet.
municipality-answer = { $name } hadde { $n } av { $all } tjenester i bruk eller aktivert i { $month }.
municipality-answer-waiting = { $services } er avtalt, men ikke tatt i bruk.
municipality-area-answer = { $most_names } har flest tjenester av kommunene i { $place } ({ $most }), og { $fewest_names } har færrest ({ $fewest }), i { $month }.
municipality-of_month = { $text } ({ $month })
municipality-n_of_m = { $n } av { $m }
municipality-no_year = Ingen tall for samme måned i fjor
municipality-unknown = ikke kjent
municipality-no_later = { $month } eller før
municipality-figure-active = Tjenester i bruk eller aktivert
municipality-figure-active-words = { $n ->
        [0] alle tjenestene har tall for måneden
        [one] { $n } tjeneste er uten tall for måneden; siste tall gjelder
       *[other] { $n } tjenester er uten tall for måneden; siste tall gjelder
    }
municipality-figure-ahead = Tjenester lignende kommuner har i bruk, men ikke denne
municipality-figure-ahead-none = Kommunen har alt som de fleste lignende har
municipality-figure-sent = Forsendelser i måneden, alle tjenester
municipality-month_before = samme måned året før
municipality-services-title = Tjenestene i { $name }
municipality-services-subtitle = De lignende er de { $n } kommunene som er mest like i innbyggertall og beliggenhet.
municipality-services-caption = Kommunens tjenester
municipality-to_usage = Se hvordan { $name } bruker tjenestene, sammenlignet med andre
municipality-matrix-title = Kommune for kommune
municipality-matrix-caption = Kommuner og tjenester
municipality-matrix-none = Ingen tjenester har tall for dette området i måneden. Velg en annen måned.
municipality-column-service = Tjeneste
municipality-column-standing = Status
municipality-column-since = Siden
municipality-column-use = Bruk i måneden
municipality-column-change = Endring på ett år
municipality-column-trend = Utvikling
municipality-column-similar = Lignende som har den
municipality-column-count = Antall
municipality-standing-IN_USE = i bruk
municipality-standing-ACTIVATED = aktivert
municipality-standing-ACTIVATED_UNUSED = aktivert, uten bruk i 90 dager
municipality-standing-CONFIGURED = satt opp
municipality-standing-ANNEX_SIGNED = vedlegg signert
municipality-standing-SUSPENDED = satt på pause
municipality-standing-TERMINATED = avsluttet
municipality-standing-NOT_LISTED = ikke på kildens siste liste
municipality-standing-NONE = ikke begynt
municipality-made-standing = **Status:** det lengste steget som en kilde har meldt for kommunen og tjenesten i måneden. Har tjenesten ingen tall for måneden, gjelder siste måned med tall, som da står i parentes. Det ingen kilde har meldt, er «ikke kjent», aldri «ikke begynt». Der bruk måles, teller tjenesten som i bruk når den er brukt siste 90 dager; er den bare aktivert, står det «aktivert, uten bruk i 90 dager», og den telles ikke med.
municipality-made-similar = **Lignende kommuner:** de som er nærmest i innbyggertall og i innbyggere innen 50 km. Bare de som har tall, teller med.
municipality-made-use = **Bruk:** forsendelser der tjenesten sender, ellers det målet som sier mest om tjenesten.
column-similar_known = Lignende kommuner med tall
column-similar_active = Lignende kommuner som har tjenesten
contents-tjenester = Tjenestene
municipality-areas-title = Hvor langt nettverk og fylker er kommet
municipality-areas-subtitle = Tjenester som er i bruk eller aktivert, i snitt per kommune, { $month }. Tjenestene er de samme i alle områder. Velg et område for å se hver kommune.
column-area = Område
column-services_mean = Tjenester per kommune
column-behind_share = Andel av områdets kommuner
column-country_share = Andel av landets kommuner
column-behind = Lengst etter landet
municipality-areas-behind = { $name }: { $behind } av kommunene, { $country } i landet
municipality-areas-none = ingen tjeneste
municipality-choose-NETWORK = Nettverk
municipality-choose-COUNTY = Fylker
contents-network = Nettverk
contents-county = Fylker
municipality-report = Kommunens ark, til utskrift
