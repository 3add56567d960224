-- The balance of a service's loans by month, up to the last month that is over. Amounts in øre. One row per project and month.
select project, month, drawn_ore, repaid_ore, written_off_ore, balance_ore, synthetic
from ledger.loan_month
where service = $service and month <= $through
order by project, month;
