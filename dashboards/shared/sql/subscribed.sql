-- How many municipalities of an area have each product in a month, and in the month before where that was observed on the
-- same basis. One service, or all of our own where none is asked for. One row per service, by name.
select
    now.service,
    coalesce(product.name_nb, now.service) as name,
    now.active,
    now.municipalities,
    before.active as active_before,
    now.synthetic or coalesce(before.synthetic, false) as synthetic
from uptake.funnel as now
left join uptake.funnel as before
    on before.service = now.service
    and before.area_kind = now.area_kind
    and before.area = now.area
    and before.month = now.month - interval 1 month
    and before.active_basis = now.active_basis
left join reference.product as product on product.service = now.service
where now.area_kind = $area_kind and now.area = $area and now.month = $month and ($service is null or now.service = $service)
    and not coalesce(product.external, false)
order by name, now.service;
