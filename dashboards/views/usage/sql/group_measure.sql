-- Each municipality of a group in a month: what it used of a service by a measure that is no dispatch, per 1 000 inhabitants.
-- One row per municipality, the most per 1 000 first, and last those that nobody told of.
with group_member as (
{usage/group_member}),

used as (
    select municipality_code as code, quantity, perturbed, per_1000_inhabitants, synthetic
    from usage.municipality_measure_month_now
    where service = $service and measure = $measure and month = $month
)

select
    code as municipality_code,
    name,
    own,
    chosen,
    used.quantity,
    used.per_1000_inhabitants,
    coalesce(used.perturbed, false) as perturbed,
    coalesce(used.synthetic, false) as synthetic
from group_member
left join used using (code)
order by used.per_1000_inhabitants desc nulls last, code;
