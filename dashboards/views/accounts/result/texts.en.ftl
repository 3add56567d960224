### What the page about the result says. Bokmål and English, in plain words.

## the page

accounts-categories-title = Cost by type
accounts-categories-title-up = { $step } has changed most: up { $amount } from the year before
accounts-categories-title-down = { $step } has changed most: down { $amount } from the year before
accounts-categories-subtitle = NOK excl. VAT, { $period }, against the same months of { $year }.
accounts-categories-subtitle-new = NOK excl. VAT, { $period }. The accounts lack the same months of { $year }.
accounts-categories-sum = Total
accounts-categories-share = Share
accounts-categories-caption = Amount and share
accounts-categories-change = Change
accounts-categories-part = Cost
accounts-categories-now = In the period
accounts-categories-before = Year before
accounts-common-left = { $amount } of shared cost is not yet allocated to any service, and has not been deducted.
accounts-months-title = Income covered cost in { $n } of { $all ->
        [one] { $all } month
       *[other] { $all } months
    }
accounts-months-title-none = Income did not cover cost in any month
accounts-months-subtitle = Income and cost by month, NOK excl. VAT, { $first }–{ $last }.
accounts-months-words = From { $first } to { $last } income was { $income } and cost was { $cost }.
accounts-months-caption = Accounts by month
accounts-result-title = Product accounts: result
accounts-result-part = Result
accounts-result-answer = { $service } has a result of { $amount } { $when }.
accounts-result-answer-before = In the same months of { $year } it was { $amount }.
accounts-result-answer-new = The accounts lack the same months of the year before.
accounts-result-figure-before = same months of the year before: { $amount }

## from income to result

accounts-steps-title = The largest cost is { $step }: { $amount } of { $all }
accounts-steps-title-no_cost = No cost is booked
accounts-steps-subtitle = From income to result, NOK excl. VAT, { $period }.
accounts-steps-words = From income to result { $period }: { $steps }.
accounts-steps-caption = From income to result

## by year and quarter

accounts-statement-title = { $n } of { $all ->
        [one] { $all } quarter
       *[other] { $all } quarters
    } ended with a surplus
accounts-statement-subtitle = NOK excl. VAT. Financial coverage is income in per cent of booked cost in the period.
accounts-statement-caption = Accounts by year and quarter
accounts-statement-period = Period
accounts-statement-budget = Budgeted result
accounts-statement-partly = { $period }, through { $month }
accounts-statement-from = { $period }, from { $month }
accounts-statement-files = Download the numbers by month
accounts-statement-open = Show the quarters of every year

## unmapped cost and closed periods

accounts-unmapped-title = { $amount } of cost is unallocated
accounts-unmapped-subtitle-all = Cost of all services and shared cost, { $period }, NOK excl. VAT. It is corrected in the register of cost placement, or by whoever delivers it. An entry with two reasons is listed twice.
accounts-unmapped-subtitle-own = Cost that is booked on the service, { $period }, NOK excl. VAT.
accounts-unmapped-caption = Unallocated cost
value-reason-NO_CATEGORY = Unknown category (counted as operation)
value-reason-NO_KEY = Shared cost without an allocation key
value-reason-UNKNOWN_KEY = Unknown allocation key
value-reason-NO_WEIGHTS = Nothing to allocate by
value-reason-EXTERNAL_SERVICE = Booked on another party’s product
column-entries = Entries
column-booked_account = Account

## the list of headings

contents-resultat = From income to result
contents-maneder = By month
contents-kostnader = Cost
contents-felleskostnader = Unallocated cost
contents-kvartaler = Years and quarters

## the self-cost account

accounts-self_cost-title = The self-cost ratio is { $ratio } in { $year }, and income covers { $coverage } of the fee basis
accounts-self_cost-title-missing = The self-cost ratio of { $year } is not calculated. There is no value for { $rules }
accounts-self_cost-title-plain = Self-cost account
accounts-self_cost-subtitle = NOK excl. VAT. The self-cost ratio is calculated as at Statistics Norway: It is 100% when all of a deficit is carried forward. Financial coverage elsewhere is of booked cost, without calculated cost.
accounts-self_cost-caption = Self-cost account per year
accounts-self_cost-line = Line
accounts-self_cost-year = { $n ->
        [12] { $year }
        [one] { $year }, { $n } month
       *[other] { $year }, { $n } months
    }
accounts-self_cost-opening = Opening balance
accounts-self_cost-income = Income
accounts-self_cost-cost = − Booked cost
accounts-self_cost-depreciation = − Calculated depreciation
accounts-self_cost-interest = − Calculated interest on fixed assets
accounts-self_cost-base = Fee basis
accounts-self_cost-result = Result by self-cost
accounts-self_cost-from_fund = Deficit that earlier surplus covers
accounts-self_cost-carried = Deficit carried forward
accounts-self_cost-covered = Deficit that the owner covers
accounts-self_cost-recovered = Surplus that recovers earlier deficit
accounts-self_cost-to_fund = Surplus set aside
accounts-self_cost-balance_interest = Interest on the balance
accounts-self_cost-closing = Closing balance
accounts-self_cost-old_balance = Of which arose at least five years ago
accounts-self_cost-oldest_year = Oldest year of the balance
accounts-self_cost-coverage = Coverage of the fee basis
accounts-self_cost-self_cost_ratio = Self-cost ratio
contents-selvkost = Self-cost account
