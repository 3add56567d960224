### Éin kommune og alle tenester, eller alle kommunar i eit område, på nynorsk.

municipality-none = Alle i området
municipality-choose = Vel ein kommune for å sjå alle tenestene han har teke i bruk, eller eit nettverk eller fylke for å samanlikne kommunane der.
municipality-answer = { $name } hadde { $n } av { $all } tenester i bruk eller aktiverte i { $month }.
municipality-answer-waiting = { $services } er avtalt, men ikkje teke i bruk.
municipality-area-answer = { $most_names } har flest tenester av kommunane i { $place } ({ $most }), og { $fewest_names } har færrast ({ $fewest }), i { $month }.
municipality-no_year = Ingen tal for same månad i fjor
municipality-unknown = ikkje kjent
municipality-no_later = { $month } eller før
municipality-figure-active = Tenester i bruk eller aktiverte
municipality-figure-active-words = { $n ->
        [0] alle tenestene har tal for månaden
        [one] { $n } teneste er utan tal for månaden; siste tal gjeld
       *[other] { $n } tenester er utan tal for månaden; siste tal gjeld
    }
municipality-figure-ahead = Tenester liknande kommunar har i bruk, men ikkje denne
municipality-figure-ahead-none = Kommunen har alt dei fleste liknande har
municipality-figure-sent = Forsendingar i månaden, alle tenester
municipality-month_before = same månad året før
municipality-services-title = Tenestene i { $name }
municipality-services-subtitle = Liknande er dei { $n } kommunane som liknar mest i innbyggjartal og kvar dei ligg.
municipality-services-caption = Tenestene til kommunen
municipality-to_usage = Sjå korleis { $name } bruker tenestene, samanlikna med andre
municipality-matrix-caption = Kommunar og tenester
municipality-column-service = Teneste
municipality-column-since = Sidan
municipality-column-use = Bruk i månaden
municipality-column-change = Endring på eitt år
municipality-column-similar = Liknande som har henne
municipality-column-count = Tal
municipality-standing-CONFIGURED = sett opp
municipality-standing-SUSPENDED = sett på pause
municipality-standing-TERMINATED = avslutta
municipality-standing-NOT_LISTED = ikkje på den siste lista til kjelda
municipality-standing-NONE = ikkje byrja
contents-tjenester = Tenestene
municipality-report = Arket til kommunen, til utskrift
municipality-title = Kommune
municipality-lacks = Utgåva viser ikkje kor langt kvar kommune er komen.
municipality-of_month = { $text } ({ $month })
municipality-n_of_m = { $n } av { $m }
municipality-matrix-title = Kommune for kommune
municipality-matrix-none = Ingen tenester har tal for dette området i månaden. Vel ein annan månad.
municipality-column-standing = Status
municipality-column-trend = Utvikling
municipality-standing-IN_USE = i bruk
municipality-standing-ACTIVATED = aktivert
municipality-standing-ACTIVATED_UNUSED = aktivert, utan bruk på 90 dagar
municipality-standing-ANNEX_SIGNED = vedlegg signert
municipality-made-standing = **Status:** det lengste steget som ei kjelde har meldt for kommunen og tenesta i månaden. Har tenesta ingen tal for månaden, gjeld siste månad med tal, som då står i parentes. Det inga kjelde har meldt, er «ikkje kjent», aldri «ikkje byrja». Der bruk blir målt, tel tenesta som i bruk når ho er brukt dei siste 90 dagane; er ho berre aktivert, står det «aktivert, utan bruk på 90 dagar», og ho er ikkje rekna med.
municipality-made-similar = **Liknande kommunar:** dei som er nærast i innbyggjartal og i innbyggjarar innan 50 km. Berre dei som har tal, tel med.
municipality-made-use = **Bruk:** forsendingar der tenesta sender, elles det målet som seier mest om tenesta.
column-similar_known = Liknande kommunar med tal
column-similar_active = Liknande kommunar som har tenesta
municipality-areas-title = Kor langt nettverk og fylke er komne
municipality-areas-subtitle = Tenester som er i bruk eller aktiverte, i snitt per kommune, { $month }. Tenestene er dei same i alle område. Vel eit område for å sjå kvar kommune.
column-area = Område
column-services_mean = Tenester per kommune
column-behind_share = Del av kommunane i området
column-country_share = Del av kommunane i landet
column-behind = Lengst etter landet
municipality-areas-behind = { $name }: { $behind } av kommunane, { $country } i landet
municipality-areas-none = inga teneste
municipality-choose-NETWORK = Nettverk
municipality-choose-COUNTY = Fylke
contents-network = Nettverk
contents-county = Fylke
