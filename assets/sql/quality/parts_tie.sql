-- the parts of each difference sum to it, in units and øre; what does not differ, or is not measured, has none
-- reasons of a whole country may cancel out, and leave no difference
with reason as (
    select
        organisation_number, service, price_element, month,
        sum(quantity) as quantity, sum(amount_ore) as amount_ore
    from reconciliation_part
    group by all
),
whole as (
    select
        *,
        measured_quantity is null or (organisation_number is not null and difference = 0 and difference_ore = 0) as has_none
    from reconciliation
)
select
    coalesce(whole.organisation_number, reason.organisation_number) as organisation_number,
    coalesce(whole.service, reason.service) as service,
    coalesce(whole.price_element, reason.price_element) as price_element,
    coalesce(whole.month, reason.month) as month,
    whole.difference, reason.quantity, whole.difference_ore, reason.amount_ore
from whole
full join reason
  on reason.organisation_number is not distinct from whole.organisation_number
 and reason.service = whole.service and reason.price_element = whole.price_element and reason.month = whole.month
where coalesce(reason.quantity, 0) <> coalesce(whole.difference, 0)
   or coalesce(reason.amount_ore, 0) <> coalesce(whole.difference_ore, 0)
   or (coalesce(has_none, true) and reason.quantity is not null)
