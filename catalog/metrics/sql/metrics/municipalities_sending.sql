select
    month,
    service,
    count(distinct municipality_code) as municipalities,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
