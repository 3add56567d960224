-- other use in the two releases, side by side; what tells of persons at a sensitive service is left out, hidden or not
with said as (
    select month, organisation_number, service, measure, quantity as before, 0 as after, quantity_hidden is not null as hidden, synthetic
    from measure_month_before
    union all
    select month, organisation_number, service, measure, 0, quantity, quantity_hidden is not null, synthetic
    from measure_month_after
)
select
    month, organisation_number, service, measure,
    sum(before)::decimal(38, 4) as before,
    sum(after)::decimal(38, 4) as after,
    bool_or(synthetic) as synthetic
from said
where month in (select month from changed)
  and not (
    service in ({{sensitive}})
    and (measure = $dispatches or measure in (select measure from measure where counts_persons))
  )
group by all
-- and whatever was hidden in one of them: its number is not known there
having not bool_or(hidden)
