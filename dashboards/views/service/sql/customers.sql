-- Customers of a service by observed month, newest first: all kinds, and the municipalities among them.
select
    month,
    count(*) filter (where active) as active,
    count(*) filter (where active and customer_kind = 'MUNICIPALITY') as municipalities,
    max(active_basis) as active_basis, -- USE where any of them is measured
    bool_or(synthetic) as synthetic
from uptake.status_month
where service = $service and month <= $through
group by month
order by month desc;
