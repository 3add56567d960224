-- the step each customer stands on at the end of each month, for the months that somebody observed
with event as (
    select
        coalesce(municipality_code, '') as code,
        coalesce(organisation_number, '') as number,
        customer_kind, service, step, occurred_at, month, source, synthetic
    from step_event
    where service is not null and step <> 'AGREEMENT_SIGNED'
),
customer as (
    select code, number, service, any_value(customer_kind) as customer_kind, min(month) as first_month,
           min(occurred_at) filter (where step = 'ANNEX_SIGNED') as annexed_at, bool_or(synthetic) as synthetic
    from event
    group by code, number, service
),
-- a source with a row in adoption_source observed its service in those months only; any other reports as it happens
observed as (
    select customer.*, unnest(generate_series(first_month, $through, interval 1 month))::date as month
    from customer
),
live as (
    select service, min(month) as since
    from event
    where source not in (select source from adoption_source)
    group by service
),
seen as (
    select observed.*
    from observed
    where exists (select 1 from live where live.service = observed.service and observed.month >= live.since)
       or exists (
            select 1 from adoption_source as source
            where source.service = observed.service and observed.month >= source.observed_from
              and observed.month <= coalesce(source.observed_to, $through)
       )
),
-- by the end of the month: how far up the ladder since the last termination, and which way the last switch went
stand as (
    select
        seen.code, seen.number, seen.service, seen.customer_kind, seen.month, seen.synthetic, seen.annexed_at,
        max(event.occurred_at) filter (where event.step = 'TERMINATED') as terminated_at,
        max(event.occurred_at) filter (where event.step = 'SUSPENDED') as suspended_at,
        max(event.occurred_at) filter (where event.step in ('ACTIVATED', 'RESUMED')) as switched_on_at,
        max(event.occurred_at) filter (where event.step = 'CONFIGURED') as configured_at,
        max(event.occurred_at) filter (where event.step not in ('TERMINATED', 'SUSPENDED')) as last_at
    from seen
    join event on event.code = seen.code and event.number = seen.number and event.service = seen.service and event.month <= seen.month
    group by all
),
stepped as (
    select
        *,
        case
            when terminated_at is not null and terminated_at >= coalesce(last_at, terminated_at) then 'TERMINATED'
            when suspended_at is not null and suspended_at >= coalesce(switched_on_at, suspended_at) and suspended_at >= coalesce(terminated_at, suspended_at) then 'SUSPENDED'
            when switched_on_at is not null and switched_on_at >= coalesce(terminated_at, switched_on_at) then 'ACTIVATED'
            when configured_at is not null and configured_at >= coalesce(terminated_at, configured_at) then 'CONFIGURED'
            else 'ANNEX_SIGNED'
        end as step
    from stand
),
-- use can be told of a month only when all of its 90 days were measured; before and after, only events speak
measured as (
    select service, min(first_day) as first_day, max(month) as last_month from use_month group by service
),
first_use as (
    select organisation_number, service, min(first_day) as first_day from use_month group by all
),
recent as (
    select
        stepped.*,
        max(use_month.last_day) as used_on,
        coalesce(last_day(stepped.month) - 89 >= measured.first_day and stepped.month <= measured.last_month, false) as told_by_use
    from stepped
    left join measured on measured.service = stepped.service
    left join use_month
      on use_month.organisation_number = stepped.number and use_month.service = stepped.service
     and use_month.month <= stepped.month and use_month.month > stepped.month - interval 4 month
    group by all
)
select
    recent.month,
    nullif(recent.code, '') as municipality_code,
    nullif(recent.number, '') as organisation_number,
    recent.customer_kind,
    recent.service,
    recent.step,
    -- 90 days of use: any day of use in the 90 days that end with the month
    case when not told_by_use then recent.step = 'ACTIVATED'
         else coalesce(recent.used_on > last_day(recent.month) - 90, false) and recent.step not in ('SUSPENDED', 'TERMINATED') end as active,
    case when told_by_use then 'USE' else 'EVENT' end as active_basis,
    -- of a sensitive service the day of first use would be finer than its months may be told of
    case when recent.service not in ({{sensitive}}) and first_use.first_day >= cast(timezone('Europe/Oslo', recent.annexed_at) as date) and first_use.first_day <= last_day(recent.month)
         then first_use.first_day - cast(timezone('Europe/Oslo', recent.annexed_at) as date) end as days_annex_to_use,
    recent.synthetic
from recent
left join first_use on first_use.organisation_number = recent.number and first_use.service = recent.service
