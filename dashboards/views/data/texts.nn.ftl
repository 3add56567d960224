### Det sida om datakvalitet og katalogen seier, på nynorsk.

data-not_in_release = Utgåve { $release } vart laga før katalogen vart ein del av utgåvene.
data-answer = Utgåva har { $datasets } datasett med { $rows } rader, og alle { $checks } kontrollar er bestått.
data-answer-failed = Utgåva har { $datasets } datasett med { $rows } rader, og { $failed } av { $checks } kontrollar er ikkje bestått.
data-answer-lacking = Dei siste fire vekene manglar { $lacking } av { $all ->
        [one] { $all } verksemd
       *[other] { $all } verksemder
    } minst éi levering.
data-answer-delivered = Alle { $all } verksemder har levert dei siste fire vekene.
data-part-katalog = Katalog
data-part-leveranser = Leveringar
data-part-karantene = Til kontroll
data-part-endringer = Endringar
data-every-dataset = Alle datasett
data-every-organisation = Alle verksemder
data-every-stream = Alle straumar
data-every-service = Alle tenester
data-parts = Delar av sida
filter-datasett = Datasett
filter-organisasjon = Verksemd
filter-strom = Straum
data-figure-of = { $n } av { $all }
data-figure-checks = Kontrollar bestått
data-figure-checks-words = for datasetta og grunnlaget deira
data-figure-lacking = Verksemder som manglar levering, siste fire veker
data-figure-lacking-words = av { $all } som skulle levert
data-figure-aside = Rader til kontroll
data-figure-aside-words = { $share } av { $all } mottekne rader
data-figure-changed = Brukstal som er endra
data-figure-changed-words = i { $municipalities ->
        [one] { $municipalities } kommune
       *[other] { $municipalities } kommunar
    }, sidan utgåve { $parent }
data-owner = Team { $name }
data-team-dif = DIF
data-team-okonomi = økonomi
data-team-nettverk = nettverk
data-team-produkt = produkt
data-fresh-hours = innan { $n ->
        [one] { $n } time
       *[other] { $n } timar
    }
data-fresh-days = innan { $n ->
        [one] { $n } dag
       *[other] { $n } dagar
    }
data-fresh-updated = Skal oppdaterast { $promise }. Sist laga { $at }.
data-checked-none = Skildrar utgåva og blir ikkje kontrollert
data-checked-passed = Alle { $all } bestått
data-checked-failed = { $failed } av { $all } ikkje bestått
data-rows-describes = Ikkje talde: datasettet skildrar utgåva
data-audience-OPEN = Alle med tilgang. Tilknytingar og leverandørar blir viste berre for dei dei gjeld.
data-audience-LEDGER = Økonomi og leiing
data-audience-OWN = Verksemda det gjeld
data-audience-INTERNAL = Ingen
data-audience-OPEN-short = Ope
data-audience-LEDGER-short = Økonomi og leiing
data-audience-OWN-short = Eiga verksemd
data-audience-INTERNAL-short = Ingen
data-fact-dataset = Datasett
data-fact-name = Namn i spørjingar
data-fact-owner = Eigar
data-fact-audience = Kven som kan lese
data-fact-fresh = Ferskleik
data-fact-promise = Skal oppdaterast
data-fact-rows = Rader
data-fact-checks = Kontrollar
data-fact-version = Utgåva av kontrakten
data-fact-key = Det som skil radene
data-fact-synthetic = Syntetisk
data-synthetic-yes = Ja: nokre av radene byggjer på tal frå ein simulator
data-synthetic-no = Nei
data-perturbed = Gjeld { $columns }. Metode: { $method }.
data-overview-title = { $n } datasett, kvart med ein eigar og ein oppdateringsfrist
data-overview-subtitle = Vel eit datasett for kolonnar, døme, opphav, kontrollar og filer.
data-overview-caption = Datasett i utgåva
data-columns-title = Kolonnar
data-columns-caption = Kolonnane i { $dataset }
column-description = Kva ho er
value-additivity-sum = ja
value-additivity-last = berre siste i tid
value-additivity-none = nei
data-restricted = Rolla di har ikkje tilgang til { $title }. Skildringa er open, men ikkje radene.
data-sample-title = Døme
data-sample-caption = Dei første { $n } radene, slik dei ligg
data-sample-empty = Datasettet har ingen rader i denne utgåva.
data-lineage-title = Opphav
data-lineage-before = Laga av
data-lineage-after = Blir brukt til å lage
data-lineage-stream = Straumen { $title } ({ $name })
data-lineage-register = Registeret { $title } ({ $name })
data-lineage-sources = Kjelder etter kontrakten: { $sources }
data-lineage-none = Blir laga av sjølve køyringa, ikkje av andre datasett.
data-lineage-last = Ingen andre datasett. Sidene og lesarane bruker det som det er.
data-lineage-untold = Utgåve { $release } seier ikkje kva som blir laga av kva.
data-checks-title = Kontrollar: { $said }
data-checks-caption = Kva datasettet er kontrollert mot
data-checks-report = Kontrollrapporten frå Great Expectations (på engelsk)
data-check-required_columns = Kolonnane er dei som kontrakten lovar, og dei som må ha verdi, har det.
data-check-key_unique = Ingen to rader har same nøkkel.
data-check-across = Heng saman med andre datasett.
column-looks_for = Kva han ser etter
data-files-title = Last ned
data-file-one = Last ned Parquet ({ $size })
data-file-many = Last ned Parquet i ei ZIP-fil, éi mappe for kvar månad ({ $parts ->
        [one] { $parts } fil
       *[other] { $parts } filer
    }, { $size })
data-files-large = Datasettet har { $rows } rader. Rekneark blir laga for inntil { $most }; bruk Parquet.
data-files-link = Lenkja til Parquet varer ein halv time. Last sida på nytt for å få ei ny.
data-code-title = Opne fila i verktøyet ditt
data-code-subtitle = Last ned fila først. Er ho ei ZIP-fil, pakkar du henne ut der du arbeider. I Excel og Power BI limer du linjene inn i avansert redigering og byter ut mappa med di eiga.
data-code-folder = C:\mappa\di
data-organisation = Verksemd
data-lacking-not_in_release = Utgåve { $release } vart laga før utgåvene viste kven som skulle ha levert.
data-lacking-title = Minst éi levering manglar frå { $n ->
        [one] { $n } verksemd
       *[other] { $n } verksemder
    }
data-lacking-title-single = Minst éi levering manglar frå éi verksemd
data-lacking-title-none = Ingen leveringar manglar
data-lacking-title-one = { $name } manglar { $missing } av { $due ->
        [one] { $due } dag
       *[other] { $due } dagar
    }
data-lacking-title-one-none = { $name } har levert alt som var venta
data-lacking-title-nothing = Ingenting var venta frå verksemda
data-lacking-subtitle = Dagar frå { $first } til { $last }, norsk tid. Flest manglande dagar først. Manglande tal tyder ikkje null bruk.
data-lacking-caption = Leveringar dag for dag
data-lacking-words = Kort sagt
data-lacking-row = Manglar { $missing } av { $due ->
        [one] { $due } venta dag
       *[other] { $due } venta dagar
    }.
data-lacking-row-late = { $late } kom for seint.
data-lacking-row-since = Første manglande dag: { $day }.
data-lacking-cut = Viser dei { $shown } med flest manglande dagar, av { $all }. Filene har alle.
data-sign-MISSING = M
data-sign-LATE = S
data-sign-NOT_YET_DUE = v
data-sign-RECEIVED = ✓
data-sign-MISSING-words = manglar, fristen er ute
data-sign-LATE-words = kom for seint
data-sign-NOT_YET_DUE-words = ventar, fristen er ikkje ute
data-sign-RECEIVED-words = kom
data-sign-none-words = Tomt: ingenting var venta den dagen
column-days_due = Venta dagar
column-days_missing = Manglande dagar
column-days_late = Dagar som kom for seint
column-missing_since = Første manglande dag
data-received-title = Sist motteke
data-received-subtitle = Kva kvar produsent har sendt, og når det siste kom. Talet på rader blir ikkje vist for forsendingar, målingar og fakturalinjer: saman med dei opne tala ville det røpt kor mange som gjeld personar.
data-received-caption = Sendingar etter straum og produsent
column-batches = Sendingar
data-quarantine-title = { $n ->
        [one] { $n } rad
       *[other] { $n } rader
    } er sett til side, etter { $rules ->
        [one] { $rules } regel
       *[other] { $rules } reglar
    }
data-quarantine-title-none = Ingen rader er sette til side
data-quarantine-subtitle = Radene er ikkje med i tala. Produsenten kan sjølv hente radene sine med reglane dei braut. Ei rad som braut fleire reglar, tel under kvar av dei.
data-quarantine-caption = Rader til kontroll etter regel
data-mend-register = Blir avklart i registeret { $register }, eller produsenten rettar og sender på nytt.
data-mend-ask = Spør DIF: Det kan avklarast i registeret { $register }. Elles rettar produsenten og sender på nytt.
data-mend-commands = Hent registeret ut, rett fila og legg henne inn. Sjå kva rader som då blir godtekne, før du lagar ei ny utgåve:
data-mend-producer = Produsenten rettar og sender på nytt.
data-mend-version = Den som la inn registeret, legg inn ein retta versjon.
data-aside_months-title = Kva månader dei gjeld, og kven som sende dei
data-aside_months-caption = Rader til kontroll etter månad og produsent
column-mend = Slik blir det retta
column-producers = Produsentar
data-accounting-title = Kva som hende med kvar motteken rad
data-accounting-sums = Rekneskapen går opp: alle { $landed } mottekne rader er gjort greie for. Landa = gjeldande + erstatta + til kontroll + haldne tilbake + trekte eller sletta.
data-accounting-left_out = Av { $landed } mottekne rader er { $told } gjort greie for her. Dei siste { $rest } gjeld kjenslevare tenester og er haldne utanfor. Landa = gjeldande + erstatta + til kontroll + haldne tilbake + trekte + haldne utanfor.
data-accounting-caption = Radrekneskap etter straum
data-unmapped-title = { $n ->
        [one] { $n } fagsystemnamn er ukjent
       *[other] { $n } fagsystemnamn er ukjende
    }, { $share } av forsendingane
data-unmapped-title-none = Alle fagsystemnamn er kjende
data-unmapped-subtitle = Namn som vart sende dei siste tolv heile månadene, og som registeret over fagsystem ikkje har. Blir dei førte inn der, er dei kjende frå neste utgåve.
data-unmapped-caption = Ukjende fagsystemnamn
data-changed-title = Bruk som er endra sidan utgåve { $parent }
data-changed-none = Ingen tal for bruk er endra
data-changed-same = Bruken er den same som i utgåve { $parent }, eller tenesta er ikkje blant dei endra.
data-changed-first = Dette er den første utgåva, så det er ingenting å samanlikne med.
data-changed-subtitle = Etter årsak og det som blir talt. Ulike mål blir ikkje summerte.
data-changed-caption = Endringar etter årsak
data-changed_datasets-subtitle = Alle datasett der innhaldet er endra: talet på rader, og summen av beløp, tal og mengder.
data-changed_datasets-none = Ingen.
data-changes-title = Kvar bruken er endra
data-changes-subtitle = Kommunar i dagens inndeling, største endring først. Rader utan kommune gjeld andre verksemder.
data-changes-caption = Endringar etter kommune, teneste og månad
column-months = Månader
value-reason-WITHDRAWN = sending trekt tilbake
value-reason-HELD_BEFORE = halde tilbake før
value-reason-NEW_SENDER = ny avsendar
value-reason-NEW_MAPPING = nye reglar eller register
value-reason-CORRECTED = retta
value-reason-LATE = kom for seint
value-reason-NEW = månaden er ikkje over
data-made-checks = **Kontroll**: ein regel som eit datasett må oppfylle. Gjer det ikkje det, blir utgåva stoppa.
data-made-lacking = **Manglar levering**: noko var venta den dagen, etter rytmen til verksemda eller fordi tenesta er aktivert, og er ikkje kome innan fristen. Fristen er den andre verkedagen etter.
data-made-accounting = **Radrekneskap**: gjeldande er med i tala. Erstatta har ein nyare versjon. Til kontroll braut ein regel. Halde tilbake ventar på neste utgåve. Trekt er teke tilbake av den som sende.
data-made-changed = **Endra bruk**: eit tal for kommune, teneste, månad og mål som ikkje er det same som i utgåva før.
data-made-restricted = **Kven som kan lese**: skildringa av eit datasett er open. Rader og filer er berre for dei som har rolla.
data-made-limits = Kva som er venta, gjeld dei siste 92 dagane. Kjenslevare tenester er haldne utanfor leveringar og endringar. To punktum (`..`) tyder at talet manglar, eitt punktum (`.`) at det ikkje kan finnast.
delivery-unknown = Lenkja er ikkje gyldig. Opne sida på nytt for å få ei ny.
delivery-expired = Lenkja er for gammal. Last sida på nytt for å få ei ny.
delivery-forbidden = Du har ikkje tilgang til denne fila.
delivery-changed = Fila er endra sidan utgåva vart publisert, og blir difor ikkje levert. Vel ei anna utgåve, og sei frå til dei som driftar plattforma.
delivery-gone = Utgåva finst ikkje lenger. Opne sida på nytt for den nyaste.
contents-datasett = Datasett
contents-mottatt = Motteke
contents-karantene = Karantene
contents-radregnskap = Rader inn og ut
contents-fagsystemer = Ukjende fagsystem
contents-endret = Endra bruk
contents-endringer-datasett = Endra datasett
contents-endringer-regnskap = Endra rekneskap
contents-endringer = Alle endringar
