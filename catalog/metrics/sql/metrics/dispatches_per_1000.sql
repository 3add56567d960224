select
    month,
    municipality_code,
    service,
    round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18, 4) as per_1000_inhabitants,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
