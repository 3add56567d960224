-- Municipalities of the area that lack a delivery that was due, longest first.
with area_member as (
{area_member}),

missing_delivery as (
{missing_delivery})

select code as municipality_code, missing_from, missing_to, synthetic
from missing_delivery
inner join area_member using (code)
order by missing_from, code;
