-- the landed rows of a month's measurements that count at sensitive services, as they were sent; see protected_landed
with touching as materialized (
    select row_of_month.*, sent_as.service as scope
    from row_of_month
    join sent_as on sent_as.written = row_of_month.service
    where day >= $month and day < $next_month
),
until as (
    select scope, if(min(received_at) >= $published_at, min(received_at) + interval 1 day, $published_at) as cut_off
    from touching
    group by scope
    having $known_at is null or cut_off <= $known_at
)
select touching.* exclude (scope, withdrawn_at)
from touching
join until using (scope)
where received_at < cut_off and (withdrawn_at is null or withdrawn_at >= cut_off)
