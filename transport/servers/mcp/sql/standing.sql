-- Where a municipality stands on each service, in the last whole month that tells, as the pages have it: use is never
-- known to the end of the month that goes on. One row per service that it has a step in.
select
    status.service,
    any_value(product.name_nb) as service_name,
    max(status.month) as month,
    arg_max(status.step, status.month) as step,
    arg_max(status.active, status.month) as active,
    arg_max(status.active_basis, status.month) as active_basis,
    bool_or(status.synthetic) as synthetic
from uptake.status_month as status
left join reference.product as product on product.service = status.service
where
    status.municipality_code = $code
    and ($through is null or status.month <= cast($through || '-01' as date))
group by status.service
order by status.service;
