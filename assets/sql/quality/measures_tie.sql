-- other use of municipalities is what is published of their organisations, on either borders
with whole as (
    select used.month, used.service, used.measure, sum(used.quantity) as quantity
    from measure_month as used
    join municipality_of as place
      on place.organisation_number = used.organisation_number
     and place.valid_from <= used.month and (place.valid_to is null or used.month < place.valid_to)
    where used.measure not in (select measure from measure where not is_use and kind = 'FLOW')
    group by all
),
made as (
    select
        month, service, measure,
        sum(quantity) filter (where borders = 'then') as sum_then,
        sum(quantity) filter (where borders = 'now') as sum_now
    from municipality_measure_month
    group by all
)
select month, service, measure, whole.quantity, sum_then, sum_now
from whole
full join made using (month, service, measure)
where sum_then is distinct from whole.quantity or sum_now is distinct from whole.quantity
