-- Dispatches of a service per 1 000 inhabitants, of the municipalities that are compared with, by month, on the borders
-- of now. `$codes` has commas between. One row per municipality and month that somebody told of.
select
    used.municipality_code,
    place.name,
    used.month,
    -- as `dispatches_per_1000` of meta.metric
    cast(round(
        coalesce(sum(used.dispatches) filter (where $channel in ('', used.channel)), 0) * 1000
        / any_value(used.inhabitants), 4
    ) as decimal(18, 4)) as per_1000_inhabitants,
    bool_or(used.synthetic) as synthetic
from usage.municipality_month_now as used
inner join reference.municipality as place on place.code = used.municipality_code and place.valid_to is null
where used.service = $service and used.month between $first and $last
    and used.municipality_code in (select unnest(string_split($codes, ',')))
group by used.municipality_code, place.name, used.month
order by used.municipality_code, used.month;
