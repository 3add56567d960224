-- Municipalities of the area that lack a delivery that was due, longest first, and whether they are active all the same.
with area_member as (
{area_member}),

missing_delivery as (
{missing_delivery}),

having_it as (
    select distinct municipality_code as code
    from uptake.status_month
    where service = $service and month = $month and active
)

select code as municipality_code, missing_from, missing_to, having_it.code is not null as active, synthetic
from missing_delivery
inner join area_member using (code)
left join having_it using (code)
order by missing_from, code;
