select month, organisation_number, service, measure, quantity, null::varchar as quantity_hidden, synthetic
from measure_cells
where not protected
union all
select
    month, organisation_number, service, measure,
    case when quantity_hidden is null then quantity end,
    quantity_hidden, synthetic
from measure_judged
where organisation_number is not null
