-- one row per invoice line with its account. A joining fee that repays a loan is LOAN, never INCOME
-- other lines of the same invoice are income like any other; a line that corrects such a fee goes with it
with repaying as (
    select distinct invoice_id from loan_entry where kind = 'REPAYMENT' and invoice_id is not null
),
joining_fee as (
    select price_element from element where kind = 'JOINING_FEE'
)
select
    * exclude (account_id),
    case
        when price_element in (select price_element from joining_fee)
         and (invoice_id in (select invoice_id from repaying)
              or coalesce(corrects_invoice_id in (select invoice_id from repaying), false))
        then 'LOAN' else 'INCOME'
    end as account
from invoice_line
