-- every invoice line, of the organisation that the reconciliation names it under
select
    * exclude (organisation_number),
    -- who used pays, where the line does not say otherwise
    coalesce(payer_number, organisation_number) as paid_by,
    case
        when price_element not in (select price_element from element where service in ({{sensitive}}) and measure in ({{persons}}))
        then organisation_number
    end as organisation_number
from invoice_line
