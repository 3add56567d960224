-- Support requests beside customers in the period, in the months where both are known. One row per service.
with active as (
    select service, month, count(*) filter (where active) as customers
    from uptake.status_month
    where month between $first and $through
    group by service, month
)

select
    request.service,
    count(*) as months,
    sum(request.quantity) as requests,
    cast(sum(active.customers) as bigint) as customer_months,
    bool_or(request.synthetic) as synthetic
from usage.measure_total_month as request
inner join active on active.service = request.service and active.month = request.month
where request.measure = 'henvendelser' and request.month between $first and $through
    and request.quantity is not null and active.customers > 0
group by request.service
order by request.service;
