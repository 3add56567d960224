-- invoices of some months with the same lines as an earlier number of their sender, unless either is corrected: one row
with invoice as (
    select
        producer, invoice_id,
        max(period) as last_period,
        sum(abs(amount_ore)) as ore,
        list(
            row(organisation_number, payer_number, service, price_element, account_id, period, quantity, unit_price, amount_ore)
            order by line_number
        ) as lines
    from invoice_line
    where (producer, invoice_id) not in (
            select (producer, corrects_invoice_id) from invoice_line where corrects_invoice_id is not null
        )
    group by all
    having bool_and(corrects_invoice_id is null)
),
again as (
    select *, row_number() over (partition by producer, lines order by invoice_id) as nth
    from invoice
)
select
    coalesce(sum(ore), 0)::bigint as ore,
    coalesce(list(invoice_id order by invoice_id), []) as numbers
from again
where nth > 1 and last_period between $first and $last
