-- Cost of a period that is not placed, in all: one service's, or everything where none is asked for. An entry with two
-- reasons counts once. Amounts in øre without VAT. One row.
select count(*) as entries, cast(coalesce(sum(amount_ore), 0) as bigint) as amount_ore
from (
    select distinct producer, entry_id, amount_ore
    from ledger.unmapped_cost
    where period between $first and $last and ($service is null or service = $service)
);
