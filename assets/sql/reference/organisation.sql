-- bundled organisations first; the register adds those that are not among them
select *, false as synthetic
from bundled
union all by name
select
    organisation_number, name, kind, municipality_code, county_code, valid_from, valid_to,
    not coalesce(synthetic, false) as confirmed,
    coalesce(synthetic, false) as synthetic
from register
where organisation_number not in (select organisation_number from bundled)
