-- What a municipality uses, by product, measure and month. Dispatches are a measure beside the others.
-- One row per product, measure and month of the window that somebody told of.
with counted as (
    select
        service, 'forsendelser' as measure, month, sum(dispatches) as quantity, false as perturbed,
        bool_or(estimated) as estimated, bool_or(synthetic) as synthetic
    from usage.municipality_month
    where borders = $borders and municipality_code = $only and month between $first and $last
    group by service, month
    union all
    select service, measure, month, quantity, perturbed, estimated, synthetic
    from usage.municipality_measure_month
    where borders = $borders and municipality_code = $only and month between $first and $last
)

select
    counted.service,
    coalesce(product.name_nb, counted.service) as name,
    counted.measure,
    coalesce(measure.title_nb, 'Forsendelser') as title_nb,
    coalesce(measure.title_en, 'Dispatches') as title_en,
    coalesce(measure.kind, 'FLOW') as kind,
    counted.month,
    cast(counted.quantity as decimal(18, 4)) as quantity,
    counted.perturbed,
    counted.estimated,
    counted.synthetic
from counted
left join reference.product as product on product.service = counted.service
left join reference.measure as measure on measure.measure = counted.measure
where not coalesce(product.external, false)
order by name collate no, counted.measure <> 'forsendelser', kind, counted.measure, counted.month;
