-- Every product of our own, with whether it sends dispatches, and by which other measures its use is counted (what flows
-- before what stands, dispatches of sensitive services last); those that send first, the most sent first, then by name.
-- Nobody counts it: months is 0. One row per product.
with sent as (
    select service, count(distinct month) as months, sum(dispatches) as dispatches, bool_or(synthetic) as synthetic
    from usage.municipality_month_now
    where month <= $through
    group by service
),

counted as (
    select service, count(distinct month) as months, bool_or(synthetic) as synthetic
    from usage.measure_total_month
    where month <= $through and measure not in ('henvendelser', 'timer')
    group by service
),

counted_by as (
    select
        told.service,
        list(
            {
                'measure': told.measure,
                'title_nb': coalesce(measure.title_nb, 'Forsendelser'),
                'title_en': coalesce(measure.title_en, 'Dispatches'),
                'kind': coalesce(measure.kind, 'FLOW')
            }
            order by told.measure = 'forsendelser', coalesce(measure.kind, 'FLOW'), told.measure
        ) as measures
    from (
        select distinct service, measure
        from usage.measure_total_month
        where month <= $through and measure not in ('henvendelser', 'timer')
    ) as told
    left join reference.measure as measure on measure.measure = told.measure
    group by told.service
)

select
    product.service,
    coalesce(product.name_nb, product.service) as name,
    coalesce(product.external, false) as external,
    cast(greatest(coalesce(sent.months, 0), coalesce(counted.months, 0)) as bigint) as months,
    sent.service is not null as sends,
    coalesce(counted_by.measures, []) as measures,
    coalesce(sent.synthetic, false) or coalesce(counted.synthetic, false) as synthetic
from reference.product as product
left join sent on sent.service = product.service
left join counted on counted.service = product.service
left join counted_by on counted_by.service = product.service
where not coalesce(product.external, false)
order by sends desc, sent.dispatches desc nulls last, counted.months is null, name collate no;
