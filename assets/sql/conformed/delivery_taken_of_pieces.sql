-- the same percentiles from how many took how long: the smallest time that at least that share did not exceed
with added as (
    select service, channel, took_us, sum(dispatches) as dispatches, bool_or(synthetic) as synthetic
    from dispatch
    group by all
),
ranked as (
    select
        *,
        sum(dispatches) over (partition by service, channel order by took_us) as so_far,
        sum(dispatches) over (partition by service, channel) as of_all
    from added
)
select
    service,
    channel,
    sum(dispatches) as dispatches,
    min(took_us) filter (where so_far >= 0.50 * of_all) as p50_us,
    min(took_us) filter (where so_far >= 0.90 * of_all) as p90_us,
    min(took_us) filter (where so_far >= 0.95 * of_all) as p95_us,
    min(took_us) filter (where so_far >= 0.99 * of_all) as p99_us,
    bool_or(synthetic) as synthetic
from ranked
group by service, channel
