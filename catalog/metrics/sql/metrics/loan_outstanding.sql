select
    project,
    service,
    month,
    granted_ore,
    balance_ore,
    payoff_month_low,
    payoff_month_expected,
    payoff_month_high,
    synthetic
from ledger.loan_month;
