-- Each municipality of a group in a month: what it used of a service by a measure, per 1 000 inhabitants of the year.
-- One row per municipality, the most per 1 000 first; one that nobody told of, or whose figure is hidden, is last.
with group_member as (
{usage/group_member}),

measured as (
{usage/measured}),

used as (
    select code, quantity, quantity_hidden, synthetic
    from measured
    where service = $service and measure = $measure and month = $month
)

select
    code as municipality_code,
    name,
    own,
    chosen,
    used.quantity,
    used.quantity_hidden,
    cast(round(used.quantity * 1000 / people.inhabitants, 4) as decimal(18, 4)) as per_1000_inhabitants,
    coalesce(used.synthetic, false) as synthetic
from group_member
left join used using (code)
left join reference.population as people
    on people.municipality_code = group_member.code and people.year = year($month)
order by per_1000_inhabitants desc nulls last, code;
