-- each accepted dispatch is counted once, exactly: among the others or among those of sensitive services
with counted as (
    select month, sum(dispatches) as dispatches
    from (select month, dispatches from dispatch_day union all select month, dispatches from sensitive_dispatch_month)
    group by all
)
select month, conformed, counted.dispatches as counted
from (select month, sum(conformed) as conformed from accounting where stream = 'dispatch' group by all)
full join counted using (month)
where conformed is distinct from counted.dispatches and not (conformed = 0 and counted.dispatches is null)
