select
    month,
    municipality_code,
    service,
    sum(dispatches) as dispatches,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
