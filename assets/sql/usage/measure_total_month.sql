-- Count the country's use by service, measure and month.
--
-- Grain: one row per (month, service, measure). At sensitive services each flow is perturbed by itself, so it is not
-- the sum of `measure_month`.
select
    month, service, measure, sum(quantity) as quantity, false as perturbed,
    count(*) as organisations, bool_or(synthetic) as synthetic
from measure_cells
group by all
union all
-- without an organisation it is the country
select month, service, measure, quantity, true, organisations, synthetic
from published
where organisation_number is null
