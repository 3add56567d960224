### What the page about the price says. Bokmål and English, in plain words.

## the page

accounts-effects-title-proposed = What customers pay at the proposed prices
accounts-effects-title-decided = What customers pay at the decided prices

## the price calculation

accounts-price-title = The prices in { $year }
accounts-price-title-up = Prices must rise by { $change } to cover the cost of { $year }
accounts-price-title-down = Prices can fall by { $change } and still cover the cost of { $year }
accounts-price-title-same = Today’s prices cover the cost of { $year }
accounts-price-growth-none = last year’s cost without price growth
accounts-price-growth = last year’s cost and price growth of { $percent } ({ $deflator })
accounts-price-title-nothing = The surplus carried covers all of the cost of { $year }, so the self-cost price is zero
accounts-price-title-plain = The price calculation
accounts-price-subtitle = Cost from { $first } to { $last }, converted to twelve months: { $growth }. Proposed prices are rounded up. Excl. VAT.
accounts-price-formula = Self-cost price = (cost − surplus used) × the price’s share of income ÷ expected units. A deficit is added.
accounts-price-formula-one = { $element }: { $share } of { $cover }, divided by { $units } { $unit }, gives { $price }. The proposed price is { $proposed }.
accounts-price-formula-surplus = , and { $balance } of the surplus is used
accounts-price-formula-deficit = , and { $balance } of the deficit is recovered
accounts-price-formula-even = , and the balance is zero
accounts-price-formula-title = How the price is calculated
accounts-price-customers = customers
accounts-price-unit = units ({ $unit })
accounts-price-costs-caption = What prices must cover, { $year }
accounts-price-costs-what = Item
accounts-price-costs-source = Source
accounts-price-costs-varies = { ", " }varies with { $unit }
accounts-price-costs-year = NOK a year
accounts-price-source-account = account { $account }
accounts-price-source-ACCOUNT = no account
accounts-price-source-ALLOCATED = allocated shared cost
accounts-price-source-DEPRECIATION = calculated depreciation
accounts-price-source-INTEREST = calculated interest on fixed assets
accounts-price-source-LEDGER = booked from other periods
accounts-price-costs-base = Cost base
accounts-price-costs-growth = Price growth
accounts-price-costs-assumed = Assumed change in cost
accounts-price-costs-assumed-source = the assumptions
accounts-price-costs-use = Changed use
accounts-price-costs-use-source = expected use against use now, in costs that vary with it
accounts-price-costs-surplus = The year’s part of the surplus, used
accounts-price-costs-deficit = The year’s part of the deficit, covered
accounts-price-costs-cover = To be covered by prices
accounts-price-costs-carried = { $n ->
        [one] All in one year
       *[other] Divided by { $n } years
    }: The balance carried is { $amount }.
accounts-price-costs-expected = { $n ->
        [one] All in one year
       *[other] Divided by { $n } years
    }: The balance carried is expected to be { $amount } at the end of { $year }. Through { $month } it is { $now }.
accounts-price-costs-missing = { $n ->
        [one] One of the months until then has no accounts of the year before, and counts as zero.
       *[other] { $n } of the months until then have no accounts of the year before, and count as zero.
    }
accounts-price-prices-caption = Self-cost price, price by price
accounts-price-element = Price
accounts-price-base = { $price }, base price
accounts-price-self_cost = Self-cost price
accounts-price-today = Today’s price
accounts-price-proposed = Proposed price
accounts-price-decided = Decided price
accounts-price-change = Change
accounts-price-decided-all = The calculation gives the decided prices of { $year }.
accounts-price-decided-covers = The decided prices cover self-cost, most for { $element }: { $decided } against the self-cost price { $self_cost }.
accounts-price-decided-gap = The calculation differs from the decided prices of { $year }, most for { $element }: the self-cost price is { $self_cost }, the decided one { $decided }.
accounts-price-decided-none = No price is decided for { $year }.
accounts-price-size-from = from { $n } inhabitants
accounts-price-size-under = under { $n } inhabitants
accounts-price-uses-caption = Expected use
accounts-price-uses-as_now = not forecast: as now
accounts-price-uses-driver = Counted by
accounts-price-uses-now = Now
accounts-price-uses-error = Back-tested error
accounts-price-uses-open = Show expected use
accounts-pricing-title = Product accounts: price
accounts-pricing-part = Price
accounts-pricing-answer = { $service }: { $claim }.
accounts-pricing-answer-none = No price is calculated for { $service }.
accounts-pricing-answer-new = The prices that cover the cost of { $service } in { $year } are below.
accounts-pricing-figure-cover = Prices must cover in { $year }
accounts-pricing-figure-cover-words = the cost is { $cost }{ $settled }
accounts-pricing-figure-today = Coverage at today’s prices
accounts-pricing-figure-today-words = { $income } of income at expected use, balance included
accounts-pricing-figure-price = Self-cost price, { $element }
accounts-pricing-figure-price-decided = decided { $price }
accounts-pricing-figure-price-today = today { $price }
accounts-pricing-figure-price-none = no price today, and none is decided
accounts-proposals-title = Saved calculations
accounts-proposals-caption = Proposed and decided prices, as saved
value-decision-PROPOSED = proposed
value-decision-DECIDED = decided
column-scenario = Calculation

## what if

accounts-what_if-title = What if prices, use or cost change?
accounts-what_if-title-up = What if: prices are { $change } higher than in the base case
accounts-what_if-title-down = What if: prices are { $change } lower than in the base case
accounts-what_if-title-same = What if: prices are as in the base case
accounts-what_if-change-up = With { $change } on all of today’s prices, income rises by { $amount } a year. That covers { $coverage } of the cost
accounts-what_if-change-down = With { $change } on all of today’s prices, income falls by { $amount } a year. That covers { $coverage } of the cost
accounts-what_if-change-today = Today’s prices cover { $coverage } of the cost
accounts-what_if-change-same = With { $change } on all of today’s prices, income is unchanged. That covers { $coverage } of the cost
accounts-increases-title-proposed = { $n } of { $all ->
        [one] { $all } customer
       *[other] { $all } customers
    } in the invoice basis pay more at the proposed prices
accounts-increases-title-decided = { $n } of { $all ->
        [one] { $all } customer
       *[other] { $all } customers
    } in the invoice basis pay more at the decided prices
accounts-increases-title-none-proposed = No named customer pays more at the proposed prices
accounts-increases-title-none-decided = No named customer pays more at the decided prices
accounts-what_if-largest = The ten largest increases
accounts-what_if-subtitle = Change the numbers below. They become part of the link, so others see what you see.
accounts-what_if-others = Also change expected use and costs
accounts-what_if-no_municipalities = The number of municipalities that have the service is not known. The choice therefore changes nothing.
accounts-what_if-nothing_moves = No price or cost follows use, so more or less use changes nothing.
accounts-what_if-prices-caption = Prices with and without the assumptions
accounts-what_if-assumptions = Assumptions
accounts-what_if-base = Self-cost price, base case
accounts-what_if-levels-caption = Coverage and income at low, expected and high use
accounts-what_if-covers-caption = How much of the cost prices cover, balance included
accounts-what_if-level = Use
accounts-what_if-cost = Cost
accounts-what_if-income-proposed = Income, proposed price
accounts-what_if-income-decided = Income, decided price
accounts-what_if-coverage-proposed = Coverage with balance, proposed price
accounts-what_if-coverage-decided = Coverage with balance, decided price
accounts-what_if-income_today = Income, today’s price
accounts-what_if-coverage_today = Coverage with balance, today’s price
accounts-what_if-sizes-caption = What a customer pays for the same use, on average
accounts-what_if-sizes-months = Mean per customer for the use from { $first } to { $last }. Customers other than municipalities are included.
accounts-what_if-sizes-month = Mean per customer for the use in { $first }. Customers other than municipalities are included.
accounts-what_if-not_billed = The use of each customer in the period is not known, nor is the effect.

## the list of headings

contents-pris = Prices
contents-formel = The calculation
contents-hva-om = What if?
contents-virkning = Effect for customers
accounts-price-beside = on top of the base price
