-- The months of which the release has use of municipalities, newest first; only months that are over. One row per month.
select month
from (
    select month from usage.municipality_month
    union
    select month from usage.measure_total_month
)
where month <= $through
group by month
order by month desc;
