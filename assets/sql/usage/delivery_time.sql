-- The percentiles of each month in hours, and whether they may still rise.
--
-- Grain: one row per (month, service, channel), as in `delivery_taken`. Unit: hours with four decimals. Undelivered
-- dispatches are excluded, so a recent month looks quicker than it is (right-censored). A month is provisional until
-- it is settled, and while a dispatch from its last day is younger than the 95th percentile of the slowest of the
-- twelve months before.
--
-- a month's dispatches are not all delivered yet, and the slow ones are those that lack: it is provisional while one made on
-- its last day is younger than 95 of 100 took before. Before: in the slowest of the twelve months before, which takes no
-- less than all of them together
with beside as (
    select
        *,
        max(p95_us) over (
            partition by service, channel
            order by month
            range between interval 12 months preceding and interval 1 month preceding
        ) as took_before
    from delivery_taken
)
select
    month,
    service,
    channel,
    dispatches,
    round(p50_us::decimal(38,4) / 3600000000, 4) as p50_hours,
    round(p90_us::decimal(38,4) / 3600000000, 4) as p90_hours,
    round(p99_us::decimal(38,4) / 3600000000, 4) as p99_hours,
    month > $settled or coalesce(
        timezone('Europe/Oslo', $today::timestamp)
        < timezone('Europe/Oslo', (month + interval 1 month)::timestamp) + to_microseconds(took_before),
        false
    ) as provisional,
    synthetic
from beside
