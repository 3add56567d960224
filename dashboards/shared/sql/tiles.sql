-- How each municipality of now stands with a service in each month from the first that anybody observed up to `through`.
-- One row per municipality and stretch of months in which nothing changed, so that a month has one row a municipality.
-- Where nobody observed the service, `observed` is false and `standing` null: it is not known, and never NONE.
with network as (
    select municipality_code as code, list(network_id order by network_id) as networks
    from reference.network_member
    where valid_to is null
    group by municipality_code
)

select
    standing.municipality_code,
    municipality.name,
    municipality.county_code,
    county.name as county,
    coalesce(network.networks, []) as networks,
    standing.first_month,
    least(standing.last_month, $through) as last_month,
    standing.active_basis is not null as observed,
    standing.standing,
    standing.active,
    standing.active_basis,
    standing.since,
    standing.no_later,
    standing.synthetic
from uptake.standing as standing
inner join reference.municipality as municipality
    on municipality.code = standing.municipality_code and municipality.valid_to is null
inner join reference.county as county on county.code = municipality.county_code and county.valid_to is null
left join network on network.code = standing.municipality_code
where standing.service = $service and standing.first_month <= $through
order by standing.municipality_code, standing.first_month;
