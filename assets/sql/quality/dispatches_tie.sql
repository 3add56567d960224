-- rule 2: each accepted dispatch is counted once
select month, conformed, counted
from (select month, sum(conformed) as conformed from accounting where stream = 'dispatch' group by all)
full join (select month, sum(dispatches) as counted from dispatch_day group by all) using (month)
where conformed is distinct from counted and not (conformed = 0 and counted is null)
