-- what is hidden for good, and which national totals of sensitive services are shown, that is not remembered yet
-- of a group in which something is hidden, a figure that is another than the release before showed is hidden too: what it
-- changed by, beside what did not change, would be the hidden ones'
with hiding as (
    select distinct month, service, measure from measure_month where quantity_hidden = 'PROTECTED'
),
now as (
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
    union
    select 'usage.measure_month', month, organisation_number || '/' || service || '/' || measure, 'HIDDEN'
    from measure_month
    join measure_month_shown as shown using (month, organisation_number, service, measure)
    semi join hiding using (month, service, measure)
    where measure_month.quantity <> shown.quantity
    union
    select 'usage.measure_total_month', month, service || '/' || measure, 'HIDDEN'
    from measure_total_month
    join measure_total_month_shown as shown using (month, service, measure)
    semi join hiding using (month, service, measure)
    where measure_total_month.quantity <> shown.quantity
)
select dataset, month, cell, state
from now
anti join remembered using (dataset, month, cell, state)
order by all
