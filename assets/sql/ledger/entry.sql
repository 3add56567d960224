-- every krone with its source. A joining fee that repays a loan is LOAN, never INCOME; development in a project is PROJECT
-- other lines of the same invoice are income like any other; a line that corrects such a fee goes with it
with repaying as (
    select distinct invoice_id from loan_entry where kind = 'REPAYMENT' and invoice_id is not null
),
-- what is billed by the person at a sensitive service would tell, beside its price, what is hidden of its use
by_the_person as (
    select price_element from element where service in ({{sensitive}}) and measure in ({{persons}})
),
joining_fee as (
    select price_element from element where kind = 'JOINING_FEE'
)
select
    'invoice_line' as source_stream,
    producer,
    invoice_id || '/' || line_number as source_key,
    case when price_element not in (select price_element from by_the_person) then organisation_number end as organisation_number,
    service,
    period,
    period as original_period,
    case
        when price_element in (select price_element from joining_fee)
         and (invoice_id in (select invoice_id from repaying)
              or coalesce(corrects_invoice_id in (select invoice_id from repaying), false))
        then 'LOAN' else 'INCOME'
    end as account,
    price_element as category,
    amount_ore,
    synthetic
from invoice_line
union all
select
    'cost_entry', producer, entry_id, null, service, period, period,
    case when cost_category = 'UTVIKLING' and project is not null then 'PROJECT' else 'COST' end,
    cost_category, amount_ore, synthetic
from cost_entry
union all
select
    'loan_entry', producer, entry_id, organisation_number, service,
    cast(date_trunc('month', booked_on) as date), cast(date_trunc('month', booked_on) as date), 'LOAN', kind, amount_ore, synthetic
from loan_entry
