-- national totals by month, as they are published
select service, $dispatches as measure, month, sum(dispatches)::decimal(18,4) as quantity, bool_or(synthetic) as synthetic
from dispatch_month
group by service, month
union all
select service, measure, month, quantity, synthetic
from measure_total_month
