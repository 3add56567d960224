-- The inhabitants of the area's municipalities that do not have the service in the month. One row.
with area_member as (
{area_member}),

having_it as (
    select distinct municipality_code as code
    from uptake.status_month
    where service = $service and month = $month and active
),

latest_population as (
    select municipality_code as code, arg_max(inhabitants, year) as inhabitants, max(year) as year
    from reference.population
    where year <= year($month)
    group by municipality_code
)

select
    count(*) as municipalities,
    cast(sum(latest_population.inhabitants) as bigint) as inhabitants,
    count(*) filter (where latest_population.inhabitants is null) as uncounted,
    max(latest_population.year) as year
from area_member
left join latest_population on latest_population.code = area_member.code
where area_member.code not in (select code from having_it where code is not null);
