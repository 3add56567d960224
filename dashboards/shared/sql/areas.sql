-- The areas a page can be limited to: the country, counties of now, networks. One row per area, in the order of a menu.
select 'NO' as area_kind, 'NO' as area, 'NO' as name, false as part, null as certainty, 0 as place
union all
select 'NETWORK', network_id, name, part_of is not null, certainty, 1
from reference.network
union all
select 'COUNTY', code, name, false, null, 2
from reference.county
where valid_to is null and code in (select county_code from reference.municipality where valid_to is null)
order by place, name collate no;
