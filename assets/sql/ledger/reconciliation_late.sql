-- LATE_STATE: by cell, what of its use was first known after it was invoiced
with invoiced as (
    select organisation_number, service, price_element, period as month, min(invoiced_on) as invoiced_on
    from billed
    where corrects_invoice_id is null
    group by all
),
-- where the element has no line, the service's others of the month say when it would have been invoiced
of_service as (
    select organisation_number, service, month, min(invoiced_on) as invoiced_on
    from invoiced
    group by all
)
select
    differing.cell,
    sum(late_use.quantity)::decimal(18,4) as quantity,
    bool_or(late_use.synthetic) as synthetic
from differing
join late_use using (organisation_number, service, price_element, month)
join of_service using (organisation_number, service, month)
left join invoiced using (organisation_number, service, price_element, month)
where late_use.known_on > coalesce(invoiced.invoiced_on, of_service.invoiced_on)
  -- where nobody's use was in when it was invoiced, the month was loaded afterwards: when it came tells nothing
  and coalesce(late_use.reported_from <= coalesce(invoiced.invoiced_on, of_service.invoiced_on), true)
group by all
