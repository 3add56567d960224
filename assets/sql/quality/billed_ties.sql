-- every invoice line is reconciled once, in units and øre, by organisation; and what is told of the country is their sum
with sent as (
    select organisation_number, service, price_element, period as month, sum(quantity) as quantity, sum(amount_ore) as amount_ore
    from invoice_line
    group by all
),
reconciled as (
    -- by its key, which a check of its own holds
    select organisation_number, service, price_element, month, billed_quantity as quantity, billed_ore as amount_ore
    from reconciliation_cell
),
inside as (
    select service, price_element, span, sum(billed_quantity) as quantity, sum(billed_ore) as amount_ore
    from reconciliation_cell
    where span is not null
    group by all
),
told as (
    select service, price_element, span, sum(billed_quantity) as quantity, sum(billed_ore) as amount_ore
    from reconciliation
    group by all
)
select
    service, price_element, month,
    sent.quantity as sent_quantity, reconciled.quantity as reconciled_quantity,
    sent.amount_ore as sent_ore, reconciled.amount_ore as reconciled_ore
from sent
full join reconciled using (organisation_number, service, price_element, month)
where coalesce(sent.quantity, 0) <> coalesce(reconciled.quantity, 0)
   or coalesce(sent.amount_ore, 0) <> coalesce(reconciled.amount_ore, 0)
union all
select service, price_element, null, inside.quantity, told.quantity, inside.amount_ore, told.amount_ore
from inside
full join told using (service, price_element, span)
where coalesce(inside.quantity, 0) <> coalesce(told.quantity, 0)
   or coalesce(inside.amount_ore, 0) <> coalesce(told.amount_ore, 0)
