-- How long it took from a dispatch was made to it was first delivered, in the last month up to the one that is asked for.
-- In hours. One row per channel, the quickest first. Whether that may still rise is told where the release knows it.
select
    month,
    coalesce(channel, 'UNKNOWN') as channel,
    dispatches,
    p50_hours,
    p90_hours,
    p99_hours,
    columns(lambda name: name in ('provisional', 'synthetic'))
from usage.delivery_time
where service = $service and p50_hours is not null
    and month = (
        select max(month)
        from usage.delivery_time
        where service = $service and month <= $through and p50_hours is not null
    )
order by p50_hours, channel;
