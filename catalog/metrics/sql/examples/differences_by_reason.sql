select
    service,
    reason,
    count(*) as differences,
    sum(abs(amount_ore))::bigint * 0.01 as kr,
    sum(amount_ore)::bigint * 0.01 as net_kr,
    bool_or(synthetic) as synthetic
from ledger.reconciliation_part
group by all
order by kr desc, service, reason;
