-- question.nb: Hvor mange kroner er uforklart mellom fakturert og målt, for hvert produkt det siste året?
-- question.en: How many kroner are unexplained between billed and measured, for each product in the last year?

select
    service,
    sum(billed_ore)::bigint * 0.01 as billed_kr,
    sum(at_stake_ore)::bigint * 0.01 as at_stake_kr,
    sum(over_ore)::bigint * 0.01 as over_kr,
    sum(under_ore)::bigint * 0.01 as under_kr,
    sum(not_reconcilable_ore)::bigint * 0.01 as not_reconcilable_kr,
    bool_or(synthetic) as synthetic
from ledger.reconciliation_product
where month > (select through_month - interval 12 months from meta.release)
group by all
order by at_stake_kr desc, service;
