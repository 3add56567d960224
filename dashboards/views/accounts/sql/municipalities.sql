-- How many municipalities there are now. One row.
select count(*) as municipalities
from reference.municipality
where valid_to is null;
