-- The invoice lines of person-priced elements that counted until their batch was withdrawn.
--
-- Grain: one row per line, by what the withdrawn batches say alone. Unit: øre without VAT.
select
    producer, invoice_id, line_number, taken_line.service, price_element,
    coalesce(payer_number, organisation_number) as payer_number,
    period, unit_price, amount_ore, first_received_at, gone.withdrawn_at, synthetic
from taken_line
join (
    select producer, invoice_id, line_number, max(withdrawn_at) as withdrawn_at
    from withdrawn_row
    group by all
) as gone using (producer, invoice_id, line_number)
where price_element in ({{person_priced}})
