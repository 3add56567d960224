-- How many of an area said no to a service, or are not relevant for it; to any, where none is asked for. One row per
-- answer.
with area_member as (
{area_member})

select follow_up, count(*) as rows_declined, bool_or(synthetic) as synthetic
from uptake.declined
where municipality_code in (select code from area_member) and ($service is null or service = $service)
group by follow_up
order by follow_up;
