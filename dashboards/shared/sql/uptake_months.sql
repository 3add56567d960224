-- How many municipalities had each service in each of the months asked for, of those observed, and on what basis. External
-- products are left out. One row per service and month, in that order.
select funnel.service, funnel.month, funnel.active, funnel.active_basis
from uptake.funnel as funnel
left join reference.product as product on product.service = funnel.service
where funnel.area_kind = 'NO' and funnel.month between $first and $through and not coalesce(product.external, false)
order by funnel.service, funnel.month;
