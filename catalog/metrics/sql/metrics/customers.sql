select
    month,
    service,
    count(*) filter (where active) as customers,
    count(*) filter (where active and customer_kind = 'MUNICIPALITY') as municipalities,
    coalesce(bool_or(estimated) filter (where active), false) as estimated,
    bool_or(synthetic) as synthetic
from uptake.status_month
group by all;
