-- one row per invoice line with its account, but for lines of person-priced elements, which are told in sums (payer_sum).
-- The joining fee of a service that has a loan is a receivable from the invoice on,
-- never INCOME: the repayment is booked after it, and may never be. So is one that a repayment names, whatever its service
-- other lines of the same invoice are income like any other; a line that corrects such a fee goes with it
with repaying as (
    select distinct invoice_id from loan_entry where kind = 'REPAYMENT' and invoice_id is not null
),
-- a loan is a project's, and names no service before launch: the register may
lent as (
    select service from loan_entry where service is not null
    union
    select project.service from loan_entry join project using (project) where project.service is not null
),
joining_fee as (
    select price_element from element where kind = 'JOINING_FEE'
)
select
    * exclude (account_id),
    case
        -- both are few: held against a list, where a join would be of every line
        when list_contains((select list(price_element) from joining_fee), price_element)
         and (list_contains((select list(service) from lent), service)
              or invoice_id in (select invoice_id from repaying)
              or coalesce(corrects_invoice_id in (select invoice_id from repaying), false))
        then 'JOINING_FEE_RECEIVABLE' else 'INCOME'
    end as account
from invoice_line
where price_element not in ({{person_priced}})
