-- What stands in a network: its members' steps on each product, in the product's last observed month that is over, and
-- the country's in the same month. External products are left out: they are not ours to spread.
-- One row per service, furthest first.
with latest as (
    select service, max(month) as month
    from uptake.network_month
    where network_id = $network and month <= $through
    group by service
),

annex_registered as ( -- where no source registers the annex, nobody is known to wait
    select distinct service
    from uptake.step_event
    where step = 'ANNEX_SIGNED' and month <= $through
)

select
    standing.service,
    coalesce(product.name_nb, standing.service) as name,
    standing.month,
    standing.members,
    standing.annexed,
    standing.active,
    standing.active_basis,
    standing.active_year_before,
    annex_registered.service is not null as annex_known,
    country.active as country_active,
    country.municipalities as country_municipalities,
    standing.synthetic
from uptake.network_month as standing
inner join latest on latest.service = standing.service and latest.month = standing.month
inner join uptake.funnel as country
    on country.service = standing.service and country.month = standing.month and country.area_kind = 'NO'
left join annex_registered on annex_registered.service = standing.service
left join reference.product as product on product.service = standing.service
where standing.network_id = $network and not coalesce(product.external, false)
order by standing.active / nullif(standing.members, 0) desc, name collate no, standing.service;
