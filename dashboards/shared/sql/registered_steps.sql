-- The steps that any source has registered for the service. A step that nobody registers is inferred from later ones.
select distinct step
from uptake.step_event
where service = $service and month <= $month
order by step;
