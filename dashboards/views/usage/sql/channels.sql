-- A municipality's dispatches of a service by channel in a month, the same month a year before, and the twelve months up
-- to it; with `$code` empty, all municipalities'. A channel without dispatches in a month that somebody told of is 0.
-- One row per channel of the thirteen months, the most first.
with sent as (
    select month, channel, sum(dispatches) as dispatches, bool_or(synthetic) as synthetic
    from usage.municipality_month
    where service = $service and borders = $borders and $code in ('', municipality_code)
        and month between $month - interval 12 month and $month
    group by month, channel
),

told as (
    select
        coalesce(bool_or(month = $month), false) as now,
        coalesce(bool_or(month = $month - interval 12 month), false) as before,
        count(distinct month) filter (where month > $month - interval 12 month) as months
    from sent
)

select
    sent.channel,
    case when told.now then coalesce(sum(sent.dispatches) filter (where month = $month), 0) end as dispatches,
    case when told.before then
        coalesce(sum(sent.dispatches) filter (where month = $month - interval 12 month), 0)
    end as year_before,
    coalesce(sum(sent.dispatches) filter (where month > $month - interval 12 month), 0) as twelve_months,
    told.months as months_known,
    bool_or(sent.synthetic) as synthetic
from sent
cross join told
group by sent.channel, told.now, told.before, told.months
order by twelve_months desc, sent.channel;
