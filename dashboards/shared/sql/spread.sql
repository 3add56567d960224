-- How many municipalities have each service, in its last observed month up to the one that is reported, and in the same
-- month a year before, where it was observed on the same basis. External products are left out. One row per service.
with latest as (
    select service, max(month) as month
    from uptake.funnel
    where area_kind = 'NO' and month <= $through
    group by service
)

select
    now.service,
    coalesce(product.name_nb, now.service) as name,
    now.month,
    now.active,
    now.active_basis,
    now.municipalities,
    before.active as active_year_before,
    now.synthetic or coalesce(before.synthetic, false) as synthetic
from uptake.funnel as now
inner join latest on latest.service = now.service and latest.month = now.month
left join uptake.funnel as before
    on before.service = now.service
    and before.area_kind = 'NO'
    and before.month = now.month - interval 1 year
    and before.active_basis = now.active_basis
left join reference.product as product on product.service = now.service
where now.area_kind = 'NO' and not coalesce(product.external, false)
order by name collate no, now.service;
