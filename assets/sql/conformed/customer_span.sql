-- The months from and to which a customer had agreed to a service, was active in it, or had terminated it.
--
-- Grain: one row per (organisation_number, service, state, first_month), for today's customer. A period of activity
-- includes the month of activation and the last month in which the agreement was in force: a termination at midnight
-- as a month begins ends it with the month before. A suspended customer is still active. Nulls: last_month while the
-- period lasts.
with customer as (
    select organisation_number, kind, municipality_code, county_code from organisation where successor_number is null
),
-- events are of an organisation or of a municipality; both stand for the customer of now
event as (
    select distinct
        coalesce(step_event.organisation_number, customer.organisation_number) as organisation_number,
        step_event.service, step_event.step, step_event.customer_kind, step_event.occurred_at, step_event.month,
        -- the month of the moment before: what ends as a month begins was in force on no day of it
        date_trunc('month', timezone('Europe/Oslo', step_event.occurred_at - interval 1 microsecond))::date as month_before,
        step_event.occurred_precision = 'EXACT' as exact, step_event.synthetic
    from step_event
    left join customer on customer.municipality_code = step_event.municipality_code and step_event.organisation_number is null
    where step_event.service is not null and step_event.step <> 'AGREEMENT_SIGNED'
),
of_customer as (
    select
        *,
        last_value(if(step in ('ACTIVATED', 'RESUMED', 'TERMINATED'), step, null) ignore nulls)
            over (so_far rows between unbounded preceding and 1 preceding) as switch_before,
        lead(month) over so_far as next_month,
        bool_or(step = 'ANNEX_SIGNED') over (partition by service) as annexes_told
    from event
    where organisation_number is not null
    window so_far as (partition by organisation_number, service order by occurred_at, step, exact)
),
-- a spell begins with the first activation, or the first after a termination, and goes on through the last month in which
-- it was in force
begun as (
    select * from of_customer where step in ('ACTIVATED', 'RESUMED') and coalesce(switch_before, 'TERMINATED') = 'TERMINATED'
),
active as (
    select
        begun.organisation_number, begun.service, 'ACTIVE' as state, begun.month as first_month,
        (
            select min(ending.month_before) from of_customer as ending
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
        organisation_number, service, 'AGREED', if(bool_or(not exact), date '1900-01-01', min(month)), null,
        bool_and(exact), true, min(customer_kind), bool_or(annexes_told), bool_or(synthetic)
    from of_customer
    group by organisation_number, service
    union all
    select
        organisation_number, service, 'TERMINATED', (month_before + interval 1 month)::date, (next_month - interval 1 month)::date,
        exact, false, customer_kind, annexes_told, synthetic
    from of_customer
    where step = 'TERMINATED' and (next_month is null or next_month > month_before + interval 1 month)
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
