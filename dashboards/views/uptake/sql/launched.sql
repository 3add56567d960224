-- How each service spread from its launch on: municipalities that have it in the area, every third month and the last.
-- Month 0 is the launch where the product register knows it, else the first month in which some municipality had it.
-- `run` parts months that follow each other from those after a gap that nobody observed. Products of others are left
-- out. One row per service and month.
with seen as (
    select
        service,
        month,
        active,
        active_basis,
        synthetic,
        datediff('month', date '2000-01-01', month) - row_number() over (partition by service order by month) as run
    from uptake.funnel
    where area_kind = $area_kind and area = $area and month <= $through
),

begun as (
    select
        seen.service,
        product.name_nb as name,
        try_cast(product.launch_month || '-01' as date) is not null as launch_known,
        coalesce(
            try_cast(product.launch_month || '-01' as date), min(seen.month) filter (where seen.active > 0)
        ) as launch
    from seen
    inner join reference.product as product on product.service = seen.service
    where not coalesce(product.external, false)
    group by seen.service, product.name_nb, product.launch_month
)

select
    seen.service,
    begun.name,
    begun.launch_known,
    seen.month,
    datediff('month', begun.launch, seen.month) as age_months,
    seen.active,
    seen.active_basis,
    seen.run,
    seen.month = max(seen.month) over (partition by seen.service) as is_last,
    seen.synthetic
from seen
inner join begun on begun.service = seen.service
where seen.month >= begun.launch
qualify datediff('month', begun.launch, seen.month) % 3 = 0 or seen.month = max(seen.month) over (
    partition by seen.service
)
order by seen.service, seen.month;
