-- every invoice line, with who pays: who used, where the line does not say otherwise
select *, coalesce(payer_number, organisation_number) as paid_by
from invoice_line
