-- The organisation of a municipality, by its code of now. At most one row.
select organisation_number
from reference.municipality_of
where municipality_code = $code and valid_to is null;
