-- Cost of the period that is not placed as it should be: one service's, or all. An entry with two reasons counts once.
-- Asked where the release lists it. One row.
select
    count(*) as entries,
    cast(coalesce(sum(amount_ore), 0) as bigint) as amount_ore,
    coalesce(bool_or(synthetic), false) as synthetic
from (
    select distinct producer, entry_id, amount_ore, synthetic
    from ledger.unmapped_cost
    where period between $first and $through and ($service is null or service = $service)
);
