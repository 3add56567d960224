-- CORRECTION: by cell, the lines that correct others, less what was corrected of it by lines of other months; in units,
-- and in øre, as a price may be corrected alone
with correcting as (
    select
        producer, corrects_invoice_id, organisation_number, service, price_element, period,
        sum(quantity) as quantity,
        sum(amount_ore) as amount_ore,
        bool_or(synthetic) as synthetic
    from billed
    where corrects_invoice_id is not null
      -- a line that corrects what nobody sent, or its own invoice, explains nothing: CORRECTS_NOTHING
      and corrects_invoice_id <> invoice_id
      and (producer, corrects_invoice_id) in (select (producer, invoice_id) from billed)
    group by all
    having sum(quantity) <> 0 or sum(amount_ore) <> 0
),
corrected as (
    select correcting.*, max(original.period) as original_period
    from correcting
    join billed as original
      on original.producer = correcting.producer and original.invoice_id = correcting.corrects_invoice_id
     and original.organisation_number is not distinct from correcting.organisation_number
     and original.service = correcting.service and original.price_element = correcting.price_element
    group by all
    -- an invoice of several months is corrected in the month that the correction is of, if it has that
    having not bool_or(original.period = correcting.period)
),
told as (
    select organisation_number, service, price_element, period as month, quantity, amount_ore, synthetic from correcting
    union all
    select organisation_number, service, price_element, original_period, -quantity, -amount_ore, synthetic from corrected
)
select
    differing.cell,
    sum(told.quantity)::decimal(18,4) as quantity,
    sum(told.amount_ore)::bigint as amount_ore,
    bool_or(told.synthetic) as synthetic
from told
join differing
  on differing.organisation_number is not distinct from told.organisation_number
 and differing.service = told.service and differing.price_element = told.price_element and differing.month = told.month
group by all
