-- title.nb: Fakturagrunnlag
-- title.en: Invoice basis
-- definition.nb: Mengde ganget med prisen som gjaldt, for hver kunde, uten merverdiavgift. Det uten pris står for seg.
-- definition.en: Quantity times the price in force, for each customer, without VAT. What has no price stands apart.
-- unit: øre
-- dataset: ledger.invoice_basis

select month, payer_number, service, status, sum(amount_ore)::bigint as amount_ore, bool_or(synthetic) as synthetic
from ledger.invoice_basis
group by all;
