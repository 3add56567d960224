-- Shared cost of the period that no service carries. One row.
select
    cast(coalesce(sum(amount_ore), 0) as bigint) as amount_ore,
    coalesce(bool_or(synthetic), false) as synthetic
from ledger.entry
where service is null and account in ('COST', 'ALLOCATED_COST') and period between $first and $through;
