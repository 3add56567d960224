-- The balance of a service's loans by month, and the bridge from what is repaid to what is invoiced, up to the last month that is over. Amounts in øre. One row per project and month.
select
    project, month, drawn_ore, repaid_ore, written_off_ore, balance_ore, invoiced_not_repaid_ore, balance_by_invoice_ore,
    synthetic
from ledger.loan_month
where service = $service and month <= $through
order by project, month;
