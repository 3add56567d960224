-- question.nb: Hvorfor avviker fakturert fra målt, etter årsak og tjeneste?
-- question.en: Why does billed differ from measured, by reason and service?

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
