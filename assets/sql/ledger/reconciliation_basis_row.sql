-- the rows of the invoice basis of the cells that differ
select differing.cell, invoice_basis.payer_number, invoice_basis.quantity, invoice_basis.unit_price
from invoice_basis
join differing using (organisation_number, service, price_element, month)
union all
-- of the country's row of a sensitive service the total, which is all that may be told; it has one price
select differing.cell, null, differing.measured_quantity, max(invoice_basis.unit_price)
from differing
join invoice_basis using (service, price_element, month)
where differing.organisation_number is null
group by all
