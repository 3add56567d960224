select month, service, sum(dispatches) as dispatches from usage.dispatch_day group by all;
