### What every page of the product's accounts says, and its summary. Bokmål and English, in plain words.

## the page

accounts-part = Summary
accounts-parts = The pages of the product accounts
accounts-parts-title = The accounts part by part

## filters

filter-ar = Year
filter-kvartal = Quarter
filter-prisendring = Change of price, per cent
filter-kommuner = Municipalities that have the service
filter-oppgjor = Years over which a surplus or deficit is settled
filter-volum = Use, per cent more or less
filter-brukerstotte = User support, per cent more or less
filter-drift = Operation, per cent more or less
filter-forvaltning = Maintenance, per cent more or less
filter-administrasjon = Administration, per cent more or less
accounts-whole_year = The whole year
accounts-year_so_far = { $year } so far
accounts-quarter = Quarter { $n }
accounts-quarter-named = quarter { $n } of { $year }
accounts-in = in { $period }
accounts-in-so_far = in { $period }, through { $month }

## the answer

accounts-answer-surplus = { $service } covers its cost { $when }: income is { $coverage } of cost, and the surplus is { $amount }.
accounts-answer-same = unchanged
accounts-answer-deficit = { $service } does not cover its cost { $when }: income is { $coverage } of cost, { $amount } short.
accounts-answer-about = { $service } roughly covers its cost { $when }: income is { $coverage } of cost, { $amount } short.
accounts-answer-down = { $amount } lower
accounts-answer-even = { $service } breaks even { $when }: income is { $coverage } of cost.
accounts-answer-no_cost = { $service } has { $amount } in income { $when }. No cost is booked.
accounts-answer-moved = Compared with the same months the year before, income is { $income } and cost is { $cost }.
accounts-answer-up = { $amount } higher
accounts-answer-largest = The largest cost is { $part }, { $share } of all cost.
accounts-answer-twelve-over = Over twelve months, however, income is { $coverage } of cost, and the surplus is { $amount }.
accounts-answer-twelve-short = Over twelve months, however, income is only { $coverage } of cost, { $amount } short.

## states

accounts-none_owned-title = No product accounts to show
accounts-none_owned = You are not registered as the owner of any product. Ask DIF if you should have access.
accounts-not_kept-title = The release has no product accounts
accounts-not_kept = Release { $release } was made before releases included the product accounts.
accounts-empty-title = No accounts for { $service }
accounts-empty = No income, cost or budget is booked on the service. That does not mean that it is free.
accounts-empty-link = Nearest with numbers: { $link }

## key figures

accounts-income = Income
accounts-cost = Cost
accounts-result = Result
accounts-coverage = Financial coverage
accounts-carried = Balance carried
accounts-months_before = the same months of the year before
accounts-no_year_before = cannot be compared: the accounts lack the same months of the year before
accounts-coverage-meant = at 100% income covers the cost
accounts-coverage-none = missing: no cost is booked
accounts-coverage-twelve = the twelve months through { $month }: { $coverage }
accounts-coverage-twelve-short = the twelve months through { $month }: { $coverage }, { $amount } short
accounts-coverage-twelve-over = the twelve months through { $month }: { $coverage }, { $amount } over
accounts-carried-surplus = a surplus at the end of { $month }, to be returned to the users
accounts-carried-deficit = a deficit at the end of { $month }, to be recovered
accounts-carried-none = neither surplus nor deficit at the end of { $month }

## from income to result

accounts-axis-kr = NOK
accounts-axis-thousand = thousand NOK
column-cost_brukerstotte_ore = User support
column-cost_drift_ore = Operation
column-cost_forvaltning_ore = Maintenance
column-cost_administrasjon_ore = Administration
column-cost_ore = Cost
column-result_so_far_ore = Cumulative result
column-budget_so_far_ore = Cumulative budgeted result
value-part-income = Income
value-part-brukerstotte = User support
value-part-drift = Operation
value-part-forvaltning = Maintenance
value-part-administrasjon = Administration
value-part-allocated = Allocated shared cost
value-part-kapital = Capital cost
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
accounts-development-subtitle = Cumulative result month by month against the budget, NOK excl. VAT, { $first } to { $last }.
accounts-development-actual = Accounts
accounts-development-budget = Budget
accounts-development-words = From { $first } to { $last } the result was { $result }. The budget was { $budget }.
accounts-development-caption = Month by month against the budget
accounts-decide-surplus = The surplus of { $amount } is to be returned to the users.
accounts-decide-deficit = The deficit of { $amount } is to be recovered.
accounts-decide-none = Nothing needs a decision.

## the price calculation

value-channel-ALTINN = Altinn
value-channel-NHN = The health network
value-channel-PRINT = Paper
value-channel-SDP = Digital mailbox
value-channel-SVARINN = SvarInn
accounts-level-low = Low use
accounts-level-expected = Expected use
accounts-level-high = High use
accounts-status-NO_PRICE = The service has no price that follows use, so there is nothing to calculate.
accounts-status-RULE_MISSING = A rule of self-cost that has been followed has no value for the year. Economy enters it in the register of rules of self-cost.
accounts-status-NO_COST = No cost is booked on the service in the last four whole quarters.
accounts-status-NO_USE = Neither invoices nor measurements show the quantity that prices are calculated by.
accounts-status-ZERO = Under these assumptions there is no cost to cover.
accounts-status-none = The release has no price calculation for the service.
column-element = Price

## what if

accounts-what_if-as_foreseen = as forecast
accounts-what_if-unchanged = unchanged
accounts-what_if-reset = Back to the base case
accounts-what_if-supposed-none = No changes: cost is as in the period, use as forecast.
accounts-what_if-supposed = Assumed: { $what }.
accounts-what_if-otherwise = empty: the prices above
accounts-what_if-supposed-price = today’s prices change by { $percent }
accounts-what_if-supposed-price-same = today’s prices are unchanged
accounts-what_if-supposed-municipalities = { $n ->
        [one] { $n } municipality has
       *[other] { $n } municipalities have
    } the service
accounts-what_if-supposed-more = { $percent } more { $what }
accounts-what_if-supposed-less = { $percent } less { $what }
accounts-what_if-supposed-years = a surplus or deficit is settled over { $n } years
accounts-what_if-years = { $n } years
accounts-what_if-use = use
accounts-what_if-sizes-size = Size
accounts-what_if-customers = Customers
accounts-what_if-pays_today = Today
accounts-what_if-pays_then-proposed = At the proposed price
accounts-what_if-pays_then-decided = At the decided price
accounts-what_if-increase_kr = Change in kroner
accounts-what_if-increase = Change
accounts-what_if-customer = Customer
accounts-size-0 = Under 10,000 inhabitants
accounts-size-1 = 10,000–50,000 inhabitants
accounts-size-2 = 50,000 inhabitants and more
accounts-size-3 = Other customers
accounts-size-4 = No named organisation

## what a municipality pays

accounts-customers-closed = What individual customers pay is shown only to those who work with finance.

## unmapped cost and closed periods

accounts-whose = These are the product’s accounts. They do not show what one municipality pays.
accounts-whose-link = These are the product’s accounts. See what { $name } pays for the services.
accounts-report-ask = Ask for the report for the user council at the contact address at the end of the page.
accounts-report-make = Make a report for the user council

## how the numbers are made

made-accounts-limits = Unallocated shared cost is not included in any service. A missing value is shown as `..` and is not zero. The effect for customers assumes the same use as in the period that the cost is from.
made-accounts-income = **Income**: the income for the months, excl. VAT: a price for a year or a quarter is spread evenly over the months from when it applies to the end of that year or quarter. **Invoiced** follows the invoice, as do reconciliation, loans and what customers pay. The joining fee of a service with a loan is not income.
made-accounts-cost = **Cost**: user support, operation, maintenance, administration and allocated shared cost. Development in projects is not included.
made-accounts-result = **Result**: income − cost.
made-accounts-coverage = **Financial coverage**: income in per cent of booked cost in the period. Statistics Norway’s self-cost ratio is another figure, which is 100% when deficits are carried forward. In the calculation it is called cover with balance where surplus used counts too. At 100% income covers exactly what the service costs.
made-accounts-carried = **Balance carried**: the sum of the results of all years through the month.
made-accounts-price = **Self-cost price**: the price that at expected use exactly covers the cost, with the year’s part of earlier surplus or deficit. The rules of self-cost that are followed stand at the end of the page. Where the service has several prices, all change by the same per cent. **The proposed price** is rounded up: to NOK 0.001 under NOK 1, NOK 0.01 under NOK 10, NOK 1 under NOK 1,000, else NOK 100; where today’s price is finer, as that.
made-accounts-balance = **Surplus used**: the balance carried as expected at the end of the year before the prices apply. Each month until then is expected to give the same result as the year before. A surplus or deficit is settled over one to five years, so prices bear one part.
made-accounts-use = **Expected use**: the forecast’s twelve months against the last twelve known. Low and high sum the months’ limits, and are wider than the year’s own uncertainty.
made-accounts-loan = **Balance of a loan**: drawn − repaid − written off.
made-accounts-at_stake = **Unexplained**: overbilled plus underbilled without a known reason. The two do not offset each other.

## the list of headings

contents-tolv-maneder = Twelve months
contents-deler = Part by part
