-- Each municipality of a group in a month: what it used of a service by a measure that is no dispatch, per 1 000 inhabitants.
-- One row per municipality, the most per 1 000 first; then those whose figure is hidden, and last those that nobody told of.
with group_member as (
{usage/group_member}),

used as (
    select municipality_code as code, quantity, quantity_hidden, per_1000_inhabitants, synthetic
    from usage.municipality_measure_month_now
    where service = $service and measure = $measure and month = $month
)

select
    code as municipality_code,
    name,
    own,
    chosen,
    used.quantity,
    used.quantity_hidden,
    used.per_1000_inhabitants,
    used.quantity_hidden as per_1000_inhabitants_hidden,
    coalesce(used.synthetic, false) as synthetic
from group_member
left join used using (code)
order by used.per_1000_inhabitants desc nulls last, used.quantity_hidden nulls last, code;
