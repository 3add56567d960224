select
    municipality_code,
    sum(dispatches) as dispatches,
    round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18, 4) as per_1000_inhabitants,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
where month = (select through_month from meta.release)
group by all
order by per_1000_inhabitants desc;
