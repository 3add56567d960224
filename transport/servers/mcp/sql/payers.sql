-- The organisations of a municipality of now, which pay. One row per organisation.
select distinct organisation_number
from reference.municipality_of
where municipality_code = $code and valid_to is null
order by organisation_number;
