### What the page about loans and reconciliation says. Bokmål and English, in plain words.

## loans

accounts-loan-title = { $project }: { $balance } is left of the loan
accounts-loan-title-paid = { $project }: the loan is paid off
accounts-loan-title-when = { $project }: { $balance } is left of the loan, expected to be paid off in { $month }
accounts-loan-title-none = Loans and projects
accounts-loan-none = The service has no Digifin loan.
accounts-loan-others = These have loans: { $links }.
accounts-loan-subtitle = Balance at the end of the month, NOK. Dotted: expected payoff, from low to high uptake.
accounts-loan-subtitle-plain = Balance at the end of the month, NOK.
accounts-loan-words = The balance was { $balance } in { $month }. { $payoff }
accounts-loan-payoff = Expected to be paid off: { $low } at low uptake, { $expected } at expected, { $high } at high.
accounts-loan-extended = At least one of the months lies beyond the forecast. The same pace is assumed there, which is not back-tested.
accounts-loan-not_reached = not reached
accounts-loan-reason-NO_LOAN = Nothing is drawn on the loan.
accounts-loan-reason-PAID = The loan is paid off.
accounts-loan-reason-NOT_LAUNCHED = The service is not launched, so the payoff cannot be calculated.
accounts-loan-reason-NO_JOINING_FEE = The service has no current joining fee, so the payoff cannot be calculated.
accounts-loan-reason-NO_FORECAST = Uptake is not forecast for at least three months, so the payoff cannot be calculated.
accounts-loan-reason-NOT_ENOUGH_JOINERS = In at least one of the alternatives too few municipalities remain to pay off the loan, or to do so within ten years.
accounts-loan-reason-EARLIER_MONTH = Only the last month has an expected payoff.
accounts-loan-bridge = The balance falls when a repayment is booked. Balance { $balance } − invoiced, not repaid { $invoiced } = { $by_invoice } when joining fees count from the invoice.
accounts-loan-excess = { $amount } is booked as repayment beyond what was drawn, and is kept outside the loan. Correct the entry, or book the missing draw-down.
accounts-loan-overdrawn = More is drawn than was granted.
accounts-loan-paid_off = Expected to be paid off
accounts-loans-title = Product accounts: loans and reconciliation
accounts-loans-part = Loans and reconciliation
accounts-loans-owed = { $amount } is left of the loans.
accounts-loans-owed-paid = All loans are paid off.
accounts-loans-owed-none = The service has no Digifin loan.
accounts-loans-unknown = The release does not show loans by month.
accounts-loans-stake = { $amount } between billed and measured is unexplained { $when }.
accounts-loans-stake-none = Billed and measured agree { $when }.
accounts-projects-caption = Projects: granted, drawn, spent and repaid, as of { $month }
accounts-projects-without = Projects without a service, because they are not launched
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

accounts-reconciliation-title = { $amount } between billed and measured is unexplained
accounts-reconciliation-title-none = Billed and measured agree
accounts-reconciliation-title-plain = Reconciliation of billed against measured
accounts-reconciliation-subtitle = Differences by reason, NOK excl. VAT, { $period }. Overbilling is to the right.
accounts-reconciliation-ties = Billed { $billed } = expected { $expected } + explained { $explained } + unexplained { $open } + not reconcilable { $not_rec }. Without a known reason, over- and underbilling total { $stake }.
accounts-reconciliation-ties-all = Billed { $billed } = expected { $expected } + explained { $explained } + unexplained { $open }. Without a known reason, over- and underbilling total { $stake }.
accounts-reconciliation-awaits = { $amount } is measured and not yet invoiced. It does not count as unexplained.
accounts-reconciliation-empty = Nothing was billed or measured for the service in the period.
accounts-reconciliation-no_parts = There are no differences in the period.
accounts-reconciliation-words = Differences between billed and measured: { $reasons }.
accounts-reconciliation-reason = { $reason } { $over } overbilled and { $under } underbilled
accounts-reconciliation-caption = Reasons for the differences
accounts-reconciliation-months-caption = Billed against measured, by month
accounts-unexplained-title = The largest unexplained differences
accounts-unexplained-caption = Unexplained rows, the largest first
accounts-over = overbilled
accounts-under = underbilled
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
column-over_ore = Overbilled
column-under_ore = Underbilled
column-unexplained_ore = Unexplained

## unmapped cost and closed periods

accounts-periods-title = The last closed quarter is { $quarter }
accounts-periods-title-none = No quarter is closed
accounts-periods-title-plain = Closed quarters
accounts-periods-subtitle = A closed quarter does not change. Later entries for { $service } are booked in the first open month and shown here.
accounts-periods-caption = Quarters and what is booked later
value-status-OPEN = open
value-status-CLOSED = closed
value-status-REOPENED = reopened
column-payoff_month_low = Paid off at low uptake
column-payoff_month_expected = Paid off at expected uptake
column-payoff_month_high = Paid off at high uptake

## the list of headings

contents-lan = Loans
contents-avstemming = Reconciliation
contents-perioder = Closed quarters
column-repaid_ore = Repaid
column-invoiced_not_repaid_ore = Invoiced, not repaid
column-balance_by_invoice_ore = Loan balance by invoice
