-- CORRECTS_NOTHING: by cell, the lines that say that they correct an invoice which nobody sent, or their own
with correcting as (
    from line where corrects_invoice_id = invoice_id
    union all
    -- as a join, few lines are looked up among all: `not in` would gather all lines first
    select line.*
    from line
    anti join billed on billed.producer = line.producer and billed.invoice_id = line.corrects_invoice_id
    where line.corrects_invoice_id <> line.invoice_id
)
select
    cell,
    sum(quantity)::decimal(18,4) as quantity,
    sum(amount_ore)::bigint as amount_ore,
    bool_or(synthetic) as synthetic
from correcting
group by all
