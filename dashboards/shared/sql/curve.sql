-- Municipalities active per month: the chosen service, and external products to compare with: those that 1 % of the
-- municipalities or more have had, since fewer are a line on the axis. Months that nobody observed have no row, and a
-- month that is not over is left out. One row per service and month.
select
    funnel.service,
    coalesce(product.name_nb, funnel.service) as name,
    coalesce(product.external, false) as external,
    funnel.month,
    funnel.active,
    funnel.active_basis,
    funnel.municipalities,
    funnel.synthetic
from uptake.funnel as funnel
left join reference.product as product on product.service = funnel.service
where funnel.area_kind = $area_kind
    and funnel.area = $area
    and (
        funnel.service = $service
        or product.external and exists (
            select 1 from uptake.funnel as any_of
            where any_of.service = funnel.service and any_of.area_kind = $area_kind and any_of.area = $area
                and any_of.active * 100 >= any_of.municipalities and any_of.active > 0
        )
    )
    and funnel.month <= $through
order by external, name collate no, funnel.month;
