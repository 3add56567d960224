select month, payer_number, service, status, sum(amount_ore)::bigint as amount_ore, bool_or(synthetic) as synthetic
from ledger.invoice_basis
group by all;
