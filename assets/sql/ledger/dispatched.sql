-- dispatches by each way to tell their month: those made in it, and those delivered in it, whenever they were made
select * exclude (month, delivered_month, created_from, delivered_from), created_from as price_from, 'CREATED' as counted_on
from billable_month
union all by name
select * exclude (month, delivered_month, created_from, delivered_from), delivered_from as price_from, 'DELIVERED' as counted_on
from billable_all
where delivered_month = $month
