-- other use in the two releases, side by side; flows of sensitive services are left out
with said as (
    select month, organisation_number, service, measure, quantity as before, 0 as after, synthetic
    from measure_month_before
    union all
    select month, organisation_number, service, measure, 0, quantity, synthetic
    from measure_month_after
)
select
    month, organisation_number, service, measure,
    sum(before)::decimal(38, 4) as before,
    sum(after)::decimal(38, 4) as after,
    bool_or(synthetic) as synthetic
from said
where month in (select month from changed)
  and (service not in ({{sensitive}}) or measure in (select measure from measure where kind = 'STOCK'))
group by all
