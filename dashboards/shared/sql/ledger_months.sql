-- The product ledger by month up to the one that is reported: one service, or all where none is asked for. Amounts in
-- øre without VAT. One row per service and month, in that order.
select
    account.service,
    coalesce(product.name_nb, account.service) as name,
    account.month,
    account.income_ore,
    account.cost_brukerstotte_ore,
    account.cost_drift_ore,
    account.cost_forvaltning_ore,
    account.cost_administrasjon_ore,
    account.allocated_ore,
    account.result_ore,
    account.budget_ore,
    account.balance_carried_ore,
    account.synthetic
from ledger.product_month as account
left join reference.product as product on product.service = account.service
where account.month <= $through and ($service is null or account.service = $service)
order by account.service, account.month;
