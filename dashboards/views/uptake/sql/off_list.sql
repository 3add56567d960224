-- Municipalities of the area in which a count differs from what its source holds: those that the source's latest whole list
-- lacks, which are not counted (off_list), and those that it told of before a split, which are, as an estimate. By name.
with area_member as (
{area_member})

select area_member.name, bool_or(status.step = 'NOT_LISTED') as off_list, bool_or(status.synthetic) as synthetic
from uptake.status_month as status
inner join area_member on area_member.code = status.municipality_code
where status.service = $service and status.month = $month
    and (status.step = 'NOT_LISTED' and not status.active or status.active and status.estimated)
group by area_member.code, area_member.name
order by area_member.name, area_member.code;
