-- Our services, or the one that is asked for, with how many months these have and what the last twelve
-- brought. One row per service, by name.
select
    product.service,
    coalesce(product.name_nb, product.service) as name,
    count(account.month) as months,
    cast(
        coalesce(sum(account.income_ore) filter (where account.month > $through - interval 12 months), 0) as bigint
    ) as income_ore,
    coalesce(bool_or(account.synthetic), false) as synthetic
from reference.product as product
left join ledger.product_month as account on account.service = product.service and account.month <= $through
where not coalesce(product.external, false) and ($service is null or product.service = $service)
group by product.service, product.name_nb
order by name collate no, product.service;
