select
    month,
    municipality_code,
    service,
    any_value(digital_share) as digital_share,
    bool_or(digital_share_provisional) as provisional,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
