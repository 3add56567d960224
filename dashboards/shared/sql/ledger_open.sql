-- What was billed and is not explained by what was measured, in the period; asked where the release reconciles. Too much
-- and too little never offset each other, and what awaits its invoice is in neither. One row per service.
select
    open.service,
    coalesce(product.name_nb, open.service) as name,
    cast(sum(open.billed_ore) as bigint) as billed_ore,
    cast(sum(open.over_ore) as bigint) as over_ore,
    cast(sum(open.under_ore) as bigint) as under_ore,
    cast(sum(open.not_reconcilable_ore) as bigint) as not_reconcilable_ore,
    bool_or(open.synthetic) as synthetic
from ledger.reconciliation_product as open
left join reference.product as product on product.service = open.service
where open.month between $first and $through and ($service is null or open.service = $service)
group by open.service, product.name_nb
order by sum(open.over_ore + open.under_ore) desc, open.service;
