-- From agreement to use: the service's steps in one area, one row per observed month up to the chosen one, newest first.
select
    month, annexed, configured, activated, active, active_basis, municipalities, share_of_population, synthetic
from uptake.funnel
where service = $service and area_kind = $area_kind and area = $area and month <= $month
order by month desc;
