-- the entries that a month of a product is summed of, the largest first
select *
from entry
where service = $service and period = $month and account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE', 'COST', 'ALLOCATED_COST')
order by abs(amount_ore) desc, source_stream, producer, source_key, account
