-- national totals by month; a hidden month is missing, as one that nobody reported
select service, $dispatches as measure, month, sum(dispatches)::decimal(18,4) as quantity, bool_or(synthetic) as synthetic
from dispatch_month
group by service, month
union all
select service, measure, month, quantity, synthetic
from measure_total_month
where quantity is not null
