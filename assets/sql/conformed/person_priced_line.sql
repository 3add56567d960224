-- The invoice lines of person-priced elements, each with the sum that it is told in.
--
-- Grain: one row per line and version. A withdrawn line stays in its sum, and one that takes it back waits for others
-- as any correction does: a sum that changed would give its amount away. Nulls: the sum's columns while the line waits
-- (`catalog.domain.person_priced`).
--
-- the invoice lines of person-priced elements, with who pays
-- a withdrawn line that is in force all the same, as another batch holds it too, came when the first of them did; any other
-- has counted, and is taken back when it was withdrawn
with sent as (
    select
        producer, invoice_id, line_number, service, price_element,
        coalesce(payer_number, organisation_number) as payer_number,
        period, unit_price, amount_ore, first_received_at, synthetic
    from invoice_line
    where price_element in ({{person_priced}})
),
again as (
    select sent.producer, sent.invoice_id, sent.line_number, gone.first_received_at as first_at
    from sent
    join withdrawn_line as gone using (producer, invoice_id, line_number)
    where gone.price_element = sent.price_element and gone.payer_number = sent.payer_number
      and gone.period = sent.period and gone.amount_ore = sent.amount_ore
)
select
    sent.* replace (least(sent.first_received_at, again.first_at) as first_received_at), 'SENT' as version
from sent
left join again using (producer, invoice_id, line_number)
union all by name
select gone.* exclude (withdrawn_at), 'WITHDRAWN' as version
from withdrawn_line as gone
anti join again using (producer, invoice_id, line_number)
union all by name
select
    gone.* exclude (withdrawn_at) replace (-amount_ore as amount_ore, withdrawn_at as first_received_at),
    'TAKEN_BACK' as version
from withdrawn_line as gone
anti join again using (producer, invoice_id, line_number)
