-- question.nb: Hva ligger bak en celle i produktregnskapet? Her svarut i siste måned; sett inn din egen i asked.
-- question.en: Which entries are behind a cell of the product ledger? Here svarut's last month; put your own in asked.

with asked as (
    select service, max(month) as month
    from ledger.product_month
    where service = 'svarut' and income_ore > 0
    group by service
)

select
    entry.source_stream,
    entry.producer,
    entry.source_key,
    entry.organisation_number,
    entry.account,
    entry.category,
    entry.amount_ore,
    entry.original_period,
    entry.synthetic
from ledger.entry as entry
join asked on asked.service = entry.service and asked.month = entry.period
where entry.account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE', 'COST', 'ALLOCATED_COST')
order by abs(entry.amount_ore) desc, entry.source_stream, entry.producer, entry.source_key, entry.account;
