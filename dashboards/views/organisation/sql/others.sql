-- What others pay for one organisation's own use in the month. Amounts in øre without VAT. One row per payer and service.
select
    line.payer_number,
    coalesce(payer.name, line.payer_number) as payer,
    line.service,
    coalesce(product.name_nb, line.service) as name,
    cast(sum(line.amount_ore) as bigint) as amount_ore,
    bool_or(line.synthetic) as synthetic
from ledger.invoice_basis as line
left join reference.organisation as payer on payer.organisation_number = line.payer_number
left join reference.product as product on product.service = line.service
where line.organisation_number = $organisation and line.payer_number <> $organisation
    and line.month = $month and line.status = 'READY'
group by line.payer_number, payer.name, line.service, product.name_nb
order by payer, name, line.payer_number, line.service;
