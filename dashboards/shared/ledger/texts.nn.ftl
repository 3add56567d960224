### Det sider og rapportar seier om eit produkt og rekneskapen, på nynorsk: svaret og nøkkeltala. Resten står på bokmål.

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
    }, { $others ->
        [one] { $others } annan
       *[other] { $others } andre
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
