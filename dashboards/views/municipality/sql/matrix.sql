-- How each municipality of an area stands with each of our own services in a month.
-- One row per municipality and service that anybody has observed by then, by name of the municipality and the service, in the
-- service's last observed month, `month`.
with area_member as (
{area_member}),

standing as (
{last_observed}
)

select
    area_member.code,
    area_member.name as municipality,
    standing.service,
    coalesce(product.name_nb, standing.service) as name,
    standing.standing,
    standing.active,
    standing.active_basis,
    standing.month,
    standing.synthetic
from standing
inner join area_member on area_member.code = standing.municipality_code
left join reference.product as product on product.service = standing.service
where standing.active_basis is not null
    and not coalesce(product.external, false)
order by municipality collate no, area_member.code, name collate no;
