-- what is hidden for good, and which national totals of sensitive services are shown, that is not remembered yet
with now as (
    select 'usage.measure_month' as dataset, month, organisation_number || '/' || service || '/' || measure as cell, 'HIDDEN' as state
    from measure_month
    where quantity_hidden = 'PROTECTED'
    union
    select 'usage.measure_total_month', month, service || '/' || measure, if(quantity_hidden is null, 'SHOWN', 'HIDDEN')
    from measure_total_month
    where quantity_hidden is distinct from 'NOT_SETTLED'
      and service in ({{sensitive}})
      and measure not in (select measure from measure where not counts_persons)
    union
    select 'usage.connection_month', month, organisation_number || '/' || service, 'HIDDEN'
    from connection_month
    where dispatches_hidden = 'PROTECTED'
)
select dataset, month, cell, state
from now
anti join remembered using (dataset, month, cell, state)
order by all
