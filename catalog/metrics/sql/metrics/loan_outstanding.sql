select
    project,
    service,
    month,
    granted_ore,
    balance_ore,
    invoiced_not_repaid_ore,
    balance_by_invoice_ore,
    payoff_month_low,
    payoff_month_expected,
    payoff_month_high,
    synthetic
from ledger.loan_month;
