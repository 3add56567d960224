select
    period,
    reason,
    sum(amount_ore)::bigint as amount_ore,
    count(*) as entries,
    bool_or(synthetic) as synthetic
from ledger.unmapped_cost
group by all;
