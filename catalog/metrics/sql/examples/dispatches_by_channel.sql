select month, channel, sum(dispatches) as dispatches
from usage.dispatch_day
group by all
order by month, channel;
