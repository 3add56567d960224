### What the overview and the board's report say of a month. Bokmål and English, in plain words.

board-kicker = KS Digitale fellestjenester
board-title = Report to the board
board-title-month = Report to the board, { $month }

## the story, by the rule in `story`

board-answer-none = No entries are booked on the products in { $year }.
board-story-short = No product has twelve months in the accounts yet, so financial coverage is not known.
board-story-inside = { $all ->
        [one] The product covers its cost
       *[other] All { SPELLED($all) } products cover their cost
    }: financial coverage is between 95 and 105%.
board-story-low = { SPELLED($low, at: "start") } of { SPELLED($all) } products { $low ->
        [one] covers
       *[other] cover
    } less than 95% of the cost.
board-story-high = { SPELLED($high, at: "start") } of { SPELLED($all) } products { $high ->
        [one] earns more than 105% of its
       *[other] earn more than 105% of their
    } cost. None covers less than 95%.
board-story-moved-more = { $name } grew most, with { $n } { $n ->
        [one] new municipality
       *[other] new municipalities
    } in a year.
board-story-moved-fewer = { $name } declined most, with { $n } { $n ->
        [one] municipality
       *[other] municipalities
    } fewer in a year.
board-story-decide = { SPELLED($n, at: "start") } matters need a decision. The first is { $first }.
board-story-decide-one = One matter needs a decision: { $first }.
board-story-decide-none = No matter needs a decision.
board-story-first-below = the products under 95%
board-story-first-above = the products over 105%
board-story-first-loan = the loan for { $name }
board-story-first-loan-more = the loans behind plan
board-story-first-annex = use without annex
board-story-first-open = unexplained billed amounts
board-story-first-late = missing deliveries

## key figures

board-figure-turnover = Turnover so far in { $year }
board-figure-result = Result so far in { $year }
board-figure-result-without = { $budget }; without { $name }: { $rest }
board-figure-result-covered = { $budget }; financial coverage { $coverage } in the last twelve months
board-budget-some = { $text } ({ $k } of { $all } products)
board-figure-uptake = Services { $basis }
board-figure-uptake-all = across all municipalities
board-figure-loans = Outstanding Digifin loans
board-figure-loans-words = { $drawn } drawn, { $repaid } repaid
board-figure-loans-more = { $amount } more than a year ago
board-figure-loans-less = { $amount } less than a year ago
board-figure-loans-same = the same as a year ago
board-figure-loans-none = missing: no loans are booked

## what calls for a decision

board-decide-title = { $n ->
        [one] One matter needs
       *[other] { SPELLED($n, at: "start") } matters need
    } a decision
board-decide-title-none = No matter needs a decision
board-decide-caption = { $month }: what it is about, what is at stake, and where to read more
board-decide-what = Matter
board-decide-stake = At stake
board-decide-where = Where to look
board-decide-unjudged = Not assessed, because the release lacks the numbers: { $listed }.
board-decide-unjudged-loans = loans behind plan
board-decide-unjudged-open = unexplained billed amounts
board-decide-below = { $name } covers { $coverage } of its cost
board-decide-below-more = { $name } covers { $coverage } of its cost; { SPELLED($n) } { $n ->
        [one] other is
       *[other] others are
    } below 95%
board-decide-below-stake = { $amount } below cost over twelve months
board-decide-above = { $name } earns { $coverage } of its cost
board-decide-above-more = { $name } earns { $coverage } of its cost; { SPELLED($n) } { $n ->
        [one] other is
       *[other] others are
    } above 105%
board-decide-above-stake = { $amount } above cost over twelve months
board-decide-loan = The loan for { $name } is behind schedule: { $why }
board-decide-loan-more = The loan for { $name } is behind schedule: { $why }. So { $n ->
        [one] is one other loan
       *[other] are { SPELLED($n) } other loans
    }
board-decide-loan-overdrawn = more has been drawn than granted
board-decide-loan-joiners = too few municipalities remain to pay it off
board-decide-loan-stake = { $amount } outstanding
board-decide-annex = { $name } is used without a signed annex
board-decide-annex-more = { $name } and { SPELLED($n) } { $n ->
        [one] other
       *[other] others
    } are used without a signed annex
board-decide-annex-stake = { $n } { $noun }
board-decide-open = Amounts billed for { $name } cannot be explained
board-decide-open-more = Amounts billed for { $name } and { SPELLED($n) } { $n ->
        [one] other
       *[other] others
    } cannot be explained
board-decide-open-stake = { $amount } over- or underbilled so far this year
board-decide-all = { $stake }; { $amount } for { $n ->
        [2] both
       *[other] all { SPELLED($n) }
    }
board-decide-late = Expected deliveries are missing
board-decide-late-stake = { $n } { $noun } in { $month }
board-organisation-one = organisation
board-organisation-many = organisations

## the biggest changes

board-moves-title = The biggest changes
board-moves-result = { $name } differs most from its budgeted result: { $amount } so far in { $year }.
board-moves-result-none = No product has a budget to compare its result with.
board-moves-income = Income { $way ->
        [up] rose
        [down] fell
       *[same] changed
    } most for { $name }: { $amount }, from { $before } to { $now }.
board-moves-income-none = Income cannot be compared with { $year }: the accounts begin { $month }.
board-moves-income-empty = No income is booked.
board-moves-uptake-more = { $name } grew most: { $n } new { $n ->
        [one] municipality
       *[other] municipalities
    } in a year, to { $now } of { $all }.
board-moves-uptake-fewer = { $name } declined most: { $n } { $n ->
        [one] municipality
       *[other] municipalities
    } fewer in a year, to { $now } of { $all }.
board-moves-uptake-same = No service has more or fewer municipalities than a year ago.
board-moves-uptake-none = No service’s uptake can be compared with the year before.

## the trend

board-trend-title = Month by month
board-trend-subtitle = Income and cost are for the year so far, the rest at the end of the month. Up to 24 months, { $first }–{ $last }. Each curve has its own scale, from zero.
board-trend-all = Income and cost, all products
board-trend-one = Income and cost, { $name }
board-trend-rest = Income and cost, the others
board-trend-whose = Others
board-trend-loans = Outstanding loans
board-trend-uptake = Services { $basis }, of the { $n } followed throughout
board-trend-income = income { $amount }
board-trend-cost = cost { $amount }
board-trend-now = { $amount } in { $month }
board-trend-words = { $title }: { $first } in { $first_month }, { $last } in { $last_month }.
board-trend-words-two = { $title }: { $first } in { $first_month }, { $last } in { $last_month }; cost { $cost } in { $last_month }.
board-trend-caption = The numbers month by month, amounts in NOK
board-trend-column-income = { $title }: income
board-trend-column-cost = { $title }: cost
board-trend-column-loans = Outstanding loans

## all products

board-products-title = { SPELLED($low, at: "start") } of { SPELLED($all) } products { $low ->
        [one] is
       *[other] are
    } under 95% financial coverage, { SPELLED($high) } over 105%
board-products-subtitle = Income, cost and result { $months }, thousands of NOK excl. VAT. Financial coverage for the last twelve months. Municipalities { $observed }, change in twelve months. “..” is missing: { $reasons }.
board-products-file = Income, cost and result { $months }, NOK excl. VAT. Financial coverage for the last twelve months. Municipalities { $observed }, change in twelve months. An empty cell means the number is missing: { $reasons }.
board-products-reasons = no entries, not twelve months in the accounts, no numbers for use, or not measured the same way a year earlier
board-products-caption = All products
board-products-product = Product
board-products-bar = Result as a bar
board-products-balance = Balance carried
board-products-municipalities = Municipalities
board-products-change = Change
board-products-observed = Municipalities, month with numbers
board-products-sum = Total
board-products-unbooked = { SPELLED($n, at: "start") } products without entries
board-products-unbooked-one = { $name } { $n }
board-products-unbooked-month = in { $month }
board-products-unbooked-all = Without entries, with municipalities and change in twelve months: { $listed }.
board-loans-title = Loans by project
board-loans-granted = Granted, NOK
board-loans-drawn = Drawn, NOK
board-loans-repaid = Repaid, NOK
board-loans-balance = Outstanding, NOK
board-loans-payoff = Expected payoff
board-loans-unlaunched = no service yet
board-shared = { $amount } of shared cost is not yet allocated to the products, and has not been deducted.
board-unmapped = { $amount } of cost is unallocated (entries: { $n }).
board-fees = { $amount } in joining fees does not match what has been repaid on the loans (invoices: { $n }).

## how it is made

board-made-story = **What matters most comes first**: how many products cover their cost, and what needs a decision. Where one product is more than half of the result, the result is also shown without it.
board-made-decide = **Needs a decision**: financial coverage under 95% or over 105%; loans drawn beyond the grant, or with too few municipalities left to repay them; use without annex; unexplained billed amounts; missing deliveries. At most five matters, the largest amounts at stake first.
board-made-trend = **The curves of the key figures**: the last months, up to 24. Uptake covers the services counted in the same way throughout.
