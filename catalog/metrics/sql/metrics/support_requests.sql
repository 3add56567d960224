-- title.nb: Henvendelser per 100 kunder
-- title.en: Support requests per 100 customers
-- definition.nb: Henvendelser til brukerstøtte i måneden, delt på kunder som har tjenesten, ganget med hundre.
-- definition.en: Requests to user support in the month over customers that have the service, times a hundred.
-- unit: henvendelser per 100 kunder
-- dataset: usage.measure_total_month

with served as (
    select month, service, count(*) filter (where active) as customers
    from uptake.status_month
    group by all
)

select
    request.month,
    request.service,
    request.quantity as requests,
    served.customers,
    round(request.quantity * 100 / served.customers, 4)::decimal(18, 4) as per_100_customers,
    request.perturbed,
    request.synthetic
from usage.measure_total_month as request
join served on served.month = request.month and served.service = request.service
where request.measure = 'henvendelser' and served.customers > 0;
