-- How many dispatches there were in the whole country, in the months up to the one that is shown. One row per month; a
-- month without any has none.
select
    month,
    cast(sum(dispatches) as bigint) as dispatches,
    bool_or(synthetic) as synthetic
from usage.dispatch_month
where month between $first and $through
group by month
order by month;
