with split as (
    select month, service, bool_or(estimated) as estimated
    from uptake.status_month
    where active and customer_kind = 'MUNICIPALITY'
    group by all
)

select month, service, active, active_basis, coalesce(split.estimated, false) as estimated, synthetic
from uptake.funnel
left join split using (month, service)
where area_kind = 'NO';
