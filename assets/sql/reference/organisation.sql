-- Municipalities and counties from the facts, other organisations from the register.
--
-- An organisation that the register places in a municipality of then is in the one that it became; nowhere, if it was
-- split.
--
-- bundled organisations first; the register adds those that are not among them
-- a municipality that merged lies where its successor does: the code it had then stands in municipality_of
select *, false as synthetic
from bundled
union all by name
select
    register.organisation_number, register.name, register.kind,
    case when register.kind = 'MUNICIPALITY' then successor.municipality_code else place.to_code end as municipality_code,
    coalesce(register.county_code, successor.county_code) as county_code,
    register.valid_from, register.valid_to,
    register.successor_number,
    not coalesce(register.synthetic, false) as confirmed,
    coalesce(register.synthetic, false) as synthetic
from register
left join bundled as successor on register.kind = 'MUNICIPALITY' and successor.organisation_number = register.successor_number
left join municipality_to_now as place on place.from_code = register.municipality_code and place.weight = 1
where register.organisation_number not in (select organisation_number from bundled)
