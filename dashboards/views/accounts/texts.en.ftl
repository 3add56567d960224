### What Produktregnskap says. Bokmål and English, in plain words.

## filters

filter-ar = Year
filter-kvartal = Quarter
filter-kommuner = Municipalities that have the service
filter-volum = Use, per cent more or less
filter-brukerstotte = User support, per cent more or less
filter-drift = Operation, per cent more or less
filter-forvaltning = Maintenance, per cent more or less
filter-administrasjon = Administration, per cent more or less
accounts-whole_year = The whole year
accounts-year_so_far = { $year } (through { $month })
accounts-quarter = Quarter { $n }
accounts-quarter-named = quarter { $n } of { $year }
accounts-in = in { $period }
accounts-in-so_far = in { $period }, through { $month }

## the answer

accounts-answer-surplus = { $service } made a surplus of { $amount } { $when }: income was { $coverage } of cost.
accounts-answer-deficit = { $service } made a deficit of { $amount } { $when }: income was { $coverage } of cost.
accounts-answer-even = { $service } broke even { $when }.
accounts-answer-no_cost = { $service } had { $amount } in income { $when }, and no cost is booked.
accounts-answer-carried-surplus = At the end of { $month } a surplus of { $amount } is carried.
accounts-answer-carried-deficit = At the end of { $month } a deficit of { $amount } is carried.

## states

accounts-none_owned-title = No product accounts to show
accounts-none_owned = You are not set up as the owner of any product. Ask DIF if you should have access.
accounts-not_kept-title = The release has no product accounts
accounts-not_kept = Release { $release } was made before the product accounts became a part of releases.
accounts-empty-title = No accounts of { $service }
accounts-empty = No income, cost or budget is booked on the service. It does not mean that it costs nothing.
accounts-empty-link = Nearest with numbers: [{ $name }]({ $link })
accounts-contents = On this page:
accounts-contents-accounts = The accounts
accounts-contents-price = The price calculation
accounts-contents-what_if = What if?
accounts-contents-paid = Price per municipality
accounts-contents-loan = Loans
accounts-contents-reconciliation = Reconciliation
accounts-contents-closing = Unplaced cost and closed periods

## key figures

accounts-income = Income
accounts-cost = Cost
accounts-result = Result
accounts-coverage = Self-cost coverage
accounts-carried = Balance carried
accounts-more = { $change } more than in the same months a year before
accounts-less = { $change } less than in the same months a year before
accounts-same = as in the same months a year before
accounts-no_year_before = not compared: no numbers of the same months a year before
accounts-coverage-low = below { $low }%: income does not cover the cost
accounts-coverage-good = between { $low } and { $high }%: income roughly covers the cost
accounts-coverage-high = above { $high }%: the users pay more than it costs
accounts-coverage-none = missing: no cost is booked
accounts-coverage-twelve = ; the twelve months through { $month }: { $coverage }
accounts-coverage-twelve-short = ; the twelve months through { $month }: { $coverage }, { $amount } short
accounts-carried-surplus = a surplus at the end of { $month }, to go back to the users
accounts-carried-deficit = a deficit at the end of { $month }, to be covered
accounts-carried-none = neither surplus nor deficit at the end of { $month }

## from income to result

accounts-steps-title = { $step } is the largest cost: { $amount } of { $all }
accounts-steps-title-no_cost = No cost is booked
accounts-steps-subtitle = From income to result, kroner without VAT, { $period }.
accounts-steps-words = From income to result { $period }: { $steps }.
accounts-steps-caption = From income to result
accounts-axis-kr = kroner
accounts-axis-thousand = thousand kroner
column-cost_brukerstotte_ore = User support
column-cost_drift_ore = Operation
column-cost_forvaltning_ore = Maintenance
column-cost_administrasjon_ore = Administration
column-result_so_far_ore = Result, added up
column-budget_so_far_ore = Budgeted result, added up
value-part-income = Income
value-part-brukerstotte = User support
value-part-drift = Operation
value-part-forvaltning = Maintenance
value-part-administrasjon = Administration
value-part-allocated = Allocated shared cost
value-part-result = Result
column-part = Part

## twelve months

accounts-development-title-better = The result is { $amount } better than budgeted after { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
accounts-development-title-worse = The result is { $amount } weaker than budgeted after { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
accounts-development-title-same = The result is as budgeted after { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
accounts-development-title-none = The result after { $n ->
        [one] { $n } month
       *[other] { $n } months
    } is { $amount }; a budget is missing
accounts-development-subtitle = Result added up month by month against the budget, kroner without VAT, { $first } to { $last }.
accounts-development-actual = Accounts
accounts-development-budget = Budget
accounts-development-words = From { $first } to { $last } the result was { $result }, against a budget of { $budget }.
accounts-development-caption = Twelve months against the budget

## by year and quarter

accounts-statement-title = { $n } of { $all ->
        [one] { $all } quarter
       *[other] { $all } quarters
    } ended with a surplus
accounts-statement-subtitle = Kroner without VAT. Coverage is income in per cent of the period's cost.
accounts-statement-caption = Accounts by year and quarter
accounts-statement-period = Period
accounts-statement-budget = Budgeted result
accounts-statement-partly = { $period }, through { $month }
accounts-statement-from = { $period }, from { $month }
accounts-statement-files = The files have the numbers by month.

## the price calculation

accounts-price-title = The price calculation of { $year }
accounts-price-title-up = Prices must rise by { $change } from today to cover the cost of { $year }
accounts-price-title-down = Prices can fall by { $change } from today and still cover the cost of { $year }
accounts-price-title-same = Today's prices cover the cost of { $year }
accounts-price-title-nothing = The surplus covers all of the cost of { $year }: the self-cost price is zero
accounts-price-subtitle = Cost from { $first } to { $last }, reckoned to twelve months. Without VAT.
accounts-price-formula = Self-cost price = (cost − surplus used) × the price's share of the income ÷ expected units. A deficit is added instead of taken off.
accounts-price-formula-one = { $element }: ({ $cost } { $sign } { $balance }) × { $share } ÷ { $units } { $unit } = { $price }, rounded up to { $proposed }.
accounts-price-customers = customers
accounts-price-unit = units ({ $unit })
value-channel-ALTINN = Altinn
value-channel-NHN = The health network
value-channel-PRINT = Paper
value-channel-SDP = Digital mailbox
value-channel-SVARINN = SvarInn
accounts-price-costs-caption = What prices must cover, { $year }
accounts-price-costs-what = Item
accounts-price-costs-source = Source
accounts-price-costs-varies = Varies with
accounts-price-costs-fixed = fixed
accounts-price-costs-year = Kroner a year
accounts-price-source-account = account { $account }
accounts-price-source-ACCOUNT = no account
accounts-price-source-ALLOCATED = allocated shared cost
accounts-price-source-LEDGER = booked from other periods
accounts-price-costs-base = Cost base
accounts-price-costs-surplus = − surplus used
accounts-price-costs-deficit = + deficit covered
accounts-price-costs-cover = = to be covered by prices
accounts-price-costs-carried = of { $amount } carried
accounts-price-costs-expected = of { $amount } carried, as expected at the end of { $year }; { $now } through { $month }
accounts-price-costs-missing = ; months till then without an account of the year before, counted as zero: { $n }
accounts-price-prices-caption = Self-cost price, price by price
accounts-price-element = Price
accounts-price-units = Expected units
accounts-price-self_cost = Self-cost price
accounts-price-today = Today's price
accounts-price-proposed = Proposed price
accounts-price-decided = Decided price
accounts-price-gap = Gap from decided
accounts-price-change = Change from today
accounts-price-base_case = The base case
accounts-price-reproduced = none
accounts-price-decided-all = The base case gives the decided prices of { $year }.
accounts-price-decided-gap = The base case does not give the decided prices of { $year }. The gap is largest for { $element }: the self-cost price is { $self_cost }, decided is { $decided }.
accounts-price-decided-none = No price is decided for { $year }.
accounts-price-size-from = from { $n } inhabitants
accounts-price-size-under = under { $n } inhabitants
accounts-price-uses-caption = Expected use
accounts-price-uses-as_now = no forecast: as now
accounts-price-uses-driver = Counted by
accounts-price-uses-now = Now
accounts-price-uses-method = Forecast
accounts-price-uses-error = Back-tested error
accounts-level-low = Low use
accounts-level-expected = Expected use
accounts-level-high = High use
accounts-status-NO_PRICE = The service has no price that follows use, so there is nothing to calculate.
accounts-status-NO_COST = No cost is booked on the service in the last four whole quarters.
accounts-status-NO_USE = Neither invoices nor measurements tell how much the prices are counted by.
accounts-status-ZERO = What is supposed leaves no cost to cover.
accounts-status-none = The release has no price calculation of the service.
accounts-proposals-title = Saved calculations
accounts-proposals-caption = Proposed and decided prices, as saved
value-decision-PROPOSED = proposed
value-decision-DECIDED = decided
column-scenario = Calculation
column-element = Price

## what if

accounts-what_if-title = What if use or cost turns out otherwise?
accounts-what_if-title-up = What if: prices come out { $change } higher than in the base case
accounts-what_if-title-down = What if: prices come out { $change } lower than in the base case
accounts-what_if-title-same = What if: prices come out as in the base case
accounts-what_if-subtitle = Change the numbers below. They are in the link, so whoever gets it sees the same. The base case has no changes.
accounts-what_if-as_foreseen = as foreseen
accounts-what_if-unchanged = unchanged
accounts-what_if-reset = Back to the base case
accounts-what_if-no_municipalities = Nobody knows how many municipalities have the service, so their number changes nothing.
accounts-what_if-nothing_moves = None of the prices or costs is counted by use, so more or less use changes nothing.
accounts-what_if-supposed-none = Nothing supposed: cost as it was, use as foreseen.
accounts-what_if-supposed = Supposed: { $what }.
accounts-what_if-supposed-municipalities = { $n ->
        [one] { $n } municipality has
       *[other] { $n } municipalities have
    } the service
accounts-what_if-supposed-more = { $percent } more { $what }
accounts-what_if-supposed-less = { $percent } less { $what }
accounts-what_if-use = use
accounts-what_if-prices-caption = Prices with and without what is supposed
accounts-what_if-assumptions = Assumptions
accounts-what_if-base = Self-cost price, base case
accounts-what_if-levels-caption = Coverage and income at low, expected and high use
accounts-what_if-level = Use
accounts-what_if-cost = Cost
accounts-what_if-income = Income, proposed price
accounts-what_if-coverage = Cover with balance, proposed price
accounts-what_if-income_today = Income, today's price
accounts-what_if-coverage_today = Cover with balance, today's price
accounts-what_if-sizes-caption = What a customer pays a year for the same use, mean
accounts-what_if-sizes-size = Size
accounts-what_if-customers = Customers
accounts-what_if-pays_today = Today
accounts-what_if-pays_then = At the proposed price
accounts-what_if-increase = Change
accounts-what_if-increase_percent = Change in per cent
accounts-what_if-customer = Customer
accounts-what_if-largest-kr = The ten largest increases in kroner
accounts-what_if-largest-percent = The ten largest increases in per cent
accounts-what_if-no_increase = No named customer pays more at the proposed prices.
accounts-what_if-not_billed = Nobody was billed in the period, so the effect by customer is not known.
accounts-what_if-command = The same calculation as a workbook with formulas:
accounts-what_if-file = price.xlsx
accounts-size-0 = Under 10,000 inhabitants
accounts-size-1 = 10,000–50,000 inhabitants
accounts-size-2 = 50,000 inhabitants and more
accounts-size-3 = Other customers
accounts-size-4 = No named organisation

## what a municipality pays

accounts-paid-title = A municipality under 10,000 inhabitants pays { $small } a year on average, one of 50,000 or more { $large }
accounts-paid-title-plain = What municipalities pay a year, by size
accounts-paid-subtitle = Billed to each municipality from { $first } to { $last }, kroner without VAT. A dot is a municipality.
accounts-paid-inhabitants = inhabitants (logarithmic scale)
accounts-paid-kr = kroner
accounts-paid-words = What { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    } paid, by inhabitants. Means: { $means }.
accounts-paid-mean = { $size }: { $amount }
accounts-paid-caption = What municipalities pay, by size
accounts-paid-municipalities = Municipalities
accounts-paid-mean_kr = Mean per municipality
accounts-paid-least = Lowest
accounts-paid-most = Highest
accounts-paid-each = Kroner per inhabitant
accounts-customers-closed = What single customers pay is only for those who work with the economy.
accounts-paid-none = No municipality was billed in the period, or it cannot be shown by municipality.

## loans

accounts-loan-title = { $project }: { $balance } is left of the loan
accounts-loan-title-paid = { $project }: the loan is paid off
accounts-loan-title-when = { $project }: { $balance } is left of the loan, expected to be paid off in { $month }
accounts-loan-title-none = Loans and projects
accounts-loan-none = The service has no Digifin loan.
accounts-loan-subtitle = Balance at the end of the month, kroner. Dotted: expected payoff, from low to high uptake.
accounts-loan-subtitle-plain = Balance at the end of the month, kroner.
accounts-loan-words = The balance was { $balance } in { $month }. { $payoff }
accounts-loan-payoff = Expected to be paid off: { $low } at low uptake, { $expected } at expected, { $high } at high.
accounts-loan-level-low = low
accounts-loan-level-expected = expected
accounts-loan-level-high = high
accounts-loan-extended = One of the months at least lies beyond the forecast. Its pace then goes on, which is not back-tested.
accounts-loan-not_reached = not reached
accounts-loan-reason-NO_LOAN = Nothing is drawn of a loan.
accounts-loan-reason-PAID = The loan is paid off.
accounts-loan-reason-NOT_LAUNCHED = The service is not launched, so the payoff cannot be worked out.
accounts-loan-reason-NO_JOINING_FEE = No joining fee is in force, so the payoff cannot be worked out.
accounts-loan-reason-NO_FORECAST = Uptake is not forecast, so the payoff cannot be worked out.
accounts-loan-reason-NOT_ENOUGH_JOINERS = At one level at least too few are left to pay the loan, or not within ten years.
accounts-loan-reason-EARLIER_MONTH = The last month alone has an expected payoff.
accounts-loan-overdrawn = More is drawn than was granted.
accounts-loan-paid_off = Expected to be paid off
accounts-projects-caption = Projects: granted, drawn, spent and repaid, as of { $month }
accounts-projects-without = Projects that are not launched, and so have no service
column-project_title = Project
value-financing-DIGIFIN = Digifin
value-financing-INTERN = internal
value-financing-EKSTERN = external
value-phase-IDE = idea
value-phase-UTREDNING = study
value-phase-GJENNOMFORING = execution
value-phase-INNFORING = introduction
value-phase-DRIFT = operation

## reconciliation

accounts-reconciliation-title = { $amount } is at stake between billed and measured
accounts-reconciliation-title-none = Billed and measured agree: no kroner are at stake
accounts-reconciliation-title-plain = Reconciliation of billed against measured
accounts-reconciliation-subtitle = Differences by reason, kroner without VAT, { $period }. To the right too much was billed.
accounts-reconciliation-ties = Billed { $billed } = expected { $expected } + explained { $explained } + unexplained { $open } + not reconcilable { $not_rec }.
accounts-reconciliation-awaits = { $amount } is measured and awaits its invoice. It is not at stake yet.
accounts-reconciliation-empty = Nothing was billed or measured of the service in the period.
accounts-reconciliation-no_parts = There are no differences in the period.
accounts-reconciliation-words = Differences between billed and measured: { $reasons }.
accounts-reconciliation-reason = { $reason } { $over } too much and { $under } too little
accounts-reconciliation-caption = Reasons for the differences
accounts-reconciliation-months-caption = Billed against measured, by month
accounts-unexplained-title = The largest unexplained differences
accounts-unexplained-caption = Unexplained rows, the largest first
accounts-over = billed too much
accounts-under = billed too little
value-reason-MONTH_SHIFT = Wrong month
value-reason-LATE_STATE = Measured after invoicing
value-reason-CORRECTION = Correction
value-reason-UNJUSTIFIED_CREDIT = Credited more than use bears out
value-reason-UNJUSTIFIED_CHARGE = Charged afterwards more than use bears out
value-reason-CORRECTS_NOTHING = Corrects nothing
value-reason-OTHER_PAYER = Other organisation, same payer
value-reason-UNKNOWN_ACCOUNT = Unknown account
value-reason-PRICE_CHANGE = Other price
value-reason-ROUNDING = Rounding
value-reason-UNEXPLAINED = Unexplained
column-differences = Differences
column-over_ore = Billed too much
column-under_ore = Billed too little
column-unexplained_ore = Unexplained

## unmapped cost and closed periods

accounts-unmapped-title = { $amount } of cost is not placed
accounts-unmapped-title-none = All cost is placed
accounts-unmapped-subtitle-all = Cost of all services and shared, { $period }, kroner without VAT. It is mended in the register of where cost belongs (cost_mapping), or by whoever delivers it. An entry with two reasons stands under both.
accounts-unmapped-subtitle-own = Cost that is booked on the service, { $period }, kroner without VAT.
accounts-unmapped-caption = Cost that is not placed
value-reason-NO_CATEGORY = Unknown category (counted as operation)
value-reason-NO_KEY = Shared, without an allocation key
value-reason-UNKNOWN_KEY = Unknown allocation key
value-reason-NO_WEIGHTS = Nothing to allocate by
value-reason-EXTERNAL_SERVICE = Names a product of others
column-entries = Entries
column-booked_account = Account
accounts-periods-title = The last closed quarter is { $quarter }
accounts-periods-title-none = No quarters are closed
accounts-periods-subtitle = A closed quarter does not change. What comes later of { $service } is booked in the first open month, shown here.
accounts-periods-caption = Quarters and what is booked later
value-status-OPEN = open
value-status-CLOSED = closed
value-status-REOPENED = reopened
accounts-report-title = A report for the product council
accounts-report = The same numbers on one page, for printing:

## how the numbers are made

made-accounts-limits = Yearly prices skew months and quarters: look at the year and the balance carried. Shared cost that is not placed is in no service. A value that is missing stands as `..`, and is not zero. The effect by customer takes the same use as in the period that the cost is from.
made-accounts-income = **Income**: billed for the service, without VAT. The joining fee of a service with a loan is not income.
made-accounts-cost = **Cost**: user support, operation, maintenance, administration and allocated shared cost. Development in a project stands outside.
made-accounts-result = **Result**: income − cost.
made-accounts-coverage = **Self-cost coverage**: income in per cent of cost (as Statistics Norway defines it; what is set aside to or used of a fund is taken as zero). In the calculation, surplus used counts too. At 100% prices cover just what it costs.
made-accounts-carried = **Balance carried**: the sum of the results of all years through the month.
made-accounts-price = **Self-cost price**: the price that just covers the cost at expected use. Where the service has several prices, all change by the same per cent. **The proposed price** is rounded up: to NOK 0.001 under NOK 1, NOK 0.01 under NOK 10, NOK 1 under NOK 1,000, else NOK 100.
made-accounts-balance = **Surplus used**: the balance carried as expected at the end of the year before the prices hold. Each month till then is expected to come to what it did the year before.
made-accounts-use = **Expected use**: the forecast's twelve months against the last twelve known. Low and high are the sums of the months', and wider than the year's own uncertainty.
made-accounts-loan = **Balance of a loan**: drawn − repaid − written off.
made-accounts-at_stake = **At stake**: unexplained billed too much plus unexplained billed too little; they do not offset each other.
