-- municipalities of then, and of now, and organisations that are none, sum to all dispatches
with other as (
    select dispatch_day.month, sum(dispatches) as dispatches
    from dispatch_day
    left join municipality_of as place
      on place.organisation_number = dispatch_day.organisation_number
     and place.valid_from <= dispatch_day.month and (place.valid_to is null or dispatch_day.month < place.valid_to)
    where place.municipality_code is null
    group by all
),
total as (
    select month, sum(dispatches) as dispatches from dispatch_day group by all
),
by_borders as (
    select
        month,
        sum(dispatches) filter (where borders = 'then') as sum_then,
        sum(dispatches) filter (where borders = 'now') as sum_now
    from municipality_month
    group by all
)
select month, total.dispatches, sum_then, sum_now, other.dispatches as no_municipality
from total
left join by_borders using (month)
left join other using (month)
where coalesce(sum_then, 0) + coalesce(other.dispatches, 0) <> total.dispatches
   or coalesce(sum_now, 0) + coalesce(other.dispatches, 0) <> total.dispatches
