-- names that the register lacks, in whole months; hidden cells are null, and so in neither sum
with recent as (
    select *
    from connection_month
    where month < $through and month >= $through - to_months($months)
)
select
    source_system,
    coalesce(sum(dispatches), 0) as dispatches,
    coalesce(round(sum(dispatches)::decimal(38,0) / nullif((select sum(dispatches) from recent), 0), 6), 0) as share,
    count(distinct organisation_number) as organisations,
    max(month) as last_month,
    bool_or(synthetic) as synthetic
from recent
where mapping = 'UNMAPPED'
group by source_system
