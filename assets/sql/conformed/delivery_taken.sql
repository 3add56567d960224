-- Exact percentiles of the time from created to first delivered, over all delivered dispatches of a month.
--
-- Grain: one row per (month, service, channel), by the channel of the latest state; months, services and channels
-- without a delivery are left out. Unit: microseconds. A percentile is the smallest time not exceeded by at least that
-- percentage (nearest rank), so it is the time of a dispatch. Sensitive services are left out: their
-- channel would be finer than a month's total.
--
-- exact percentiles over every delivered dispatch; the microseconds are whole numbers, so no order of rows changes them
with taken as (
    select service, channel, epoch_us(first_delivered_at) - epoch_us(created_at) as took, synthetic
    from dispatch
    where first_delivered_at is not null
      and service not in ({{sensitive}})
),
ranked as (
    select
        service,
        channel,
        count(*) as dispatches,
        quantile_disc(took, [0.5, 0.9, 0.95, 0.99]) as at_rank,
        bool_or(synthetic) as synthetic
    from taken
    group by service, channel
)
select
    service,
    channel,
    dispatches,
    at_rank[1] as p50_us,
    at_rank[2] as p90_us,
    at_rank[3] as p95_us,
    at_rank[4] as p99_us,
    synthetic
from ranked
