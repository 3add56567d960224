-- Areas of now with their municipalities: networks and counties. One row per area.
select
    'NETWORK' as area_kind,
    network.network_id as area,
    network.name,
    list(member.municipality_code order by member.municipality_code) as codes
from reference.network as network
inner join reference.network_member as member on member.network_id = network.network_id and member.valid_to is null
group by all
union all
select 'COUNTY', county.code, county.name, list(municipality.code order by municipality.code)
from reference.county as county
inner join reference.municipality as municipality
    on municipality.county_code = county.code and municipality.valid_to is null
where county.valid_to is null
group by all;
