-- What is budgeted to be earned, by month of the period; asked where the release has it. One row per service and month.
select service, month, budget_income_ore
from ledger.product_month
where month between $first and $through and budget_income_ore is not null
    and ($service is null or service = $service)
order by service, month;
