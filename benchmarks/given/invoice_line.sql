-- made up: forty lines a month to each organisation, a year's prices in January, and a joining fee in some month
select
    'faktura' as producer, 'F' || strftime(month, '%Y%m') || '-' || n as invoice_id, line as line_number,
    number as organisation_number, number as payer_number, null as account_id, service, price_element,
    month as period, quantity, 'stk' as unit, price as unit_price, (quantity * price * 100)::bigint as amount_ore,
    (quantity * price * 25)::bigint as vat_ore, (month + interval 40 days)::date as invoiced_on,
    null as corrects_invoice_id, null as line_text, timestamptz '2021-12-05 06:00:00+00' + (month - date '2021-11-01') * interval 1 day
        as first_received_at, true as synthetic
from (
    select *, (1 + hash(number, line, month) % 400)::decimal(18,4) as quantity, (1 + line % 7)::decimal(18,6) / 4 * 1.0 as price
    from organisation, month, priced_line
    where invoiced = 'MONTH' or (invoiced = 'YEAR' and month(month) = 1) or (invoiced = 'ONCE' and at_month = n % $months)
)
