### What the page of data quality and the catalogue says.

data-not_in_release = Utgave { $release } er laget før katalogen ble en del av utgavene.
data-answer = Utgaven har { $datasets } datasett med { $rows } rader, og alle { $checks } kontroller er bestått.
data-answer-failed = Utgaven har { $datasets } datasett med { $rows } rader, og { $failed } av { $checks } kontroller er ikke bestått.
data-answer-lacking = De siste fire ukene mangler { $lacking } av { $all ->
        [one] { $all } virksomhet
       *[other] { $all } virksomheter
    } minst én levering.
data-answer-delivered = Alle { $all } virksomheter har levert de siste fire ukene.
data-part-katalog = Katalog
data-part-leveranser = Leveringer
data-part-karantene = Til kontroll
data-part-endringer = Endringer
data-every-dataset = Alle datasett
data-every-organisation = Alle virksomheter
data-every-stream = Alle strømmer
data-every-service = Alle tjenester
data-parts = Deler av siden
filter-datasett = Datasett
filter-organisasjon = Virksomhet
filter-strom = Strøm
data-figure-of = { $n } av { $all }
data-figure-checks = Kontroller bestått
data-figure-checks-words = for datasettene og grunnlaget deres
data-figure-lacking = Virksomheter som mangler levering, siste fire uker
data-figure-lacking-words = av { $all } som skulle levert
data-figure-aside = Rader til kontroll
data-figure-aside-words = { $share } av { $all } mottatte rader
data-figure-changed = Brukstall som er endret
data-figure-changed-words = i { $municipalities ->
        [one] { $municipalities } kommune
       *[other] { $municipalities } kommuner
    }, siden utgave { $parent }
data-owner = Team { $name }
data-team-dif = DIF
data-team-okonomi = økonomi
data-team-nettverk = nettverk
data-team-produkt = produkt
data-fresh-hours = innen { $n ->
        [one] { $n } time
       *[other] { $n } timer
    }
data-fresh-days = innen { $n ->
        [one] { $n } dag
       *[other] { $n } dager
    }
data-fresh-updated = Skal oppdateres { $promise }. Sist laget { $at }.
data-checked-none = Beskriver utgaven og kontrolleres ikke
data-checked-passed = Alle { $all } bestått
data-checked-failed = { $failed } av { $all } ikke bestått
data-rows-describes = Ikke talt: datasettet beskriver utgaven
data-audience-OPEN = Alle med tilgang. Tilknytninger og leverandører vises bare for dem de gjelder.
data-audience-LEDGER = Økonomi og ledelse
data-audience-OWN = Virksomheten det gjelder
data-audience-INTERNAL = Ingen
data-audience-OPEN-short = Åpent
data-audience-LEDGER-short = Økonomi og ledelse
data-audience-OWN-short = Egen virksomhet
data-audience-INTERNAL-short = Ingen
data-fact-dataset = Datasett
data-fact-name = Navn i spørringer
data-fact-owner = Eier
data-fact-audience = Hvem som kan lese
data-fact-fresh = Ferskhet
data-fact-promise = Skal oppdateres
data-fact-rows = Rader
data-fact-checks = Kontroller
data-fact-version = Kontraktens utgave
data-fact-key = Det som skiller radene
data-fact-synthetic = Syntetisk
data-synthetic-yes = Ja: noen av radene bygger på tall fra en simulator
data-synthetic-no = Nei
data-perturbed = Gjelder { $columns }. Metode: { $method }.
data-overview-title = { $n } datasett, hvert med en eier og en oppdateringsfrist
data-overview-subtitle = Velg et datasett for kolonner, eksempel, opphav, kontroller og filer.
data-overview-caption = Datasett i utgaven
data-columns-title = Kolonner
data-columns-caption = Kolonnene i { $dataset }
column-description = Hva den er
value-additivity-sum = ja
value-additivity-last = bare siste i tid
value-additivity-none = nei
data-restricted = Rollen din har ikke tilgang til { $title }. Beskrivelsen er åpen, men ikke radene.
data-sample-title = Eksempel
data-sample-caption = De første { $n } radene, slik de ligger
data-sample-empty = Datasettet har ingen rader i denne utgaven.
data-lineage-title = Opphav
data-lineage-before = Laget av
data-lineage-after = Brukes til å lage
data-lineage-stream = Strømmen { $title } ({ $name })
data-lineage-register = Registeret { $title } ({ $name })
data-lineage-sources = Kilder etter kontrakten: { $sources }
data-lineage-none = Lages av selve kjøringen, ikke av andre datasett.
data-lineage-last = Ingen andre datasett. Sidene og leserne bruker det som det er.
data-lineage-untold = Utgave { $release } sier ikke hva som lages av hva.
data-checks-title = Kontroller: { $said }
data-checks-caption = Hva datasettet er kontrollert mot
data-checks-report = Kontrollrapporten fra Great Expectations (på engelsk)
data-check-required_columns = Kolonnene er de som kontrakten lover, og de som må ha verdi, har det.
data-check-key_unique = Ingen to rader har samme nøkkel.
data-check-across = Henger sammen med andre datasett.
column-looks_for = Hva den ser etter
data-files-title = Last ned
data-file-one = Last ned Parquet ({ $size })
data-file-many = Last ned Parquet i en ZIP-fil, én mappe for hver måned ({ $parts ->
        [one] { $parts } fil
       *[other] { $parts } filer
    }, { $size })
data-files-large = Datasettet har { $rows } rader. Regneark lages for inntil { $most }; bruk Parquet.
data-files-link = Lenken til Parquet varer en halv time. Last siden på nytt for å få en ny.
data-code-title = Åpne filen i verktøyet ditt
data-code-subtitle = Last ned filen først. Er den en ZIP-fil, pakker du den ut der du arbeider. I Excel og Power BI limer du linjene inn i avansert redigering og bytter ut mappen med din egen.
data-code-folder = C:\mappen\din
data-organisation = Virksomhet
data-lacking-not_in_release = Utgave { $release } ble laget før utgavene viste hvem som skulle ha levert.
data-lacking-title = Minst én levering mangler fra { $n ->
        [one] { $n } virksomhet
       *[other] { $n } virksomheter
    }
data-lacking-title-single = Minst én levering mangler fra én virksomhet
data-lacking-title-none = Ingen leveringer mangler
data-lacking-title-one = { $name } mangler { $missing } av { $due ->
        [one] { $due } dag
       *[other] { $due } dager
    }
data-lacking-title-one-none = { $name } har levert alt som var forventet
data-lacking-title-nothing = Ingenting var forventet fra virksomheten
data-lacking-subtitle = Dager fra { $first } til { $last }, norsk tid. Flest manglende dager først. Manglende tall betyr ikke null bruk.
data-lacking-caption = Leveringer dag for dag
data-lacking-words = Kort sagt
data-lacking-row = Mangler { $missing } av { $due ->
        [one] { $due } forventet dag
       *[other] { $due } forventede dager
    }.
data-lacking-row-late = { $late } kom for sent.
data-lacking-row-since = Første manglende dag: { $day }.
data-lacking-cut = Viser de { $shown } med flest manglende dager, av { $all }. Filene har alle.
data-sign-MISSING = M
data-sign-LATE = S
data-sign-NOT_YET_DUE = v
data-sign-RECEIVED = ✓
data-sign-MISSING-words = mangler, fristen er ute
data-sign-LATE-words = kom for sent
data-sign-NOT_YET_DUE-words = venter, fristen er ikke ute
data-sign-RECEIVED-words = kom
data-sign-none-words = Tomt: ingenting var forventet den dagen
column-days_due = Forventede dager
column-days_missing = Manglende dager
column-days_late = Dager som kom for sent
column-missing_since = Første manglende dag
data-received-title = Sist mottatt
data-received-subtitle = Hva hver produsent har sendt, og når det siste kom. Antall rader vises ikke for forsendelser, målinger og fakturalinjer: sammen med de åpne tallene ville det røpet hvor mange som gjelder personer.
data-received-caption = Sendinger etter strøm og produsent
column-batches = Sendinger
data-quarantine-title = { $n ->
        [one] { $n } rad
       *[other] { $n } rader
    } er satt til side, etter { $rules ->
        [one] { $rules } regel
       *[other] { $rules } regler
    }
data-quarantine-title-none = Ingen rader er satt til side
data-quarantine-subtitle = Radene er ikke med i tallene. Produsenten kan selv hente radene sine med reglene de brøt. En rad som brøt flere regler, telles under hver.
data-quarantine-caption = Rader til kontroll etter regel
data-mend-register = Avklares i registeret { $register }, eller produsenten retter og sender på nytt.
data-mend-ask = Spør DIF: Det kan avklares i registeret { $register }. Ellers retter produsenten og sender på nytt.
data-mend-commands = Hent registeret ut, rett filen og legg den inn. Se hvilke rader som da blir godtatt, før du lager en ny utgave:
data-mend-producer = Produsenten retter og sender på nytt.
data-mend-version = Den som la inn registeret, legger inn en rettet versjon.
data-aside_months-title = Hvilke måneder de gjelder, og hvem som sendte dem
data-aside_months-caption = Rader til kontroll etter måned og produsent
column-mend = Slik rettes det
column-producers = Produsenter
data-accounting-title = Hva som skjedde med hver mottatte rad
data-accounting-sums = Regnskapet går opp: alle { $landed } mottatte rader er gjort rede for. Landet = gjeldende + erstattet + til kontroll + holdt tilbake + trukket eller slettet.
data-accounting-left_out = Av { $landed } mottatte rader er { $told } gjort rede for her. De siste { $rest } gjelder følsomme tjenester og er holdt utenfor. Landet = gjeldende + erstattet + til kontroll + holdt tilbake + trukket + holdt utenfor.
data-accounting-caption = Radregnskap etter strøm
data-unmapped-title = { $n ->
        [one] { $n } fagsystemnavn er ukjent
       *[other] { $n } fagsystemnavn er ukjente
    }, { $share } av forsendelsene
data-unmapped-title-none = Alle fagsystemnavn er kjente
data-unmapped-subtitle = Navn som ble sendt de siste tolv hele månedene, og som registeret over fagsystemer ikke har. Føres de inn der, er de kjente fra neste utgave.
data-unmapped-caption = Ukjente fagsystemnavn
data-changed-title = Bruk som er endret siden utgave { $parent }
data-changed-none = Ingen tall for bruk er endret
data-changed-same = Bruken er den samme som i utgave { $parent }, eller tjenesten er ikke blant de endrede.
data-changed-first = Dette er den første utgaven, så det er ingenting å sammenligne med.
data-changed-subtitle = Etter årsak og det som telles. Ulike mål summeres ikke.
data-changed-caption = Endringer etter årsak
data-changed_datasets-subtitle = Alle datasett der innholdet er endret: antall rader, og summen av beløp, antall og mengder.
data-changed_datasets-none = Ingen.
data-changes-title = Hvor bruken er endret
data-changes-subtitle = Kommuner i dagens inndeling, største endring først. Rader uten kommune gjelder andre virksomheter.
data-changes-caption = Endringer etter kommune, tjeneste og måned
column-months = Måneder
value-reason-WITHDRAWN = sending trukket tilbake
value-reason-HELD_BEFORE = holdt tilbake før
value-reason-NEW_SENDER = ny avsender
value-reason-NEW_MAPPING = nye regler eller registre
value-reason-CORRECTED = rettet
value-reason-LATE = kom for sent
value-reason-NEW = måneden pågår
data-made-checks = **Kontroll**: en regel som et datasett må oppfylle. Gjør det ikke det, blir utgaven stoppet.
data-made-lacking = **Mangler levering**: noe var forventet den dagen, etter virksomhetens egen rytme eller fordi tjenesten er aktivert, og er ikke kommet innen fristen. Fristen er den andre virkedagen etter.
data-made-accounting = **Radregnskap**: gjeldende er med i tallene. Erstattet har en nyere versjon. Til kontroll brøt en regel. Holdt tilbake venter på neste utgave. Trukket er tatt tilbake av den som sendte.
data-made-changed = **Endret bruk**: et tall for kommune, tjeneste, måned og mål som ikke er det samme som i utgaven før.
data-made-restricted = **Hvem som kan lese**: beskrivelsen av et datasett er åpen. Rader og filer er bare for dem som har rollen.
data-made-limits = Hva som er forventet, gjelder de siste 92 dagene. Følsomme tjenester er holdt utenfor leveringer og endringer. To punktum (`..`) betyr at tallet mangler, ett punktum (`.`) at det ikke kan finnes.
delivery-unknown = Lenken er ikke gyldig. Åpne siden på nytt for å få en ny.
delivery-expired = Lenken er for gammel. Last siden på nytt for å få en ny.
delivery-forbidden = Du har ikke tilgang til denne filen.
delivery-changed = Filen er endret siden utgaven ble publisert, og blir derfor ikke levert. Velg en annen utgave, og si fra til dem som drifter plattformen.
delivery-gone = Utgaven finnes ikke lenger. Åpne siden på nytt for den nyeste.
contents-datasett = Datasett
contents-mottatt = Mottatt
contents-karantene = Karantene
contents-radregnskap = Rader inn og ut
contents-fagsystemer = Ukjente fagsystemer
contents-endret = Endret bruk
contents-endringer-datasett = Endrede datasett
contents-endringer-regnskap = Endret regnskap
contents-endringer = Alle endringer
