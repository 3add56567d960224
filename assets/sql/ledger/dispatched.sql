-- dispatches by each way to tell their month: those made in it, and those delivered in it, whenever they were made
select * exclude (month, delivered_month), 'CREATED' as counted_on
from billable_month
union all by name
select * exclude (month, delivered_month), 'DELIVERED' as counted_on
from billable_all
where delivered_month = $month
