-- The account of each project and its loan, month by month to the month of `as_of`.
--
-- Grain: one row per (project, month) from the decision on, or from the first entry where that is earlier. Unit: øre
-- without VAT. Amounts rest on `ledger.entry` alone, so a closed month does not change. A project in entries but not
-- in the register is included, `registered` false. Nulls: granted_ore before the decision; the payoff months in all
-- but the last month, and where payoff_reason says why.
--
-- one row per project and month; when the loan is expected to be paid off is told of the last month alone
select
    account.project, title, service, financing, phase, account.month, launch_month, launched,
    granted_ore, drawn_ore, repaid_ore, written_off_ore, excess_ore, spent_ore, spent_to_date_ore,
    drawn_to_date_ore, repaid_to_date_ore, written_off_to_date_ore, excess_to_date_ore, balance_ore,
    payoff_month_low, payoff_month_expected, payoff_month_high, payoff_basis,
    case when account.month < $through then 'EARLIER_MONTH' else payoff_reason end as payoff_reason,
    coalesce(drawn_to_date_ore > granted_ore, false) as overdrawn,
    balance_ore < 0 as negative_balance,
    registered,
    synthetic_to_date or coalesce(payoff.forecast_synthetic, false) as synthetic
from account
left join payoff on payoff.project = account.project and account.month = $through
