-- How each municipality of now stands with a service in each month from the first that anybody observed up to `through`.
-- One row per municipality and stretch of months in which nothing changed, so that a month has one row a municipality.
-- Where nobody observed the service, `observed` is false and `standing` null: it is not known, and never NONE.
with observed as (
    select month, active_basis, synthetic
    from uptake.funnel
    where service = $service and area_kind = 'NO' and month <= $through
),

calendar as (
    select asked.month, observed.active_basis, coalesce(observed.synthetic, false) as synthetic
    from (
        select cast(unnest(generate_series(min(month), $through, interval 1 month)) as date) as month
        from observed
    ) as asked
    left join observed on observed.month = asked.month
),

municipality as (
    select municipality.code, municipality.name, county.code as county_code, county.name as county
    from reference.municipality as municipality
    inner join reference.county as county on county.code = municipality.county_code and county.valid_to is null
    where municipality.valid_to is null
),

network as (
    select municipality_code as code, list(network_id order by network_id) as networks
    from reference.network_member
    where valid_to is null
    group by municipality_code
),

-- a municipality may have several customers (a company and itself): the furthest counts
furthest as (
    select
        month, municipality_code as code, bool_or(active) as active, bool_or(synthetic) as synthetic,
        max(case
            when active and active_basis = 'USE' then 6
            when step = 'ACTIVATED' then 5
            when step = 'CONFIGURED' then 4
            when step = 'ANNEX_SIGNED' then 3
            when step = 'SUSPENDED' then 2
            else 1
        end) as rung
    from uptake.status_month
    where service = $service and customer_kind = 'MUNICIPALITY' and municipality_code is not null and month <= $through
    group by month, municipality_code
),

-- how it stands in each month, and as one number, as those compare much faster than what they are made of
told as (
    select
        municipality.code, calendar.month, calendar.active_basis,
        case when calendar.active_basis is not null then coalesce(furthest.rung, 0) end as rung,
        calendar.active_basis is not null and coalesce(furthest.active, false) as active,
        coalesce(furthest.synthetic, calendar.synthetic) as synthetic,
        case
            when calendar.active_basis is null then -1
            else
                coalesce(furthest.rung, 0) * 8 + (calendar.active_basis = 'USE')::integer * 4
                + coalesce(furthest.active, false)::integer * 2 + coalesce(furthest.synthetic, calendar.synthetic)::integer
        end as state
    from calendar
    cross join municipality
    left join furthest on furthest.month = calendar.month and furthest.code = municipality.code
),

beginning as (
    select *
    from told
    qualify lag(state) over (partition by code order by month) is distinct from state
),

stretch as (
    select
        code, active_basis, active, synthetic,
        month as first_month,
        coalesce(cast(lead(month) over by_month - interval 1 month as date), $through) as last_month,
        ['NONE', 'TERMINATED', 'SUSPENDED', 'ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED', 'IN_USE'][rung + 1] as standing,
        -- use that was there when its measuring began, or began again, may be older
        rung = 6 and lag(active_basis) over by_month is distinct from active_basis as unseen,
        rung = 6 and lag(rung) over by_month is not distinct from rung as used_before
    from beginning
    window by_month as (partition by code order by month)
),

-- the months of use that follow on each other, though something else of them changed
use as (
    select
        code, first_month,
        max(case when not used_before then first_month end) over so_far as since,
        arg_max(unseen, first_month) filter (where not used_before) over so_far as unseen
    from stretch
    where standing = 'IN_USE'
    window so_far as (partition by code order by first_month)
),

event as (
    select municipality_code as code, occurred_at, occurred_precision, month, if(step = 'RESUMED', 'ACTIVATED', step) as step
    from uptake.step_event
    where service = $service and customer_kind = 'MUNICIPALITY' and municipality_code is not null
),

-- what a stretch began with: the first event of its step since it was last undone
undone as (
    select stretch.code, stretch.first_month, stretch.standing, max(event.occurred_at) as undone_at
    from stretch
    inner join event on event.code = stretch.code and event.month <= stretch.first_month
    where case stretch.standing
        when 'ACTIVATED' then event.step in ('SUSPENDED', 'TERMINATED')
        when 'SUSPENDED' then event.step in ('ACTIVATED', 'TERMINATED')
        when 'TERMINATED' then event.step <> 'TERMINATED'
        else event.step = 'TERMINATED'
    end
    group by stretch.code, stretch.first_month, stretch.standing
),

begun as (
    select
        stretch.code, stretch.first_month,
        min(event.month) as since,
        arg_min(event.occurred_precision, event.occurred_at) = 'NO_LATER_THAN' as no_later
    from stretch
    inner join event
        on event.code = stretch.code and event.step = stretch.standing and event.month <= stretch.first_month
    left join undone on undone.code = stretch.code and undone.first_month = stretch.first_month
    where undone.undone_at is null or event.occurred_at > undone.undone_at
    group by stretch.code, stretch.first_month
)

select
    municipality.code as municipality_code,
    municipality.name,
    municipality.county_code,
    municipality.county,
    coalesce(network.networks, []) as networks,
    stretch.first_month,
    stretch.last_month,
    stretch.active_basis is not null as observed,
    stretch.standing,
    stretch.active,
    stretch.active_basis,
    coalesce(use.since, begun.since) as since,
    coalesce(use.unseen, begun.no_later, false) as no_later,
    stretch.synthetic
from stretch
inner join municipality on municipality.code = stretch.code
left join network on network.code = stretch.code
left join use on use.code = stretch.code and use.first_month = stretch.first_month
left join begun on begun.code = stretch.code and begun.first_month = stretch.first_month
order by municipality.code, stretch.first_month;
