-- the rows of the invoice basis of the cells that differ
select differing.cell, invoice_basis.payer_number, invoice_basis.quantity, invoice_basis.unit_price,
    invoice_basis.price_from is not null as of_days
from invoice_basis
join differing using (organisation_number, service, price_element, month)
