-- use by month, organisation, service and measure; of sensitive services what stands alone
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
    where measure in (select measure from measure where kind = 'FLOW') and service not in ({{sensitive}})
    union all
    select month, organisation_number, service, measure, quantity, synthetic from standing
)
select
    month, organisation_number, service, measure,
    sum(quantity)::decimal(18,4) as quantity,
    bool_or(synthetic) as synthetic
from used
group by all
