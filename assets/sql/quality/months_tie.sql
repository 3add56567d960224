-- the months are the sum of their days
select month, days.dispatches as by_day, months.dispatches as by_month
from (select month, sum(dispatches) as dispatches from dispatch_day group by all) as days
full join (select month, sum(dispatches) as dispatches from dispatch_month group by all) as months using (month)
where days.dispatches is distinct from months.dispatches
