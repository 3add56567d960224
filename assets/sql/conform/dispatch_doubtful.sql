-- the rows of dispatches that need a second look, whole: few, and so all columns of the others are read once less each time
select landed.*
from landed
semi join (
    select producer, dispatch_id from dispatch_found where told_twice or unstable or bad > 0
    union all
    select producer, dispatch_id from counted
) as doubtful using (producer, dispatch_id)
where created_at >= $month_from and created_at < $month_to
  and ($as_of is null or created_at <= $as_of)
