-- What a code that is no municipality of now has become, the largest part first.
-- One row per successor; none where the code never was a municipality.
select
    old.name,
    way.to_code as code,
    new.name as new_name,
    old.valid_to as ended
from reference.municipality_to_now as way
inner join reference.municipality as old
    on old.code = way.from_code and old.valid_from is not distinct from way.valid_from
inner join reference.municipality as new on new.code = way.to_code and new.valid_to is null
where way.from_code = $code and old.valid_to is not null
order by old.valid_to desc, way.weight desc, way.to_code;
