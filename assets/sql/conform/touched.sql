-- the dispatches of the month that new rows speak of
select distinct producer, dispatch_id
from new
where created_at >= $month_from and created_at < $month_to
  and ($as_of is null or created_at <= $as_of)
