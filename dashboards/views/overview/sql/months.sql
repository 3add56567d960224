-- The months that have dispatches and are over in the release, newest first. One row per month.
select distinct month
from usage.dispatch_month
where month <= $through
order by month desc;
