-- Use that is no dispatch, by month, municipality, service and measure, on the borders of then or of now; a municipality
-- that was split follows the declared weights. Hidden in part is hidden whole. `$only`: one municipality; empty, all. A part
-- of other questions.
select
    told.month,
    case when $borders = 'now' then way.to_code else place.municipality_code end as code,
    told.service,
    told.measure,
    case when count(told.quantity_hidden) = 0 then
        cast(sum(round(told.quantity * case when $borders = 'now' then way.weight else 1 end, 4)) as decimal(18, 4))
    end as quantity,
    min(told.quantity_hidden) as quantity_hidden,
    bool_or(place.estimated or ($borders = 'now' and way.estimated)) as estimated,
    bool_or(told.synthetic) as synthetic
from usage.measure_month as told
inner join reference.municipality_of as place
    on place.organisation_number = told.organisation_number
    and place.valid_from <= told.month and (place.valid_to is null or told.month < place.valid_to)
left join reference.municipality_to_now as way
    on $borders = 'now' and way.from_code = place.municipality_code
    and (way.valid_from is null or way.valid_from <= greatest(told.month, date '2017-01-01'))
    and (way.valid_to is null or way.valid_to > greatest(told.month, date '2017-01-01'))
where told.measure not in ('henvendelser', 'timer') and told.month between $first and $last
    and $only in ('', case when $borders = 'now' then way.to_code else place.municipality_code end)
group by all
