-- A service's ledger by month, up to the last month that is over. Amounts in øre without VAT. One row per month.
select
    month,
    income_ore,
    cost_brukerstotte_ore,
    cost_drift_ore,
    cost_forvaltning_ore,
    cost_administrasjon_ore,
    allocated_ore,
    cast(
        cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore + allocated_ore as bigint
    ) as cost_ore,
    result_ore,
    budget_income_ore,
    budget_ore,
    self_cost_percent,
    balance_carried_ore,
    synthetic
from ledger.product_month
where service = $service and month <= $through
order by month;
