-- The step of each customer at the end of each month, and whether it uses the service.
--
-- Grain: one row per (month, municipality_code, organisation_number, service), from the first step on. Unobserved
-- months are missing. Active means use within 90 days where the service is measured at all, otherwise the event
-- decides.
-- Nulls: days_annex_to_use before the first use, and at sensitive services.
--
-- the step each customer stands on at the end of each month, for the months that somebody observed
-- what a month says changes only with an event, and where use begins or ceases: it is worked out once for the months
-- until the next change, then told of each
with reported as (
    select
        coalesce(municipality_code, '') as code,
        coalesce(organisation_number, '') as number,
        customer_kind, service, step, occurred_at, month, source, producer, estimated, synthetic
    from step_event
    where service is not null and step <> 'AGREEMENT_SIGNED'
),
-- when a whole list of a service was seen, of those whose events have come
whole_list as (
    select reported.service, reported.source, reported.producer, max(reported.occurred_at) as seen_at, max(reported.month) as month
    from reported
    join adoption_source as source using (source, service)
    where source.whole_list
    group by all
),
-- who is not on it, and whom nobody else told of before: from then on its step is not observed
not_listed as (
    select
        reported.code, reported.number, min(reported.customer_kind) as customer_kind, reported.service,
        'NOT_LISTED' as step, whole_list.seen_at as occurred_at, whole_list.month, whole_list.source, whole_list.producer,
        bool_or(reported.estimated) as estimated, bool_or(reported.synthetic) as synthetic
    from whole_list
    join reported on reported.service = whole_list.service and reported.occurred_at <= whole_list.seen_at
    group by reported.code, reported.number, reported.service, whole_list.seen_at, whole_list.month, whole_list.source, whole_list.producer
    -- an earlier list of the same source is no word for it either
    having bool_and(
        reported.producer = whole_list.producer
        and not (reported.source = whole_list.source and reported.month = whole_list.month)
    )
),
event as (
    from reported
    union all by name
    from not_listed
),
live as (
    select service, min(month) as since
    from event
    where source not in (select source from adoption_source)
    group by service
),
asked as (
    select service, unnest(generate_series(min(month), $through, interval 1 month))::date as month from event group by service
),
event_month as (
    select
        code, number, service, month,
        min(customer_kind) as customer_kind,
        max(occurred_at) filter (where step = 'TERMINATED') as terminated_at,
        max(occurred_at) filter (where step = 'SUSPENDED') as suspended_at,
        max(occurred_at) filter (where step in ('ACTIVATED', 'RESUMED')) as switched_on_at,
        max(occurred_at) filter (where step = 'CONFIGURED') as configured_at,
        min(occurred_at) filter (where step = 'ANNEX_SIGNED') as annexed_at,
        max(occurred_at) filter (where step = 'NOT_LISTED') as unlisted_at,
        max(occurred_at) filter (where step not in ('TERMINATED', 'SUSPENDED', 'NOT_LISTED')) as last_at,
        bool_or(estimated) as estimated,
        bool_or(synthetic) as synthetic
    from event
    group by code, number, service, month
),
-- by the end of the month: how far up the ladder since the last termination, and which way the last switch went
stand as (
    select
        code, number, service, month,
        lead(month) over so_far as next_month,
        min(customer_kind) over customer as customer_kind,
        max(terminated_at) over so_far as terminated_at,
        max(suspended_at) over so_far as suspended_at,
        max(switched_on_at) over so_far as switched_on_at,
        max(configured_at) over so_far as configured_at,
        max(unlisted_at) over so_far as unlisted_at,
        max(last_at) over so_far as last_at,
        cast(timezone('Europe/Oslo', min(annexed_at) over customer) as date) as annexed_on,
        bool_or(estimated) over so_far as estimated,
        bool_or(synthetic) over customer as synthetic
    from event_month
    window so_far as (partition by code, number, service order by month),
           customer as (partition by code, number, service)
),
stepped as (
    select
        code, number, service, month, next_month, customer_kind, annexed_on, estimated, synthetic,
        case
            when terminated_at is not null and terminated_at >= coalesce(last_at, terminated_at) then 'TERMINATED'
            when unlisted_at > greatest(last_at, suspended_at) then 'NOT_LISTED'
            when suspended_at is not null and suspended_at >= coalesce(switched_on_at, suspended_at) and suspended_at >= coalesce(terminated_at, suspended_at) then 'SUSPENDED'
            when switched_on_at is not null and switched_on_at >= coalesce(terminated_at, switched_on_at) then 'ACTIVATED'
            when configured_at is not null and configured_at >= coalesce(terminated_at, configured_at) then 'CONFIGURED'
            else 'ANNEX_SIGNED'
        end as step
    from stand
),
-- the last days of use, one of each month, in order: listed by customer and service, as ordering few at a time is much
-- quicker than a window over every month of use there is
use as (
    select
        organisation_number as number, service,
        min(first_day) as first_day, max(last_day) as last_day, list(last_day order by last_day) as days
    from use_month
    group by all
),
-- use can be told of a month only when all of its 90 days were measured, the last of them too; else only events speak
measured as (
    select service, min(first_day) as first_day, max(last_day) as last_day from measured_month group by service
),
-- a source with a row in adoption_source observed its service in those months only; any other reports as it happens
observed as (
    select
        asked.service, asked.month, last_day(asked.month) as month_end,
        coalesce(month_end - 89 >= measured.first_day and month_end <= measured.last_day, false) as told_by_use
    from asked
    left join measured using (service)
    where exists (select 1 from live where live.service = asked.service and asked.month >= live.since)
       or exists (
            select 1 from adoption_source as source
            where source.service = asked.service and asked.month >= source.observed_from
              and asked.month <= coalesce(source.observed_to, $through)
       )
),
-- 90 days of use: any day of use in the 90 days that end with the month. A day counts until the month that ends later
paused as (
    select number, service, day, next_day
    from (select number, service, unnest(days) as day, unnest(days[2:]) as next_day from use) as one_after_another
    where next_day is null or next_day > day + 90
),
-- from which month on the customer is in use, or not: not from before any day that may land, then as days begin and pause
in_use_since as (
    select number, service, unnest([date '1900-01-01', date_trunc('month', first_day)::date]) as month, unnest([false, true]) as in_use from use
    union all
    select number, service, unnest([date_trunc('month', day + 90)::date, date_trunc('month', next_day)::date]), unnest([false, true]) from paused
),
in_use as (
    select *, lead(month) over (partition by number, service order by month, in_use) as next_month
    from in_use_since
    where month is not null
),
-- of a sensitive service the day of first use would be finer than its months may be told of; of an annex from before
-- anything was measured, the first day that was measured says nothing of when use began
begun as (
    select
        stepped.*,
        case when service not in ({{sensitive}}) and annexed_on >= measured.first_day and use.first_day >= annexed_on
             then use.first_day end as first_use,
        -- the key but for the month, as one number: the months' rows are sorted by it
        dense_rank() over (order by nullif(code, ''), nullif(number, ''), service) as place
    from stepped
    left join measured using (service)
    left join use using (number, service)
),
told as (
    select
        place, nullif(code, '') as code, nullif(number, '') as number, customer_kind, service, step, first_use,
        first_use - annexed_on as days_annex_to_use, coalesce(in_use.in_use, false) as in_use, estimated, synthetic,
        unnest(generate_series(
            greatest(begun.month, in_use.month),
            least(begun.next_month, in_use.next_month, $through + interval 1 month) - interval 1 month,
            interval 1 month
        ))::date as month
    from begun
    left join in_use using (number, service)
)
select
    month,
    code as municipality_code,
    number as organisation_number,
    customer_kind,
    service,
    step,
    case when told_by_use then in_use and step not in ('SUSPENDED', 'TERMINATED') else step = 'ACTIVATED' end as active,
    case when told_by_use then 'USE' else 'EVENT' end as active_basis,
    case when first_use <= month_end then days_annex_to_use end as days_annex_to_use,
    estimated,
    synthetic
from told
join observed using (service, month)
order by month, place
