-- what the lines that correct others correct, by the cell that they stand in and the month that they correct: units and øre
with correcting as (
    select
        producer, corrects_invoice_id, organisation_number, service, price_element, period as month,
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
aimed as (
    select
        correcting.*,
        max(original.period) as original_month,
        -- one that corrects no line of its own kind corrects the month it stands in
        coalesce(bool_or(original.period = correcting.month), true) as within
    from correcting
    left join billed as original
      on original.producer = correcting.producer and original.invoice_id = correcting.corrects_invoice_id
     and original.organisation_number = correcting.organisation_number
     and original.service = correcting.service and original.price_element = correcting.price_element
    group by all
)
select
    organisation_number, service, price_element, month,
    -- an invoice of several months is corrected in the month that the correction is of, if it has that
    if(within, month, original_month) as corrected_month,
    sum(quantity)::decimal(18,4) as quantity,
    sum(amount_ore)::bigint as amount_ore,
    bool_or(synthetic) as synthetic
from aimed
group by all
