-- Cost of a period that is not placed as it should be: one service's, or everything where none is asked for. An entry
-- with two reasons stands under both. Amounts in øre without VAT. One row per reason, account, cost centre and service.
select
    cost.reason,
    cost.account as booked_account,
    cost.cost_center,
    coalesce(product.name_nb, cost.service) as service_name,
    count(*) as entries,
    cast(sum(cost.amount_ore) as bigint) as amount_ore,
    bool_or(cost.synthetic) as synthetic
from ledger.unmapped_cost as cost
left join reference.product as product on product.service = cost.service
where cost.period between $first and $last and ($service is null or cost.service = $service)
group by cost.reason, cost.account, cost.cost_center, cost.service, product.name_nb
order by amount_ore desc, cost.reason, cost.account, cost.cost_center, service_name;
