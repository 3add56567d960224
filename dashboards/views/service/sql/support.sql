-- Support requests beside customers in the period, in the months where both are known. One row per service.
with active as (
    select service, month, count(*) filter (where active) as customers
    from uptake.status_month
    where month between $first and $through
    group by service, month
),

counted as (
    select
        request.service,
        count(*) as months_known,
        sum(request.quantity) as requests,
        cast(sum(active.customers) as bigint) as customer_months,
        bool_or(request.perturbed) as perturbed,
        bool_or(request.synthetic) as synthetic
    from usage.measure_total_month as request
    inner join active on active.service = request.service and active.month = request.month
    where request.measure = 'henvendelser' and request.month between $first and $through
        and active.customers > 0
    group by request.service
)

select
    counted.service,
    coalesce(product.name_nb, counted.service) as name,
    counted.months_known,
    counted.requests,
    counted.customer_months,
    cast(round(counted.requests * 100 / counted.customer_months, 2) as decimal(18, 2)) as per_100,
    counted.perturbed,
    counted.synthetic
from counted
left join reference.product as product on product.service = counted.service
order by counted.service;
