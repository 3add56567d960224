-- how many keys are in force, and how many of their rows another one stands for: as it was, without the keys that were
-- made again, and with what became of them
with gone as (
    select count(*) as conformed, coalesce(sum(rows_before - 1), 0) as superseded
    from was
    join versions on {{same}}
),
again as (
    select count(*) as conformed, coalesce(sum(rows - 1), 0) as superseded
    from versions
    where versions = 1
)
select
    (select count(*) from was) - gone.conformed + again.conformed as conformed,
    accounting_was.superseded - gone.superseded + again.superseded as superseded
from accounting_was
cross join gone
cross join again
