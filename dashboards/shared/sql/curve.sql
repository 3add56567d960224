-- Municipalities active per month: the chosen service, and external products to compare with. Months that nobody
-- observed have no row, and a month that is not over is left out. One row per service and month.
select
    funnel.service,
    coalesce(product.name_nb, funnel.service) as name,
    coalesce(product.external, false) as external,
    funnel.month,
    funnel.active,
    funnel.active_basis,
    funnel.municipalities,
    funnel.synthetic
from uptake.funnel as funnel
left join reference.product as product on product.service = funnel.service
where (funnel.service = $service or product.external)
    and funnel.area_kind = $area_kind
    and funnel.area = $area
    and funnel.month <= $through
order by external, name collate no, funnel.month;
