-- The names missing from the register, over the twelve whole months before the month of `as_of`.
--
-- Grain: one row per source_system. Dispatches are rounded up to whole fifties: most names are one sender's. Names
-- that indicate child welfare are absent, as in `connection_month`.
--
-- names that the register lacks, in whole months; numbers in whole fifties, rounded up, since most names are one sender's
with recent as (
    select *
    from connection_month
    where month < $through and month >= $through - to_months($months)
)
select
    source_system,
    ((sum(dispatches) + 49) // 50 * 50)::bigint as dispatches,
    round(least((sum(dispatches) + 49) // 50 * 50, (select sum(dispatches) from recent))::decimal(38,0) / (select sum(dispatches) from recent), 6) as share,
    count(distinct organisation_number) as organisations,
    max(month) as last_month,
    bool_or(synthetic) as synthetic
from recent
where mapping = 'UNMAPPED'
group by source_system
