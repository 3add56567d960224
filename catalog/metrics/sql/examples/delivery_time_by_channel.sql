select month, service, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic
from usage.delivery_time
where month = (select through_month from meta.release)
order by service, channel;
