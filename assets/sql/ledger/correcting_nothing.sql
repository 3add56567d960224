-- lines of some months that say that they correct an invoice which nobody sent, or their own: one row
select count(*) as rows, coalesce(sum(abs(amount_ore)), 0)::bigint as ore
from invoice_line
where corrects_invoice_id is not null
  and period between $first and $last
  and (
      corrects_invoice_id = invoice_id
      or (producer, corrects_invoice_id) not in (select (producer, invoice_id) from invoice_line)
  )
