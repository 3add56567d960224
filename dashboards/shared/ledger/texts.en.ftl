### What pages and reports say of a product and of the ledgers. Bokmål and English.

ledger-restricted = Confidential: product accounts
ledger-restricted-who = For management, finance, the board and the product’s user council only. Do not pass it on.
ledger-synthetic-all = The numbers were made by a simulator, and say nothing about real services or amounts.
ledger-synthetic-some = What is marked “synthetic” was made by a simulator, and says nothing about real services or amounts.
ledger-more = { $amount } more than { $than }
ledger-less = { $amount } less than { $than }
ledger-same = as { $than }
ledger-better = { $amount } better than { $than }
ledger-worse = { $amount } worse than { $than }
ledger-budget = budgeted
ledger-last_year = in the same months of { $year }
ledger-begun = not comparable with { $year }: the accounts begin { $month }
ledger-new = no entries on the service in { $year }
ledger-no_budget = the budget is missing for at least one of the months
ledger-no_budget-income = the budgeted income is not known
ledger-months = January–{ $month }
ledger-none = missing: no entries are booked on the service
ledger-none-year = missing: no entries in { $year }
ledger-coverage-short = missing: fewer than twelve months in the accounts
ledger-coverage-no_cost = missing: no cost is booked in the last twelve months
ledger-coverage-words = last twelve months; at 100% income covers cost
ledger-balance-words = carried since { $month }

## the product's report

product-kicker = For the user council
product-title = { $name }, { $month }
product-answer-use-FLOW = { $name } had { $quantity } { $unit } in the last twelve months{ $grown }
product-answer-use-FLOW-some = { $name } had { $quantity } { $unit } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    } with numbers
product-answer-use-STOCK = { $name } had { $quantity } { $unit } in { $month }{ $grown }
product-answer-use-none = No source measures the use of { $name }
product-answer-economy = { $use }, and the service has a result of { $result } so far in { $year }.
product-answer-economy-none = { $use }, and no entries are booked on the service in { $year }.
product-figure-customers-USE = Customers using the service
product-figure-customers-EVENT = Customers that have activated the service
product-figure-customers-words = { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    }{ $others ->
        [0] { "" }
        [one] , { $others } other
       *[other] , { $others } others
    }{ $year }
product-figure-customers-year = ; { $change } a year before
product-figure-customers-no_year = ; not comparable with the year before
product-figure-customers-month = ; latest month with numbers: { $month }
product-figure-customers-none = missing: no source has numbers for the service
product-figure-use-FLOW = { $title }, last twelve months
product-figure-use-STOCK = { $title }, { $month }
product-figure-use-none = Use, last twelve months
product-figure-use-unmeasured = missing: no source measures use
product-figure-use-grown = { $change }, { $before }
product-figure-use-some = { $n } of 12 months { $n ->
        [one] was
       *[other] were
    } measured
product-figure-use-begun = not comparable: measurements begin { $month }
product-figure-use-gaps = not comparable: not all months before were measured
product-figure-support = Support requests per 100 customers a month
product-figure-support-words = { $n } in the last twelve months; all services: { $all }
product-figure-support-some = { $n } in { $months ->
        [one] { $months } month that is
       *[other] { $months } months that are
    } known; all services: { $all }
product-figure-support-none = missing: no requests are reported
product-figure-income = Income so far in { $year }
product-figure-cost = Cost so far in { $year }
product-use-title-moved = Use has gone { $change } in a year
product-use-title-same = Use is unchanged in a year
product-use-title = { $title } by month since { $month }
product-use-subtitle = { $title } by month, { $first }–{ $last }, the whole country. The last twelve months are highlighted.
product-use-words = { $title } by month: { $first } in { $first_month }, { $last } in { $last_month }, most { $most } in { $most_month }.
product-use-shaded = Shaded months were not measured.
product-use-others = Also measured: { $listed }.
product-use-other = { $title } ({ $quantity } in { $month })
product-steps = Of { $all } municipalities in { $month }: { $steps }.
product-uptake-none = Uptake is not known
product-uptake-none-text = No source has reported that anyone has adopted the service.
product-flow-title-surplus = Income is { $amount } above cost so far in { $year }
product-flow-title-deficit = Income is { $amount } below cost so far in { $year }
product-flow-title-zero = Income equals cost so far in { $year }
product-flow-title-none = No income or cost is booked in { $year }
product-flow-subtitle = From income to result, { $months }, excl. VAT.
product-flow-post = Item
product-flow-bar = Bar
product-flow-year = { $year }, NOK
product-systems-title = Most use { $system }: { $n } { $noun }
product-systems-title-none = Source systems are not known
product-systems-subtitle = Source systems and suppliers in the last twelve months, by customers.
product-systems-caption = Source systems and suppliers
product-systems-system = Source system
product-systems-supplier = Supplier
product-systems-customers = Customers
product-systems-dispatches = Dispatches
product-systems-UNMAPPED = Unknown system names
product-systems-NOT_STATED = Source system not stated
product-systems-rounded = Dispatches are rounded up to whole fifties for each month.
product-systems-bands = The count is a band where no source system is stated, or where fewer than three organisations used it in a month.
product-systems-shielded = Shielded source systems are not rounded, and are also part of “Source system not stated”.
product-systems-MAPPED = Name without a source system in the register
product-systems-more = { $n } more source systems.
product-customer-one = customer
product-customer-many = customers
product-money-price = price
product-money-loan = loan
product-money-open = reconciliation
product-lacks-purpose = purpose
product-lacks-conditions = conditions
product-lacks-roles = roles
product-lacks-documentation = documentation
product-lacks-description_nb = description
product-lacks-background = background
product-lacks-expected_use = expected use
product-lacks-dependencies = dependencies
product-lacks-agreement_template = agreement template
product-lacks-risk_template = risk-assessment template
product-lacks-user_council = user council
product-lacks-launch_month = when it was launched
product-lacks-adoptable_by = who may adopt it
product-unknown-more = { $n } more in the report on screen.
product-price-none = no price
product-price-unknown = “..”: cannot be calculated.
product-price-from = from { $n } inhabitants
product-price-title = Today’s price and self-cost price
product-price-title-none = No price is calculated
product-price-subtitle = The next calculated year, { $year }, with no changed assumptions.
product-price-one = price
product-price-many = prices
product-price-more = { $n } more { $noun } in the report on screen.
product-price-element = Price element
product-price-today = Today
product-price-self_cost = Self-cost
product-price-proposed = Proposed
product-loan = Loan{ $project }: { $balance } outstanding of { $drawn } drawn.
product-loan-more = More loans in the report on screen: { $n }.
product-loan-unknown = No payoff is calculated.
product-open = Unexplained so far in { $year }: { $over } billed too much, { $under } too little, of { $billed } billed.
product-open-cannot = { $amount } cannot be reconciled, because nothing measures it.
product-about-title = About the service
product-about-unsaid = not stated
product-unknown-title = What we do not know
product-unknown-none = Everything the report shows is known.
product-unknown-use = How much the service is used: no source measures it.
product-unknown-gaps = The use in { $months }: not measured.
product-unknown-event = Whether the service is used where it is activated: the source reports activation only.
product-unknown-annex = Who has signed the annex: no source reports it.
product-unknown-ledger = Income and cost: no entries are booked on the service.
product-unknown-budget = Whether the result is as budgeted: the budget is missing for at least one of the months.
product-unknown-budget-income = Whether income is as budgeted: the budgeted income is not known.
product-unknown-shared = How much of the shared cost the service should carry: { $amount } so far in { $year } is not allocated to any service.
product-unknown-unmapped = Where { $amount } of cost belongs: it is unallocated (entries: { $n }).
product-unknown-fees = Whether { $amount } has been repaid on the loan: the joining fee and the repayment differ (invoices: { $n }).
product-unknown-systems-all = Which source systems use the service: no source says.
product-unknown-systems = Which source system { $n } of the customers use: it is not stated.
product-unknown-support = How much support the service needs: no requests are reported.
product-unknown-catalogue = Not stated in the product catalogue: { $listed }.
ledger-bridge = Income by the months it is for: { $income } = invoiced { $invoiced } − invoiced ahead { $ahead } + invoiced before { $before }.
ledger-made-income = **Income and cost**: excl. VAT. A price for a year or a quarter is spread evenly over the months from when it applies to the end of that year or quarter. Project development, and joining fees for services with a loan, are left out.
ledger-made-coverage = **Financial coverage**: income in per cent of booked cost in the last twelve months, including allocated shared cost. Statistics Norway’s self-cost ratio is another figure. Development in projects stands outside. The balance carried is left out.
ledger-rules = Self-cost in { $year }: A surplus or deficit is settled over { $n } years.
ledger-rules-with = Included: { $what }.
ledger-rules-without = Not included: { $what }.
ledger-rules-missing = No value for the year: { $what }.
ledger-rules-covered = The owner covers deficits.
ledger-rules-capital = capital cost
ledger-rules-interest = interest on the balance
ledger-rules-growth = price growth
ledger-rules-name-settle_deficit_years = settling of surplus and deficit
ledger-rules-name-price_deflator = price growth
ledger-rules-name-calculated_interest = calculated interest
ledger-rules-name-calculated_depreciation = calculated depreciation
ledger-rules-name-fixed_assets = the value of fixed assets
ledger-rules-name-balance_interest = interest on the balance
ledger-rules-name-deficit = deficit
ledger-rules-growth-named = price growth ({ $name })
ledger-made-balance = **Balance carried**: the sum of the results since the accounts began.
ledger-made-budget = **Budgeted result**: budgeted income less budgeted cost, development included.
ledger-made-support = **Support requests per 100 customers**: requests divided by customers using the service, in months where both are known.
ledger-made-rounding = Amounts are rounded to whole NOK one by one; the release has them in øre.
ledger-rest = Open the file on screen to see all definitions, sources and tables.
