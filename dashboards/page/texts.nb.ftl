### What every page says: its frame, its states, its filters and files. Bokmål and English, in plain words.

app-title = Fellestjenester i tall
overview-title = Oversikt
usage-title = Bruk per kommune
service-title = Tjeneste
accounts-title = Produktregnskap
organisation-title = Min organisasjon
data-title = Datakvalitet og katalog
definitions-title = Definisjoner
about-title = Om og tilgjengelighet
app-skip = Hopp til innholdet
app-no_script = Diagrammer, tabeller og valg krever JavaScript. Tallene over vises også uten.
app-no_page-title = Siden finnes ikke
app-no_page = Ingen side har denne adressen. Kanskje er lenken skrevet feil, eller en del av den mangler.
app-no_page-pages = Sidene
app-menu-overview = Oversikt
app-menu-municipality = Kommune
app-menu-usage = Bruk
app-menu-uptake = Utbredelse
app-menu-service = Tjeneste
app-menu-accounts = Produktregnskap
app-menu-organisation = Min organisasjon
app-menu-data = Data
app-menu-definitions = Definisjoner
app-menu-about = Om
streamlit-pages = Sidene
streamlit-choose = Velg
streamlit-clear = Fjern valget
streamlit-clear_all = Fjern alle valg
streamlit-menu-close = Lukk menyen
streamlit-menu-open = Åpne menyen
streamlit-decrement = Mindre
streamlit-increment = Mer
streamlit-home = Til forsiden
streamlit-open = Åpne listen
streamlit-selected = Det som er valgt
streamlit-marks = gruppe av merker
streamlit-chart = diagram
streamlit-date = Velg dato
streamlit-close = Lukk
streamlit-connecting = Kobler til
streamlit-connecting-server = Kobler til serveren
streamlit-lost = Ingen kontakt med serveren
streamlit-error = Feil
streamlit-stopped = Serveren svarer ikke. Prøv igjen om litt.
streamlit-options = Det som kan velges
streamlit-none = Ingen treff
streamlit-enter = Trykk Enter for å bruke
streamlit-enter-form = Trykk Enter for å sende
streamlit-all = Velg alle
streamlit-silent = Serveren svarer ikke. Er du på nett?
streamlit-date-keys = Flytt med piltastene, velg med Enter, lukk med Escape.
app-other_language = English
app-freshness-through = Tall til og med { $month }
app-freshness-service = Siste måned med tall for denne tjenesten: { $month }
app-freshness-updated = Oppdatert { $at }
app-freshness-checks = Alle { $passed } kontroller bestått
app-freshness-checks_failed = { $failed } av { $all } kontroller ikke bestått
app-freshness-late = { $n ->
        [one] { $n } virksomhet mangler levering
       *[other] { $n } virksomheter mangler levering
    } for { $month }
app-freshness-release = Utgave { $release }
app-synthetic = syntetisk
app-synthetic-sentence = Syntetiske tall.
app-perturbed = Tallene er endret tilfeldig med noen få enheter av hensyn til personvernet. Summer kan derfor avvike litt.
app-perturbed-of = { $names }: { app-perturbed }
app-awaited = Tallene for { $month } kommer sju virkedager etter månedens slutt.
app-awaited-of = { $names }: { app-awaited }
app-contact-title = Kontakt
app-contact = Spørsmål om tallene: { $contact }
app-contact-unset = Kontaktadresse for tallene mangler.
state-no_release-command = Den som drifter plattformen, lager den med en av disse: den første med eksempeldata, den andre av det som er mottatt.
state-no_release-title = Det finnes ingen utgave ennå
state-no_release = Tallene vises når den første utgaven er laget og siden er lastet på nytt. Siden leter etter utgaver i `{ $folder }`.
state-failed-title = Siste oppdatering ble stoppet { $at }
state-failed-checks = Disse kontrollene feilet: { $checks }.
state-failed-other = Årsak: { $problem }
state-failed-touched = Kontrollene gjelder tall på denne siden.
state-failed-untouched = Kontrollene gjelder ikke tall på denne siden.
state-failed-stays = Siden viser den siste godkjente utgaven, { $release }.
state-failed-check = { $dataset }, { $check } ({ $unexpected } avvik)
state-stale-title = Tallene er { $age } gamle
state-stale = De skal oppdateres minst hver { $hours }. time. Sist oppdatert { $at }.
state-stale-days = { $n ->
        [one] { $n } dag
       *[other] { $n } dager
    }
state-stale-hours = { $n ->
        [one] { $n } time
       *[other] { $n } timer
    }
state-error-title = Noe gikk galt hos oss
state-error = Siden kunne ikke vises. Prøv igjen om litt. Oppgi referansen `{ $reference }` hvis du melder fra.
state-unknown-title = Ugyldig valg i lenken
state-unknown = «{ $given }» er ikke et gyldig valg for { $parameter }. Siden viser { $shown }.
state-unknown-near = Mente du { $near }?
state-unknown-unobserved = Tjenesten har ingen tall for { $given }. Siden viser { $shown }.
state-unknown-nearest = Nærmeste måned med tall er { $near }.
state-unknown-external = { $name } leveres av andre og vises bare til sammenligning. Siden viser { $shown }.
state-unknown-ended = { $given } er ikke en kommune lenger. Siden viser { $shown }.
state-unknown-ended-left_out = { $given } er ikke en kommune lenger, og er utelatt.
state-unknown-left_out = «{ $given }» er ikke et gyldig valg for { $parameter }, og er utelatt.
state-unknown-over = Du kan velge inntil { $most } om gangen. { $given } er utelatt.
state-unknown-successor = Området hører nå til { $near }.
state-empty-title = Ingen tall for { $service } i { $area }
state-empty-service = Ingen kilde har meldt når kommunene tok tjenesten i bruk. Det betyr ikke at den ikke er i bruk.
state-empty-area = Tjenesten har tall, men ikke for dette området.
state-empty-service_link = Nærmeste med tall: [{ $name }]({ $link })
state-empty-area_link = Se [hele landet]({ $link })
state-older_release-title = Dette er en eldre utgave
state-older_release = Lenken viser utgave { $release }. [Vis den nyeste, { $newest }]({ $link }).
state-release_too_old-title = Utgaven har ikke disse tallene
state-release_too_old = Utgaven ble laget før siden fikk disse tallene. [Vis den nyeste utgaven]({ $link }).
state-lacking = Utgave { $release } ble laget før disse tallene kom med i utgavene.
state-lacking-older = [Vis den nyeste utgaven]({ $link }).
state-lacking-newest = Dette er den nyeste utgaven. Tallene kommer med i neste utgave.
state-release_gone-title = Utgaven finnes ikke lenger
state-damaged-title = Den nyeste utgaven kan ikke leses
state-damaged = Siden viser den siste utgaven som kan leses, { $release }. Si fra til dem som drifter løsningen.
state-attempt_unread-title = Det er ukjent hvordan siste oppdatering gikk
state-attempt_unread = Tallene er fra utgaven under. Det kan finnes nyere tall som ikke er tatt med. Si fra til dem som drifter løsningen.
state-release_gone = Den ble slettet mens siden var åpen. [Vis den nyeste utgaven]({ $link }).
state-no_ledgers = Denne utgaven har ikke produktregnskap.
figures-title = Nøkkeltall
figures-synthetic = Tallene under er syntetiske.
figures-before = Endret siden forrige utgave, som hadde { $value }
figures-definition = Slik er nøkkeltallene definert
table-open = Vis som tabell
table-filter = Vis bare rader med
table-caption = Tallene i diagrammet
table-region = Tabell som kan rulles
table-cut = Viser de første { $shown } av { $all } rader. Filene har alle.
table-paper = Utskriften viser de første { $shown } av { $all } rader. Siden og filene har flere.
filter-tjeneste = Tjeneste
filter-omrade = Område
filter-maned = Måned
filter-many-none = Velg inntil { $n }
filter-kart = Kart
filter-kartmaned = Måned på kartet
filter-utgave = Utgave
filter-lang = Språk
filter-maned-help = Bare måneder med tall. Tall for andre måneder mangler; de er ikke null.
filter-no_numbers = { $name } (ingen tall)
filter-synthetic = { $name } (syntetisk)
area-country = Hele landet
area-network = Nettverk: { $name }
area-county = Fylke: { $name }
area-in-country = hele landet
municipality-one = kommune
municipality-many = kommuner
column-municipality = Kommune
column-municipality_code = Kommunenummer
column-step = Kommet til
column-no_delivery_since = Mangler levering siden
column-synthetic = Syntetisk
column-service = Tjeneste
column-month = Måned
column-release = Utgave
value-yes = ja
value-no = nei
value-unregistered = ikke registrert
value-more = { $n } andre
download-xlsx = Excel (XLSX)
download-csv = CSV for norsk Excel
download-parquet = Parquet
download-sql = Spørringen (SQL)
download-png = Bilde (PNG)
download-svg = Bilde (SVG)
chart-alt = Diagram. Teksten rett etter sier hva det viser.
chart-embed = Bygg inn diagrammet på en annen nettside med denne koden:
chart-embed-closed = Vis diagrammet på en annen nettside med denne koden. Det vises bare for den som er logget inn her og har tilgang:
chart-address = Faste adresser til tabellen. Uten «utgave» i adressen får du alltid de nyeste tallene:
embed-open = Åpne siden med filtre og tabell
embed-forbidden = Dette er ikke åpent for alle. Logg inn på sidene for å se det.
embed-unknown = «{ $given }» er ikke et gyldig valg for { $parameter }.
embed-none = Utgaven har ingen tall å vise for disse valgene.
embed-busy = For mange spørringer på kort tid. Prøv igjen om et minutt.
embed-missing = Adressen finnes ikke.
download-sheet = Ringeliste
download-table = Tabell
download-about = Om tallene
made-title = Slik er tallene laget
made-open = Definisjoner, kilder, forbehold og revisjoner
made-definition-title = Definisjoner
made-source-title = Kilde
made-limits-title = Forbehold
made-revisions-title = Revisjoner
made-revisions = En utgave endres aldri. Rettelser kommer i neste utgave, som får nytt nummer. Denne siden viser { $release }.
column-age_months = Måneder siden lansering
column-name = Navn
column-launch_known = Lansering kjent
column-run = Sammenhengende måneder, nummer
column-is_last = Siste måned
column-networks = Nettverk
column-observed = Observert
column-standing = Steg
column-since = Siden måned
column-no_later = Siden senest
column-first_month = Første måned
column-last_month = Siste måned

## the frame

app-strip = Demonstrasjon: Tallene er laget av en simulator, ikke målt.
app-strip-mixed = Demonstrasjon: Tallene som er merket «syntetisk», er laget av en simulator.
app-strip-made = Slik er de laget
app-copy = Kopier lenken
app-copied = Lenken er kopiert
release-shown = Utgave { $release }
release-newest = nyeste
release-changes = Hva er endret siden forrige utgave?
contents-title = På denne siden
contents-nokkeltall = Nøkkeltall
contents-leverandorer = Leverandører
contents-definisjoner = Slik er tallene laget
home-open = Mitt utgangspunkt
home-title = Mitt utgangspunkt
home-about = Velg hvor du vil begynne. Nettleseren husker valget og åpner forsiden der.
home-kommune = Min kommune
home-omrade = Mitt nettverk
home-tjeneste = Mitt produkt
home-choose = Begynn her
home-forget = Glem valget
home-unknown = Valget finnes ikke lenger. Velg på nytt.
home-closed = Logg inn for å velge.
subscribe-open = Abonner
find-open = Søk
find-label = Kommune, tjeneste, nettverk eller begrep
find-none = Ingen treff. Prøv færre eller andre ord.
find-count = { $n ->
        [one] { $n } treff
       *[other] { $n } treff
    }
find-closed = Logg inn for å søke.
find-until = til { $year }
find-also-overview = vekst økning nedgang øker styret styrerapport rapport status beslutninger
find-also-municipality = kommuner rapport ark oversikt
find-also-usage = bruk forsendelser volum sammenlign sammenligne papir digitalt
find-also-uptake = ringeliste ringe ringer mangler leverandør leverandører kart nettverk utbredt
find-also-service = tjenester produkt driftsmeldinger brukerråd brukerstøtte support supportsaker henvendelser avtale
find-also-accounts = kostnad kostnader koster regnskap inntekt inntekter økonomi overskudd underskudd
find-also-accounts-result = resultat budsjett kvartal kostnader
find-also-accounts-pricing = pris prisen priser koster kalkyle priskalkyle prisberegning selvkost selvkostpris prisendring
find-also-accounts-customers = kunder betaler fakturert
find-also-accounts-loans = lån lånet lånene gjeld avstemming digifin
find-also-organisation = faktura fakturaer fakturagrunnlag regning betaler
find-also-data = leveranser leveringer datasett nedlasting kvalitet kontroller
find-also-definitions = måltall nøkkeltall begreper ordliste selvkostgrad dekningsgrad
find-also-about = personvern tilgjengelighet kontakt hjelp
find-page = Side
find-municipality = Kommune
find-municipality-ended = Tidligere kommune
find-network = Nettverk
find-county = Fylke
find-service = Tjeneste
find-number = Nøkkeltall
find-term = Begrep
find-dataset = Datasett
download-menu = Last ned
state-carried = { $given } kan ikke velges som { $parameter } her. Siden viser { $shown }.

## what is changed at random, and why

protection-title = Tall som er endret av hensyn til personvernet
protection-why = I noen tjenester gjelder hver sak én person. Et lite tall kunne fortalt noe om en som bor i kommunen. Derfor er tallene for disse tjenestene endret tilfeldig med noen få enheter før de vises:
protection-service = **{ $name }**: { $reason } Hovedtallet er antall { $flow }.
protection-what = **Per kommune og måned vises bare hovedtallet.** Andre tall for tjenesten, også brukerhenvendelser og timer, vises bare for hele landet, og bare når minst tjue virksomheter har dem. Ingen av tallene vises per dag, kanal eller fagsystem.
protection-how = **Hovedtallet er endret med høyst fem enheter**, opp eller ned, og andre tall med så mye som noen få saker utgjør. Endringen er den samme på alle sider og i alle filer, så lenge tallet er telt av de samme sakene. Tallene for kommunene og for landet er endret hver for seg, så summer kan avvike litt. 1 og 2 vises aldri, og 0 kan stå for et lite tall.
protection-when = **En måned vises fra sju virkedager etter at den er slutt.** Senere endres den bare ved kvartalsskifte, selv om det kommer rettelser før det.
protection-connections = **Fagsystemer:** hvor mye en virksomhet sender gjennom hvert fagsystem, er oppgitt i intervaller: 1–9, 10–99, 100–999 og så videre, fra sju virkedager etter måneden. Bare virksomheten selv og DIF ser nøyaktige tall. Fagsystemer som røper noe om mottakerne, vises ikke for den enkelte virksomheten.
protection-open = **Det som ikke er skjult:** at en kommune brukte en tjeneste i en måned. Kontoer, adaptere og utbredelse gjelder virksomheter, ikke personer, og er nøyaktige.
protection-more = Metoden heter cellenøkkelmetoden og brukes i offisiell statistikk. Den er beskrevet i `docs/protection.md` i kildekoden. [Datasettet]({ $data }) viser hvilke kolonner den gjelder.
contents-endrede-tall = Endrede tall

## columns and values that several pages show

column-organisation = Virksomhet
column-service_name = Tjeneste
column-municipalities = Kommuner
column-accounts = Kontoer
column-months_known = Måneder med tall
event-price = Prisen ble endret.
event-price-synthetic = Prisen ble endret (syntetisk).
why-part-up = { $name } står for { $n } av økningen på { $change }.
why-part-down = { $name } står for { $n } av nedgangen på { $change }.
why-municipalities-up = Mest økte { $names }.
why-municipalities-down = Mest gikk det ned i { $names }.
why-since = Endringen i antallet siden { $month }: { $why }
event-merger = { $parts } ble til { $name }.
event-mergers = { $n ->
        [one] Én kommune ble slått sammen med andre eller delt.
       *[other] { $n } kommuner ble slått sammen eller delt.
    }
event-at = { $month }: { $text }
event-named = { $when }: { $text }
event-message = Driftsmelding { $days }: { $what }. Tiden sier når meldingen sto, ikke når noe var nede.
event-unlike = { $n ->
        [one] Én driftsmelding i perioden er ikke merket: ekte meldinger forklarer ikke syntetiske tall.
       *[other] { $n } driftsmeldinger i perioden er ikke merket: ekte meldinger forklarer ikke syntetiske tall.
    }
event-again = Hendelser i perioden er omtalt under et diagram lenger opp.
event-left_out = { $n ->
        [one] Én annen måned med hendelser er ikke merket.
       *[other] { $n } andre måneder med hendelser er ikke merket.
    }
value-message_kind-FAULT = feil
value-message_kind-MAINTENANCE = vedlikehold
value-message_kind-DEPENDENCY = feil hos andre
value-message_kind-INFORMATION = informasjon
value-message_cause-altinn = feil hos Altinn
value-message_cause-folkeregisteret = feil hos Folkeregisteret
value-message_cause-helse-id = innlogging via HelseID
value-message_cause-id-porten = innlogging via ID-porten
value-message_cause-maskinporten = tilgang via Maskinporten
value-message_cause-nhn = feil hos Norsk helsenett
value-message_cause-search = søk
value-message_cause-supplier = feil hos en leverandør
value-message_cause-configuration = konfigurasjon
value-message_cause-database = database
value-message_cause-network = nettverk
value-message_cause-statistics = statistikk
value-message_cause-storage = lagring
column-shown_from = Lagt ut
column-shown_to = Tatt ned
column-message_kind = Type
column-message_cause = Årsak
column-application = Vist i
column-hours_shown = Timer den sto
column-overlapping = Overlapper en tidligere

## how the municipality of a link stands with a service

stands-nobody = ingen kommune
stands-since = i { $month }
stands-no_later = senest i { $month }
stands-undated = på et tidspunkt som ingen kilde oppgir
stands-IN_USE = { $name } tok i bruk { $service } { $since }.
stands-ACTIVATED = { $name } aktiverte { $service } { $since }.
stands-IDLE = { $name } aktiverte { $service } { $since }, men brukte ikke tjenesten i { $month }.
stands-CONFIGURED = { $name } satte opp { $service } { $since }, men hadde ikke tatt tjenesten i bruk i { $month }.
stands-ANNEX_SIGNED = { $name } signerte vedlegget for { $service } { $since }, men hadde ikke tatt tjenesten i bruk i { $month }.
stands-SUSPENDED = { $name } satte { $service } på pause { $since }.
stands-TERMINATED = { $name } avsluttet { $service } { $since }.
stands-NOT_LISTED = { $name } sto ikke på kildens siste liste over kommuner med { $service } i { $month }.
stands-NONE = { $name } hadde ikke tatt i bruk { $service } i { $month }.
stands-unknown = Det er ikke kjent om { $name } hadde tatt i bruk { $service } i { $month }.
stands-latest = Siste tall for { $services } er fra { $month }.
