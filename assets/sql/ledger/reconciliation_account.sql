-- UNKNOWN_ACCOUNT: by cell, what was billed on accounts that nothing measured of the organisation and service is of
with by_account as (
    select distinct price_element from invoice_basis where account_id is not null
),
billed_on as (
    select cell, organisation_number, service, price_element, account_id, sum(quantity) as quantity
    from line
    where account_id is not null
      and price_element in (select price_element from by_account)
    group by all
)
select cell, sum(quantity)::decimal(18,4) as quantity
from billed_on
anti join invoice_basis using (organisation_number, service, account_id)
-- what is measured without its account may be of this one: the accounts of sensitive source systems are not told
anti join (select organisation_number, service, price_element from invoice_basis where account_id is null) as untold
    using (organisation_number, service, price_element)
group by all
