-- what one release says of a municipality; and of those that are none, what its months have over
with said as (
    select month, municipality_code as code, service, dispatches, synthetic
    from month_{{side}}
    where borders = 'now'
    union all
    select month, null, service, dispatches, synthetic
    from dispatches_{{side}}
    anti join of_{{side}} as place
      on place.organisation_number = dispatches_{{side}}.organisation_number
     and place.valid_from <= dispatches_{{side}}.month
     and (place.valid_to is null or dispatches_{{side}}.month < place.valid_to)
)
select
    month, code, service, $dispatches as measure,
    sum(dispatches)::decimal(38, 4) as quantity,
    bool_or(synthetic) as synthetic
from said
where service not in ({{sensitive}})
group by all
