select
    account,
    cost_center,
    reason,
    count(*) as entries,
    sum(amount_ore)::bigint * 0.01 as kr,
    bool_or(synthetic) as synthetic
from ledger.unmapped_cost
group by all
order by kr desc, account, cost_center, reason;
