-- Who is in the invoice basis as a payer. One row per organisation, by name.
select
    line.payer_number as organisation_number,
    coalesce(organisation.name, line.payer_number) as name
from (select distinct payer_number from ledger.invoice_basis) as line
left join reference.organisation as organisation on organisation.organisation_number = line.payer_number
order by name collate no, organisation_number;
