-- Income and result of a service by month, beside the budget, and both results added up from the first month on. A sum of
-- budgets is null from the first month without one. Amounts in øre without VAT. One row per month.
select
    month,
    income_ore,
    budget_income_ore,
    result_ore,
    budget_ore,
    cast(sum(result_ore) over so_far as bigint) as result_so_far_ore,
    case when count(*) over so_far = count(budget_ore) over so_far then cast(sum(budget_ore) over so_far as bigint) end
    as budget_so_far_ore,
    synthetic
from ledger.product_month
where service = $service and month between $first and $last
window so_far as (order by month rows unbounded preceding)
order by month;
