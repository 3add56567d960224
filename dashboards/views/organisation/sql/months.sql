-- What one organisation is to pay by month, of what is ready to be invoiced. Amounts in øre without VAT. One row per month.
select
    month,
    cast(sum(amount_ore) as bigint) as amount_ore,
    count(distinct service) as services,
    bool_or(synthetic) as synthetic
from ledger.invoice_basis
where payer_number = $organisation and status = 'READY' and month <= $through
group by month
order by month;
