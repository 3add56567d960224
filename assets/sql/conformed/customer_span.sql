-- The months from and to which a customer had agreed to a service, was active in it, or had terminated it.
--
-- Grain: one row per (organisation_number, service, state, first_month). A period of activity includes the month of
-- activation and the last month in which the agreement was in force: a termination at midnight as a month begins ends
-- it with the month before. A suspended customer is still active. A municipality that merged stands in its own name until
-- then; what was not terminated is its successor's from then on. Nulls: last_month while the period lasts.
with customer as (
    select organisation_number, kind, municipality_code, county_code from organisation where successor_number is null
),
-- municipalities that ended, each with the codes that it had
former as (
    select organisation.organisation_number, organisation.valid_to as ended_on, place.municipality_code, place.valid_from
    from organisation
    join municipality_of as place
      on place.organisation_number = organisation.organisation_number and place.valid_from < organisation.valid_to
    where organisation.kind = 'MUNICIPALITY'
),
-- events are of an organisation or of a municipality; both stand for the customer of now, with who it was then if that
-- has merged
step_taken as (
    select
        *,
        -- a termination at the midnight in which a municipality ends is its own, not its successor's
        timezone('Europe/Oslo', occurred_at - if(step = 'TERMINATED', interval 1 microsecond, interval 0 microsecond))::date
            as taken_on
    from step_event
),
event as (
    select distinct
        coalesce(step_event.organisation_number, customer.organisation_number) as organisation_number,
        former.organisation_number as former_number, former.ended_on,
        step_event.service, step_event.step, step_event.customer_kind, step_event.occurred_at, step_event.month,
        -- the month of the moment before: what ends as a month begins was in force on no day of it
        date_trunc('month', timezone('Europe/Oslo', step_event.occurred_at - interval 1 microsecond))::date as month_before,
        step_event.occurred_precision = 'EXACT' as exact, step_event.synthetic
    from step_taken as step_event
    left join customer on customer.municipality_code = step_event.municipality_code and step_event.organisation_number is null
    left join adoption on adoption.producer = step_event.producer and adoption.event_id = step_event.event_id
    left join former
      on not step_event.estimated
     and step_event.taken_on < former.ended_on
     and (former.organisation_number = adoption.organisation_number
          or adoption.organisation_number is null
             and former.municipality_code = step_event.reported_code
             and former.valid_from <= step_event.taken_on)
    where step_event.service is not null and step_event.step <> 'AGREEMENT_SIGNED'
),
of_customer as (
    select *, bool_or(step = 'ANNEX_SIGNED') over (partition by service) as annexes_told
    from event
    where organisation_number is not null
),
-- what is agreed or in force when a municipality ends: its own until then, its successor's from then on, which joins
-- nothing anew and owes from the first whole month
passed_on as (
    select
        organisation_number, former_number, service, min(customer_kind) as customer_kind,
        max_by(step, (occurred_at, step)) filter (where step in ('ACTIVATED', 'RESUMED', 'TERMINATED')) as last_switch,
        timezone('Europe/Oslo', ended_on::timestamp) as occurred_at,
        date_trunc('month', ended_on + interval 1 month - interval 1 day)::date as month,
        date_trunc('month', ended_on - interval 1 day)::date as month_before,
        bool_or(annexes_told) as annexes_told, bool_or(synthetic) as synthetic
    from of_customer
    where former_number is not null
    group by organisation_number, former_number, ended_on, service
    having last_switch is distinct from 'TERMINATED'
),
in_own_name as (
    select
        coalesce(former_number, organisation_number) as organisation_number, service, step, customer_kind, occurred_at,
        month, month_before, exact, false as passed, annexes_told, synthetic
    from of_customer
    union all by name
    select
        * exclude (former_number, last_switch), if(last_switch is null, 'ANNEX_SIGNED', 'ACTIVATED') as step,
        false as exact, true as passed
    from passed_on
    union all by name
    select
        * exclude (former_number, last_switch) replace (former_number as organisation_number),
        'TERMINATED' as step, true as exact, true as passed
    from passed_on
),
switched as (
    select
        *,
        last_value(if(step in ('ACTIVATED', 'RESUMED', 'TERMINATED'), step, null) ignore nulls) over (
            partition by organisation_number, service order by occurred_at, step, exact
            rows between unbounded preceding and 1 preceding
        ) as switch_before,
        lead(month) over (partition by organisation_number, service order by occurred_at, step, exact) as next_month
    from in_own_name
),
-- a spell begins with the first activation, or the first after a termination, and goes on through the last month in which
-- it was in force
begun as (
    select * from switched where step in ('ACTIVATED', 'RESUMED') and coalesce(switch_before, 'TERMINATED') = 'TERMINATED'
),
active as (
    select
        begun.organisation_number, begun.service, 'ACTIVE' as state, begun.month as first_month,
        (
            select min(ending.month_before) from switched as ending
            where ending.organisation_number = begun.organisation_number and ending.service = begun.service
              and ending.step = 'TERMINATED' and ending.occurred_at >= begun.occurred_at
        ) as last_month,
        begun.exact,
        row_number() over (partition by organisation_number, service order by occurred_at) = 1 as first_time,
        begun.customer_kind, begun.annexes_told, begun.synthetic
    from begun
),
told as (
    from active
    union all
    -- a step that is only known to be no later than some day may have been taken long before
    select
        organisation_number, service, 'AGREED', if(bool_or(not exact and not passed), date '1900-01-01', min(month)), null,
        bool_and(exact), true, min(customer_kind), bool_or(annexes_told), bool_or(synthetic)
    from in_own_name
    group by organisation_number, service
    union all
    select
        organisation_number, service, 'TERMINATED', (month_before + interval 1 month)::date, (next_month - interval 1 month)::date,
        exact, false, customer_kind, annexes_told, synthetic
    from switched
    where step = 'TERMINATED' and not passed and (next_month is null or next_month > month_before + interval 1 month)
)
select
    told.organisation_number, told.service, told.state, told.first_month,
    max(told.last_month) filter (where told.last_month is not null) as last_month,
    bool_and(told.exact) as exact,
    bool_or(told.first_time) as first_time,
    coalesce(min(customer.kind), min(told.customer_kind)) as customer_kind,
    min(if(customer.kind = 'COUNTY', customer.county_code, customer.municipality_code)) as place,
    bool_or(told.annexes_told) as annexes_told,
    bool_or(told.synthetic) as synthetic
from told
left join customer using (organisation_number)
group by all
