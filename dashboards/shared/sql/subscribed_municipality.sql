-- Which products a municipality has in a month, and whether it had them in the month before. Products that nobody observed in
-- the month are left out. One row per service, by name.
select
    now.service,
    coalesce(product.name_nb, now.service) as name,
    bool_or(now.active) as active,
    bool_or(before.active) as active_before,
    bool_or(now.synthetic or coalesce(before.synthetic, false)) as synthetic
from uptake.status_month as now
left join uptake.status_month as before
    on before.service = now.service
    and before.municipality_code = now.municipality_code
    and before.month = now.month - interval 1 month
    and before.active_basis = now.active_basis
left join reference.product as product on product.service = now.service
where now.municipality_code = $municipality and now.month = $month and not coalesce(product.external, false)
group by now.service, product.name_nb
order by name, now.service;
