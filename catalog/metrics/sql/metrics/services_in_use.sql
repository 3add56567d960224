with seen as (
    select standing.*
    from uptake.funnel as standing
    left join reference.product as product on product.service = standing.service
    where standing.area_kind = 'NO' and not coalesce(product.external, false)
),

asked as (
    select month, service from (select distinct month from seen), (select distinct service from seen)
)

select
    asked.month,
    sum(seen.active)::bigint as in_use,
    count(*) as services,
    bool_or(seen.synthetic) as synthetic
from asked
asof join seen on seen.service = asked.service and seen.month <= asked.month
group by asked.month;
