select
    month,
    service,
    measure,
    count(*) as municipalities,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_measure_month_now
group by all;
