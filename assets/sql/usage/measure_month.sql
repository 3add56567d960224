select month, organisation_number, service, measure, quantity, false as perturbed, synthetic
from measure_cells
union all
select month, organisation_number, service, measure, quantity, true, synthetic
from published
where organisation_number is not null
