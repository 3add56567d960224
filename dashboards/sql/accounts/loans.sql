-- The balance of a service's loans by month. Amounts in øre. One row per project and month.
select project, month, drawn_ore, repaid_ore, written_off_ore, balance_ore, synthetic
from ledger.loan_month
where service = $service
order by project, month;
