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
