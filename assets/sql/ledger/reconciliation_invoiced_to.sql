-- how far each organisation's invoices go
select organisation_number, max(period) as last_period
from invoice_line
group by all
