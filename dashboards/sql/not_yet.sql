-- Municipalities of the area that do not have the service in the month: how far they are, and how long they have waited.
-- One row per municipality; those nearest to use first, then those who have waited longest, then the largest.
with area_member as (
{area_member}),

missing_delivery as (
{missing_delivery}),

standing as ( -- a municipality may have several customers; the one that is furthest counts
    select
        municipality_code as code,
        bool_or(active) as active,
        arg_min(step, list_position(['ACTIVATED', 'CONFIGURED', 'ANNEX_SIGNED', 'SUSPENDED', 'TERMINATED'], step)) as step,
        bool_or(synthetic) as synthetic
    from uptake.status_month
    where service = $service and month = $month and municipality_code is not null
    group by municipality_code
),

step_taken as ( -- when it last took the step it stands on; resumed stands on activated
    select
        municipality_code as code,
        case step when 'RESUMED' then 'ACTIVATED' else step end as step,
        max(month) as month,
        arg_max(occurred_precision, occurred_at) as precision_of_time
    from uptake.step_event
    where service = $service and month <= $month and municipality_code is not null
    group by 1, 2
),

latest_population as (
    select municipality_code as code, arg_max(inhabitants, year) as inhabitants, max(year) as year
    from reference.population
    where year <= year($month)
    group by municipality_code
),

networks as (
    select member.municipality_code as code, string_agg(regexp_replace(network.name, ' \(.*$', ''), ', ' order by network.name) as names
    from reference.network_member as member
    inner join reference.network as network using (network_id)
    where member.valid_to is null and network.part_of is null
    group by member.municipality_code
)

select
    area_member.code as municipality_code,
    area_member.name as municipality,
    county.name as county,
    networks.names as network,
    coalesce(standing.step, 'NONE') as step,
    step_taken.month as step_month,
    step_taken.precision_of_time,
    -- who has activated waits from its last use, which is not known here
    case when standing.step <> 'ACTIVATED' then date_diff('month', step_taken.month, $month) end as months_waiting,
    latest_population.inhabitants,
    latest_population.year as inhabitants_year,
    coalesce(standing.synthetic, false) or coalesce(missing_delivery.synthetic, false) as synthetic,
    -- it may have used the service all the same
    missing_delivery.missing_from as no_delivery_since
from area_member
left join standing on standing.code = area_member.code
left join step_taken on step_taken.code = area_member.code and step_taken.step = standing.step
left join reference.county as county on county.code = area_member.county_code and county.valid_to is null
left join latest_population on latest_population.code = area_member.code
left join networks on networks.code = area_member.code
left join missing_delivery -- what only events tell of does not wait for a delivery
    on missing_delivery.code = area_member.code
    and $month in (select month from uptake.status_month where service = $service and active_basis = 'USE')
where not coalesce(standing.active, false)
order by
    list_position(['ACTIVATED', 'CONFIGURED', 'ANNEX_SIGNED', 'SUSPENDED', 'TERMINATED', 'NONE'], coalesce(standing.step, 'NONE')),
    months_waiting desc nulls last,
    inhabitants desc nulls last,
    municipality_code;
