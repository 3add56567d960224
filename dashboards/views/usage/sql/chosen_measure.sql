-- What the municipalities that are compared with used of a service by a measure that is no dispatch, per 1 000 inhabitants,
-- by month, on the borders of now. `$codes` has commas between. One row per municipality and month that somebody told of.
select
    used.municipality_code,
    place.name,
    used.month,
    used.per_1000_inhabitants,
    used.perturbed,
    used.synthetic
from usage.municipality_measure_month_now as used
inner join reference.municipality as place on place.code = used.municipality_code and place.valid_to is null
where used.service = $service and used.measure = $measure and used.month between $first and $last
    and used.municipality_code in (select unnest(string_split($codes, ',')))
order by used.municipality_code, used.month;
