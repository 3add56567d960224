-- How many municipalities of each network have each product, in the product's last observed month up to the chosen one.
-- External products are left out: they are not ours to spread. One row per service and area; the country is area 'NO'.
with latest as (
    select service, max(month) as month
    from uptake.funnel
    where month <= $month
    group by service
)

select
    funnel.service,
    coalesce(product.name_nb, funnel.service) as name,
    funnel.area_kind,
    funnel.area,
    funnel.month,
    funnel.active,
    funnel.active_basis,
    funnel.municipalities,
    funnel.synthetic
from uptake.funnel as funnel
inner join latest on latest.service = funnel.service and latest.month = funnel.month
left join reference.product as product on product.service = funnel.service
where funnel.area_kind in ('NO', 'NETWORK') and not coalesce(product.external, false)
order by name, funnel.service, funnel.area_kind, funnel.area;
