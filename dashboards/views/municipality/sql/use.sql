-- What a municipality uses each service for in a month, in twelve months, and in the same month of the year before.
-- One row per service and measure, dispatches first, then what flows, then what stands.
with counted as (
    select
        service, 'forsendelser' as measure, month, sum(dispatches) as quantity, false as perturbed,
        bool_or(synthetic) as synthetic
    from usage.municipality_month
    where borders = 'now' and municipality_code = $code and month between $first and $month
    group by service, month
    union all
    select service, measure, month, quantity, perturbed, synthetic
    from usage.municipality_measure_month
    where borders = 'now' and municipality_code = $code and month between $first and $month
        and measure not in ('henvendelser', 'timer')
)

select
    counted.service,
    counted.measure,
    coalesce(any_value(measure.title_nb), 'Forsendelser') as title_nb,
    coalesce(any_value(measure.title_en), 'Dispatches') as title_en,
    coalesce(any_value(measure.kind), 'FLOW') as kind,
    cast(sum(counted.quantity) filter (where counted.month = $month) as decimal(18, 4)) as quantity,
    cast(sum(counted.quantity) filter (where counted.month = $year_before) as decimal(18, 4)) as year_before,
    map_from_entries(list((counted.month, cast(counted.quantity as double)))) as by_month,
    bool_or(counted.perturbed) as perturbed,
    bool_or(counted.synthetic) as synthetic
from counted
left join reference.measure as measure on measure.measure = counted.measure
group by counted.service, counted.measure
order by counted.service, counted.measure <> 'forsendelser', kind, counted.measure;
