-- the landed rows of a month's dispatches that count where persons are told of, as they were sent
select row_of_month.* exclude (withdrawn_at)
from row_of_month
join protected_id using (producer, dispatch_id)
where received_at < cut_off and (withdrawn_at is null or withdrawn_at >= cut_off)
