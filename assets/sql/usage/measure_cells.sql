-- use by month, organisation, service and measure, with what the rules on small cells must know of each
with standing as (
    -- of what stands, the last day of each account and source in the month
    select *
    from measurement
    where measure in (select measure from measure where kind = 'STOCK')
    qualify day = max(day) over (partition by month, organisation_number, service, measure, account_id, source)
),
used as (
    select month, organisation_number, service, measure, quantity, synthetic
    from measurement
    where measure in (select measure from measure where kind = 'FLOW')
    union all
    select month, organisation_number, service, measure, quantity, synthetic from standing
    union all
    select month, organisation_number, service, $dispatches, dispatches, synthetic from sensitive_dispatch_month
),
counted as (
    select
        month, organisation_number, service, measure,
        sum(quantity) as quantity,
        bool_or(synthetic) as synthetic,
        service in ({{sensitive}})
            and (measure = $dispatches or measure in (select measure from measure where counts_persons)) as protected
    from used
    group by all
),
people as (
    select municipality_code, arg_max(inhabitants, year) as inhabitants from population group by municipality_code
)
select
    counted.month,
    counted.service,
    counted.measure,
    -- what is protected stands under the municipality that now is
    case when protected then coalesce(organisation.successor_number, counted.organisation_number)
         else counted.organisation_number end as organisation_number,
    protected,
    coalesce(home.kind = 'MUNICIPALITY', false) as municipal,
    max(people.inhabitants) as inhabitants,
    sum(counted.quantity)::decimal(18,4) as quantity,
    bool_or(counted.synthetic) as synthetic
from counted
left join organisation on organisation.organisation_number = counted.organisation_number
left join organisation as home
  on home.organisation_number = coalesce(organisation.successor_number, counted.organisation_number)
left join people on people.municipality_code = home.municipality_code
group by all
