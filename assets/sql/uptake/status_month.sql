-- the step each customer stands on at the end of each month, for the months that somebody observed
-- what a month says changes only with an event: it is worked out once for the months until the next, then told of each
with event as (
    select
        coalesce(municipality_code, '') as code,
        coalesce(organisation_number, '') as number,
        customer_kind, service, step, occurred_at, month, source, estimated, synthetic
    from step_event
    where service is not null and step <> 'AGREEMENT_SIGNED'
),
-- a source with a row in adoption_source observed its service in those months only; any other reports as it happens
live as (
    select service, min(month) as since
    from event
    where source not in (select source from adoption_source)
    group by service
),
observed as (
    select service, month
    from (select service, unnest(generate_series(min(month), $through, interval 1 month))::date as month from event group by service) as asked
    where exists (select 1 from live where live.service = asked.service and asked.month >= live.since)
       or exists (
            select 1 from adoption_source as source
            where source.service = asked.service and asked.month >= source.observed_from
              and asked.month <= coalesce(source.observed_to, $through)
       )
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
        max(occurred_at) filter (where step not in ('TERMINATED', 'SUSPENDED')) as last_at,
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
            when suspended_at is not null and suspended_at >= coalesce(switched_on_at, suspended_at) and suspended_at >= coalesce(terminated_at, suspended_at) then 'SUSPENDED'
            when switched_on_at is not null and switched_on_at >= coalesce(terminated_at, switched_on_at) then 'ACTIVATED'
            when configured_at is not null and configured_at >= coalesce(terminated_at, configured_at) then 'CONFIGURED'
            else 'ANNEX_SIGNED'
        end as step
    from stand
),
first_use as (
    select organisation_number as number, service, min(first_day) as first_day, max(month) as last_month
    from use_month
    group by all
),
-- use can be told of a month only when all of its 90 days were measured; before and after, only events speak
measured as (
    select service, min(first_day) as first_day, max(last_month) as last_month from first_use group by service
),
-- of a sensitive service the day of first use would be finer than its months may be told of; of an annex from before
-- anything was measured, the first day that was measured says nothing of when use began
begun as (
    select
        stepped.*,
        measured.first_day as measured_from, measured.last_month as measured_to,
        case when service not in ({{sensitive}}) and annexed_on >= measured.first_day and first_use.first_day >= annexed_on
             then first_use.first_day end as first_use
    from stepped
    left join measured using (service)
    left join first_use using (number, service)
),
told as (
    select *, unnest(generate_series(month, least(coalesce(next_month - interval 1 month, $through), $through), interval 1 month))::date as at_month
    from begun
),
-- until the next month with use, and for no longer than 90 days can reach, a month's last day of use is the last there is
use_and_next as (
    select
        organisation_number as number, service, month, last_day,
        lead(month) over (partition by organisation_number, service order by month) as next_month
    from use_month
),
used as (
    select number, service, last_day as used_on, month as at_month from use_and_next
    union all
    select
        number, service, last_day,
        unnest(generate_series(month + interval 1 month, least(coalesce(next_month - interval 1 month, month + interval 3 month), month + interval 3 month), interval 1 month))::date
    from use_and_next
    where next_month is null or next_month > month + interval 1 month
),
judged as (
    select
        told.*,
        used.used_on,
        coalesce(last_day(told.at_month) - 89 >= measured_from and told.at_month <= measured_to, false) as told_by_use
    from told
    join observed on observed.service = told.service and observed.month = told.at_month
    left join used on used.number = told.number and used.service = told.service and used.at_month = told.at_month
)
select
    at_month as month,
    nullif(code, '') as municipality_code,
    nullif(number, '') as organisation_number,
    customer_kind,
    service,
    step,
    -- 90 days of use: any day of use in the 90 days that end with the month
    case when not told_by_use then step = 'ACTIVATED'
         else coalesce(used_on > last_day(at_month) - 90, false) and step not in ('SUSPENDED', 'TERMINATED') end as active,
    case when told_by_use then 'USE' else 'EVENT' end as active_basis,
    case when first_use <= last_day(at_month) then first_use - annexed_on end as days_annex_to_use,
    estimated,
    synthetic
from judged
