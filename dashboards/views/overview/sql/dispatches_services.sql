-- How many dispatches each service sent in the whole country in the months asked for. One row per service that sent any,
-- the one with most first.
select
    dispatch.service,
    coalesce(product.name_nb, dispatch.service) as name,
    cast(sum(dispatch.dispatches) as bigint) as dispatches,
    bool_or(dispatch.synthetic) as synthetic
from usage.dispatch_month as dispatch
left join reference.product as product on product.service = dispatch.service
where dispatch.month between $first and $through
group by dispatch.service, product.name_nb
having sum(dispatch.dispatches) > 0
order by dispatches desc, dispatch.service;
