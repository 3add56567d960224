-- The members of a network now, by name. One row per municipality.
select municipality.code, municipality.name
from reference.network_member as member
inner join reference.municipality as municipality
    on municipality.code = member.municipality_code and municipality.valid_to is null
where member.network_id = $network and member.valid_to is null
order by municipality.name;
