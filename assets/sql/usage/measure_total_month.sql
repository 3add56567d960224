select
    month, service, measure, sum(quantity) as quantity, null::varchar as quantity_hidden,
    count(*) as organisations, bool_or(synthetic) as synthetic
from measure_cells
where not protected
group by all
union all
-- a null organisation is the sum of its group
select
    month, service, measure,
    case when quantity_hidden is null then quantity end,
    quantity_hidden, organisations, synthetic
from measure_judged
where organisation_number is null
