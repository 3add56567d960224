-- How much a service is used in the whole country, by measure and month, up to the month that is reported.
-- One row per measure and month; months that nobody measured have none.
with counted as (
    select
        service, month, 'forsendelser' as measure, cast(sum(dispatches) as decimal(18, 4)) as quantity,
        false as perturbed, bool_or(synthetic) as synthetic
    from usage.dispatch_month
    where service = $service and month <= $through and ($measure is null or $measure = 'forsendelser')
    group by service, month
    union all
    select service, month, measure, quantity, perturbed, synthetic
    from usage.measure_total_month
    where service = $service and month <= $through and measure not in ('henvendelser', 'timer')
        and ($measure is null or measure = $measure)
)

select
    counted.measure,
    coalesce(measure.title_nb, 'Forsendelser') as title_nb,
    coalesce(measure.title_en, 'Dispatches') as title_en,
    coalesce(measure.kind, 'FLOW') as kind,
    counted.month,
    counted.quantity,
    counted.perturbed,
    counted.synthetic
from counted
left join reference.measure as measure on measure.measure = counted.measure
order by counted.measure, counted.month;
