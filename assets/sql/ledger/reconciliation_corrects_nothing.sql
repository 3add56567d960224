-- CORRECTS_NOTHING: by cell, the lines that say that they correct an invoice which nobody sent, or their own
select
    cell,
    sum(quantity)::decimal(18,4) as quantity,
    sum(amount_ore)::bigint as amount_ore,
    bool_or(synthetic) as synthetic
from line
where corrects_invoice_id is not null
  and (corrects_invoice_id = invoice_id or (producer, corrects_invoice_id) not in (select (producer, invoice_id) from billed))
group by all
