-- A municipality of now. One row.
select
    municipality.code,
    municipality.name,
    county.name as county,
    (
        select string_agg(network.name, ', ' order by network.name)
        from reference.network_member as member
        inner join reference.network as network on network.network_id = member.network_id
        where member.municipality_code = municipality.code and member.valid_to is null
    ) as networks,
    (
        select arg_max(population.inhabitants, population.year)
        from reference.population as population
        where population.municipality_code = municipality.code
    ) as inhabitants
from reference.municipality as municipality
left join reference.county as county on county.code = municipality.county_code and county.valid_to is null
where municipality.code = $code and municipality.valid_to is null;
