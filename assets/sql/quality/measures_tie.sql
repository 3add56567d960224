-- other use of municipalities is what is shown of their organisations, on either borders; where a part of a municipality's
-- figure is hidden, the whole of it is, and so is each figure that it goes into
with told as (
    select
        used.month, place.municipality_code as code, used.service, used.measure,
        sum(used.quantity) as quantity, count(used.quantity_hidden) as hidden
    from measure_month as used
    join municipality_of as place
      on place.organisation_number = used.organisation_number
     and place.valid_from <= used.month and (place.valid_to is null or used.month < place.valid_to)
    where used.measure not in (select measure from measure where not is_use and kind = 'FLOW')
    group by all
),
whole as (
    select month, service, measure, sum(quantity) as quantity, sum(hidden) as hidden from told group by all
),
made as (
    select
        month, service, measure,
        sum(quantity) filter (where borders = 'then') as sum_then,
        sum(quantity) filter (where borders = 'now') as sum_now
    from municipality_measure_month
    group by all
),
given_away as (
    select told.month, 'then' as borders, told.code, told.service, told.measure
    from told
    where told.hidden > 0
    union
    select told.month, 'now', way.to_code, told.service, told.measure
    from told
    join municipality_to_now as way
      on way.from_code = told.code
     and (way.valid_from is null or way.valid_from <= greatest(told.month, date '2017-01-01'))
     and (way.valid_to is null or greatest(told.month, date '2017-01-01') < way.valid_to)
    where told.hidden > 0
)
select month, service, measure, null as municipality_code, whole.quantity, sum_then, sum_now
from whole
full join made using (month, service, measure)
-- of series with hidden cells, what is hidden whole is more than what is hidden in part
where whole.hidden is null
   or sum_then > whole.quantity or sum_now > whole.quantity
   or (whole.hidden = 0 and (sum_then is distinct from whole.quantity or sum_now is distinct from whole.quantity))
union all
select shown.month, shown.service, shown.measure, shown.municipality_code, shown.quantity, null, null
from municipality_measure_month as shown
join given_away
  on given_away.month = shown.month and given_away.borders = shown.borders and given_away.code = shown.municipality_code
 and given_away.service = shown.service and given_away.measure = shown.measure
where coalesce(shown.quantity, shown.per_1000_inhabitants) is not null
