select
    month,
    service,
    measure,
    count(*) as municipalities,
    count(quantity_hidden) as hidden,
    bool_or(synthetic) as synthetic
from usage.municipality_measure_month_now
group by all;
