-- question.nb: Hvilken kostnad er ikke plassert, per konto og kostnadssted, og hvorfor?
-- question.en: Which cost is not placed, by account and cost centre, and why?

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
