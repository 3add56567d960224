-- Who has signed the annex or is configured, and has not begun: the calls of the first priority in an area, of one service or
-- municipality where that is asked for. One row per service and municipality, by name.
with area_member as (
{area_member})

select
    call.service,
    coalesce(product.name_nb, call.service) as name,
    call.municipality_code,
    call.municipality,
    call.synthetic
from uptake.not_yet as call
inner join area_member on area_member.code = call.municipality_code
left join reference.product as product on product.service = call.service
where call.step in ('ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED') -- the first priority, which not everybody may read
    and ($service is null or call.service = $service)
    and ($municipality is null or call.municipality_code = $municipality)
order by call.municipality, name, call.municipality_code, call.service;
