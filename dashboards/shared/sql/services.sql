-- Every product of the catalogue, with the months in which somebody observed its uptake. Nobody did: months is 0.
-- `active` are the municipalities that had it in the last of them, and `remaining` those that had not.
-- One row per service, those with numbers first, then by name.
select
    product.service,
    coalesce(product.name_nb, product.service) as name,
    coalesce(product.external, false) as external,
    count(funnel.month) as months,
    max(funnel.month) as last_month,
    coalesce(bool_or(funnel.synthetic), false) as synthetic,
    coalesce(max_by(funnel.active, funnel.month), 0) as active,
    coalesce(max_by(funnel.municipalities - funnel.active, funnel.month), 0) as remaining
from reference.product as product
left join uptake.funnel as funnel
    on funnel.service = product.service and funnel.area_kind = 'NO'
group by product.service, product.name_nb, product.external
order by months = 0, name collate no;
