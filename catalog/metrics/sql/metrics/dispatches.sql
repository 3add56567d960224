select month, service, sum(dispatches)::bigint as dispatches, bool_or(synthetic) as synthetic
from usage.dispatch_day
group by all;
