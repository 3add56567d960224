-- the invoice lines of person-priced elements, with who pays
select
    producer, invoice_id, line_number, service, price_element,
    coalesce(payer_number, organisation_number) as payer_number,
    period, unit_price, amount_ore, first_received_at, synthetic
from invoice_line
where price_element in ({{person_priced}})
