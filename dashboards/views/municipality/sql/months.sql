-- The months that are over in which anybody observed a service of ours, newest first. One row per month.
select distinct funnel.month
from uptake.funnel as funnel
left join reference.product as product on product.service = funnel.service
where funnel.area_kind = 'NO' and funnel.month <= $through and not coalesce(product.external, false)
order by funnel.month desc;
