-- Each municipality of a group in a month: its dispatches of a service, per 1 000 inhabitants, and its digital share.
-- One row per municipality, the most per 1 000 first; one that nobody told of in the month is empty and last.
with group_member as (
{usage/group_member}),

used as (
    select
        municipality_code as code,
        coalesce(sum(dispatches) filter (where $channel in ('', channel)), 0) as dispatches,
        any_value(inhabitants) as inhabitants,
        any_value(digital_share) as digital_share,
        bool_or(synthetic) as synthetic
    from usage.municipality_month_now
    where service = $service and month = $month
    group by municipality_code
)

select
    code as municipality_code,
    name,
    own,
    chosen,
    used.dispatches,
    -- as `dispatches_per_1000` of meta.metric
    cast(round(used.dispatches * 1000 / used.inhabitants, 4) as decimal(18, 4)) as per_1000_inhabitants,
    used.digital_share,
    coalesce(used.synthetic, false) as synthetic
from group_member
left join used using (code)
order by per_1000_inhabitants desc nulls last, code;
