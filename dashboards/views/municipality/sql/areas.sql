-- How far the municipalities of each network and county have come, each of our own services in its last observed month up to
-- the chosen one. One row per area: services per municipality, and the service that is furthest behind the country in per
-- cent of municipalities; null where none is behind.
with latest as (
    select service, max(month) as month
    from uptake.funnel
    where month <= $month
    group by service
),

counted as (
    select
        funnel.area_kind,
        funnel.area,
        funnel.service,
        coalesce(product.name_nb, funnel.service) as name,
        funnel.active,
        funnel.municipalities,
        funnel.synthetic,
        funnel.active / funnel.municipalities as share
    from uptake.funnel as funnel
    inner join latest on latest.service = funnel.service and latest.month = funnel.month
    left join reference.product as product on product.service = funnel.service
    where not coalesce(product.external, false) and funnel.active_basis is not null
),

compared as (
    select
        counted.*,
        country.share as country_share,
        counted.share - country.share as ahead
    from counted
    inner join counted as country on country.area_kind = 'NO' and country.service = counted.service
    where counted.area_kind <> 'NO'
)

select
    area_kind,
    area,
    max(municipalities) as municipalities,
    cast(sum(share) as decimal(18, 4)) as services_mean,
    arg_min(name, ahead) filter (where ahead < 0) as behind,
    cast(arg_min(share, ahead) filter (where ahead < 0) as decimal(18, 4)) as behind_share,
    cast(arg_min(country_share, ahead) filter (where ahead < 0) as decimal(18, 4)) as country_share,
    bool_or(synthetic) as synthetic
from compared
group by area_kind, area
order by area_kind, area;
