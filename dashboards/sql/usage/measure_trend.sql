-- What a municipality used of a service by a measure that is no dispatch; with `$only` empty, all organisations of the
-- country, from before cells are hidden. One row per month that somebody told of.
with measured as (
{usage/measured})

select month, quantity, quantity_hidden, estimated, synthetic
from measured
where $only <> '' and service = $service and measure = $measure
union all
select month, quantity, quantity_hidden, false as estimated, synthetic
from usage.measure_total_month
where $only = '' and service = $service and measure = $measure and month between $first and $last
order by month;
