-- every invoice line is in the reconciliation once, in units and øre
with sent as (
    select service, price_element, period as month, sum(quantity) as quantity, sum(amount_ore) as amount_ore
    from invoice_line
    group by all
),
reconciled as (
    select service, price_element, month, sum(billed_quantity) as quantity, sum(billed_ore) as amount_ore
    from reconciliation
    group by all
)
select
    service, price_element, month,
    sent.quantity as sent_quantity, reconciled.quantity as reconciled_quantity,
    sent.amount_ore as sent_ore, reconciled.amount_ore as reconciled_ore
from sent
full join reconciled using (service, price_element, month)
where coalesce(sent.quantity, 0) <> coalesce(reconciled.quantity, 0)
   or coalesce(sent.amount_ore, 0) <> coalesce(reconciled.amount_ore, 0)
