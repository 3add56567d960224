-- from which to which day of the month a service's use was measured: a day on which it was told that nobody used it, too
select month, service, min(first_day) as first_day, max(last_day) as last_day, bool_or(synthetic) as synthetic
from (
    select month, service, day as first_day, day as last_day, synthetic from dispatch_day
    union all
    select month, service, first_day, last_day, synthetic from sensitive_dispatch_month
    union all
    select month, service, day, day, synthetic from measurement where measure in ({{use}})
)
group by month, service
