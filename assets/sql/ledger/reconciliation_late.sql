-- LATE_STATE: by cell, what of its use was first known after it was invoiced
with came_late as materialized (
    select differing.cell, late_use.*
    from differing
    join late_use using (organisation_number, service, price_element, month)
),
-- little use is late: only the lines beside it are looked at
invoiced as (
    select organisation_number, service, price_element, period as month, min(invoiced_on) as invoiced_on
    from billed
    semi join came_late
      on came_late.organisation_number = billed.organisation_number and came_late.service = billed.service
     and came_late.month = billed.period
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
    came_late.cell,
    sum(came_late.quantity)::decimal(18,4) as quantity,
    bool_or(came_late.synthetic) as synthetic
from came_late
join of_service using (organisation_number, service, month)
left join invoiced using (organisation_number, service, price_element, month)
where came_late.known_on > coalesce(invoiced.invoiced_on, of_service.invoiced_on)
  -- where nobody's use was in when it was invoiced, the month was loaded afterwards: when it came tells nothing
  and coalesce(came_late.reported_from <= coalesce(invoiced.invoiced_on, of_service.invoiced_on), true)
group by all
