-- The months in which somebody observed the service, newest first. A month that is not over yet is left out.
select distinct month
from uptake.funnel
where service = $service and area_kind = $area_kind and area = $area and month <= $through
order by month desc;
