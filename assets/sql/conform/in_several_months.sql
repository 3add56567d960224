-- dispatches that lie in several months, of those in months made now and those that were known to: one row per dispatch
-- the months that do not count one have its rows in quarantine
with aside as (
    select distinct producer, cast(record ->> 'dispatch_id' as uuid) as dispatch_id, month
    from quarantine_dispatch
    where list_contains(rules, 'counted_in_an_earlier_month')
),
asked as (
    select dispatch_id from dispatch_made
    union
    select dispatch_id from aside
),
-- by the id alone: it is asked of every month there is, and the producer is looked at where one is found
there as (
    select producer, dispatch_id, month from dispatch semi join asked using (dispatch_id)
    union
    select producer, dispatch_id, month from aside
)
select producer, dispatch_id, list_sort(list(month)) as months
from there
group by producer, dispatch_id
having count(*) > 1
order by producer, dispatch_id
