### Det sider og rapportar seier om eit produkt og rekneskapen, på nynorsk. Rapportane åleine står på bokmål.

ledger-more = { $amount } meir enn { $than }
ledger-better = { $amount } betre enn { $than }
ledger-worse = { $amount } dårlegare enn { $than }
ledger-last_year = i dei same månadene i { $year }
ledger-begun = kan ikkje samanliknast med { $year }: rekneskapen byrjar { $month }
ledger-new = ingen bilag på tenesta i { $year }
ledger-no_budget = budsjett manglar for minst éin av månadene
ledger-no_budget-income = budsjettert inntekt er ikkje kjend
ledger-none = manglar: ingen bilag er førte på tenesta
ledger-none-year = manglar: ingen bilag i { $year }
ledger-coverage-short = manglar: rekneskapen har færre enn tolv månader
ledger-coverage-no_cost = manglar: ingen kostnad er ført siste tolv månader
ledger-coverage-words = siste tolv månader; ved 100 % dekkjer inntekta kostnaden
ledger-balance-words = overført sidan { $month }
product-answer-use-FLOW = { $name } hadde { $quantity } { $unit } siste tolv månader{ $grown }
product-answer-use-STOCK = { $name } hadde { $quantity } { $unit } i { $month }{ $grown }
product-answer-use-none = Inga kjelde måler bruken av { $name }
product-answer-economy = { $use }, og tenesta har eit resultat på { $result } så langt i { $year }.
product-answer-economy-none = { $use }, og ingen bilag er førte på tenesta i { $year }.
product-figure-customers-USE = Kundar som bruker tenesta
product-figure-customers-EVENT = Kundar som har aktivert tenesta
product-figure-customers-words = { $n ->
        [one] { $n } kommune
       *[other] { $n } kommunar
    }{ $others ->
        [0] { "" }
        [one] , { $others } annan
       *[other] , { $others } andre
    }{ $year }
product-figure-customers-year = ; { $change } for eitt år sidan
product-figure-customers-no_year = ; kan ikkje samanliknast med året før
product-figure-customers-month = ; siste månad med tal: { $month }
product-figure-customers-none = manglar: inga kjelde har tal for tenesta
product-figure-use-FLOW = { $title }, siste tolv månader
product-figure-use-none = Bruk, siste tolv månader
product-figure-use-unmeasured = manglar: inga kjelde måler bruken
product-figure-use-some = { $n } av 12 månader er målte
product-figure-use-begun = kan ikkje samanliknast: målingane byrjar { $month }
product-figure-use-gaps = kan ikkje samanliknast: ikkje alle månadene før er målte
product-figure-support = Førespurnader per 100 kundar i månaden
product-figure-support-words = { $n } siste tolv månader; alle tenester: { $all }
product-customer-one = kunde
product-customer-many = kundar
ledger-restricted = Fortruleg: produktrekneskap
ledger-restricted-who = Berre for leiing, økonomi, styre og brukarrådet til produktet. Ikkje send vidare.
ledger-synthetic-all = Tala er laga av ein simulator, og seier ingenting om verkelege tenester eller beløp.
ledger-synthetic-some = Det som er merkt «syntetisk», er laga av ein simulator, og seier ingenting om verkelege tenester eller beløp.
ledger-less = { $amount } mindre enn { $than }
ledger-same = som { $than }
ledger-budget = budsjettert
ledger-months = januar–{ $month }
ledger-bridge = Inntekta er ført i dei månadene ho er for: { $income } = fakturert { $invoiced } − fakturert på førehand { $ahead } + fakturert tidlegare { $before }.
ledger-rules = Sjølvkost i { $year }: Over- og underskot blir gjort opp over { $n } år.
ledger-rules-with = Med er { $what }.
ledger-rules-without = Ikkje med: { $what }.
ledger-rules-missing = Manglar verdi for året: { $what }.
ledger-rules-covered = Eigaren dekkjer underskot.
ledger-rules-capital = kapitalkostnad
ledger-rules-interest = rente på saldoen
ledger-rules-growth = prisvekst
ledger-rules-growth-named = prisvekst ({ $name })
ledger-rules-name-settle_deficit_years = oppgjer av over- og underskot
ledger-rules-name-price_deflator = prisvekst
ledger-rules-name-calculated_interest = kalkylerente
ledger-rules-name-calculated_depreciation = kalkulatoriske avskrivingar
ledger-rules-name-fixed_assets = verdien av anleggsmidla
ledger-rules-name-balance_interest = rente på saldoen
ledger-rules-name-deficit = underskot
ledger-made-income = **Inntekt og kostnad**: utan mva. Ein pris for eit år eller eit kvartal er fordelt likt på månadene frå han gjeld til året eller kvartalet er slutt. Prosjektutvikling og tilkoplingspris for ei teneste med lån er ikkje med.
ledger-made-coverage = **Finansiell dekningsgrad**: inntekt i prosent av bokført kostnad siste tolv månader, medrekna fordelte felleskostnader. Sjølvkostgraden til SSB er eit anna tal. Utvikling i prosjekt er utanfor. Akkumulert resultat er ikkje med.
ledger-made-balance = **Akkumulert resultat**: summen av resultata sidan rekneskapen byrja.
ledger-made-budget = **Budsjettert resultat**: budsjettert inntekt minus budsjettert kostnad, med utvikling.
ledger-made-support = **Førespurnader per 100 kundar**: førespurnader delte på kundar som bruker tenesta, i månader der begge tala er kjende.
ledger-made-rounding = Beløp er avrunda til heile kroner kvar for seg; i utgåva står dei i øre.
product-answer-use-FLOW-some = { $name } hadde { $quantity } { $unit } i { $n ->
        [one] { $n } månad
       *[other] { $n } månader
    } med tal
product-figure-use-STOCK = { $title }, { $month }
product-figure-use-grown = { $change }, { $before }
product-figure-support-some = { $n } i { $months ->
        [one] { $months } månad
       *[other] { $months } månader
    } som er kjende; alle tenester: { $all }
product-figure-support-none = manglar: ingen førespurnader er melde
product-systems-system = Fagsystem
product-systems-supplier = Leverandør
product-systems-customers = Kundar
product-systems-dispatches = Forsendingar
product-systems-UNMAPPED = Ukjende fagsystemnamn
product-systems-NOT_STATED = Fagsystem ikkje oppgitt
product-systems-MAPPED = Namn utan fagsystem i registeret
product-price-element = Priselement
product-price-today = I dag
product-price-self_cost = Sjølvkost
product-price-proposed = Foreslått
product-about-unsaid = ikkje oppgitt
