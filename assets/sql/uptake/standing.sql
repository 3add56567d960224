-- The standing of each municipality with each service, and since when.
--
-- Grain: one row per (service, municipality_code, first_month): a period of months without change. A municipality's
-- periods are contiguous, from the first month in which any municipality was on a step. Nulls: standing and
-- active_basis in unobserved months; since where no event gives it, and at NONE.
--
-- how each municipality of now stands with each service, from the first month that anybody observed it up to `through`
-- one row per municipality, service and stretch of months in which nothing changed; where nobody observed the service,
-- standing is null: it is not known, and never NONE
with observed as (
    select service, month, active_basis, synthetic
    from funnel
    where area_kind = 'NO' and month <= $through
),
calendar as (
    select asked.service, asked.month, observed.active_basis, coalesce(observed.synthetic, false) as synthetic
    from (
        select service, unnest(generate_series(min(month), $through, interval 1 month))::date as month
        from observed
        group by service
    ) as asked
    left join observed using (service, month)
),
-- a municipality may have several customers (a company and itself): the furthest counts
furthest as (
    select
        service, month, municipality_code as code, bool_or(active) as active, bool_or(synthetic) as synthetic,
        max(case
            when active and active_basis = 'USE' then 7
            when step = 'ACTIVATED' then 6
            when step = 'CONFIGURED' then 5
            when step = 'ANNEX_SIGNED' then 4
            when step = 'SUSPENDED' then 3
            when step = 'NOT_LISTED' then 2
            else 1
        end) as rung
    from status_month
    where customer_kind = 'MUNICIPALITY' and municipality_code is not null and month <= $through
    group by all
),
-- how it stands in each month, and as one number, as those compare much faster than what they are made of
told as (
    select
        calendar.service, municipality.code, calendar.month, calendar.active_basis,
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
    cross join (select code from municipality where valid_to is null) as municipality
    left join furthest
      on furthest.service = calendar.service and furthest.month = calendar.month and furthest.code = municipality.code
),
beginning as (
    select *
    from told
    qualify lag(state) over (partition by service, code order by month) is distinct from state
),
stretch as (
    select
        service, code, active_basis, active, synthetic,
        month as first_month,
        coalesce((lead(month) over by_month - interval 1 month)::date, $through) as last_month,
        ['NONE', 'TERMINATED', 'NOT_LISTED', 'SUSPENDED', 'ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED', 'IN_USE'][rung + 1] as standing,
        -- use that was there when its measuring began, or began again, may be older
        rung = 7 and lag(active_basis) over by_month is distinct from active_basis as unseen,
        rung = 7 and lag(rung) over by_month is not distinct from rung as used_before
    from beginning
    window by_month as (partition by service, code order by month)
),
-- the months of use that follow on each other, though something else of them changed
use as (
    select
        service, code, first_month,
        max(case when not used_before then first_month end) over so_far as since,
        arg_max(unseen, first_month) filter (where not used_before) over so_far as unseen
    from stretch
    where standing = 'IN_USE'
    window so_far as (partition by service, code order by first_month)
),
event as (
    select
        service, municipality_code as code, occurred_at, occurred_precision, month,
        if(step = 'RESUMED', 'ACTIVATED', step) as step
    from step_event
    where service is not null and customer_kind = 'MUNICIPALITY' and municipality_code is not null
),
-- what a stretch began with: the first event of its step since it was last undone
undone as (
    select stretch.service, stretch.code, stretch.first_month, max(event.occurred_at) as undone_at
    from stretch
    join event on event.service = stretch.service and event.code = stretch.code and event.month <= stretch.first_month
    where case stretch.standing
        when 'ACTIVATED' then event.step in ('SUSPENDED', 'TERMINATED')
        when 'SUSPENDED' then event.step in ('ACTIVATED', 'TERMINATED')
        when 'TERMINATED' then event.step <> 'TERMINATED'
        else event.step = 'TERMINATED'
    end
    group by all
),
begun as (
    select
        stretch.service, stretch.code, stretch.first_month,
        min(event.month) as since,
        arg_min(event.occurred_precision, (event.occurred_at, event.occurred_precision)) = 'NO_LATER_THAN' as no_later
    from stretch
    join event
      on event.service = stretch.service and event.code = stretch.code and event.step = stretch.standing
     and event.month <= stretch.first_month
    left join undone
      on undone.service = stretch.service and undone.code = stretch.code and undone.first_month = stretch.first_month
    where undone.undone_at is null or event.occurred_at > undone.undone_at
    group by all
)
select
    stretch.service,
    stretch.code as municipality_code,
    stretch.first_month,
    stretch.last_month,
    stretch.standing,
    stretch.active,
    stretch.active_basis,
    coalesce(use.since, begun.since) as since,
    coalesce(use.unseen, begun.no_later, false) as no_later,
    stretch.synthetic
from stretch
left join use
  on use.service = stretch.service and use.code = stretch.code and use.first_month = stretch.first_month
left join begun
  on begun.service = stretch.service and begun.code = stretch.code and begun.first_month = stretch.first_month
