-- How many municipalities of each network have each product, in the product's last observed month up to the chosen one.
-- External products are left out, as they are not ours to spread, and networks that are part of another. One row per
-- service and area; the country is area 'NO', and no network.
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
    network.name as network,
    funnel.month,
    funnel.active,
    funnel.active_basis,
    funnel.municipalities,
    funnel.synthetic
from uptake.funnel as funnel
inner join latest on latest.service = funnel.service and latest.month = funnel.month
left join reference.product as product on product.service = funnel.service
left join reference.network as network on funnel.area_kind = 'NETWORK' and network.network_id = funnel.area
where funnel.area_kind in ('NO', 'NETWORK') and not coalesce(product.external, false) and network.part_of is null
order by name collate no, funnel.service, funnel.area_kind, funnel.area;
