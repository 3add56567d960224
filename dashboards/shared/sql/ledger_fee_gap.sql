-- Joining fees of the period that are not what repays the loan, either way: one service's, or all.
-- Asked where the release lists them. One row.
select
    count(*) as entries,
    cast(coalesce(sum(abs(difference_ore)), 0) as bigint) as amount_ore,
    coalesce(bool_or(synthetic), false) as synthetic
from ledger.joining_fee_gap
where period between $first and $through and ($service is null or service = $service);
