-- Use without an annex that goes on in the month. One row per service, the one with most customers first.
select
    exception.service,
    coalesce(product.name_nb, exception.service) as name,
    count(*) as customers,
    list(exception.organisation order by exception.organisation collate no) as customer_names,
    bool_or(exception.synthetic) as synthetic
from uptake.exception as exception
left join reference.product as product on product.service = exception.service
where exception.exception = 'USE_WITHOUT_ANNEX'
    and exception.first_month <= $through and exception.last_month >= $through
group by exception.service, product.name_nb
order by customers desc, exception.service;
