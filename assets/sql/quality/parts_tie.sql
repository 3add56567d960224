-- the parts of each difference sum to it, in units and øre; what does not differ, or is not measured, has none
with reason as (
    select
        organisation_number, service, price_element, month,
        sum(quantity) as quantity, sum(amount_ore) as amount_ore
    from reconciliation_part
    group by all
)
select
    coalesce(whole.organisation_number, reason.organisation_number) as organisation_number,
    coalesce(whole.service, reason.service) as service,
    coalesce(whole.price_element, reason.price_element) as price_element,
    coalesce(whole.month, reason.month) as month,
    whole.difference, reason.quantity, whole.difference_ore, reason.amount_ore
from (select * from reconciliation where difference <> 0 or difference_ore <> 0) as whole
full join reason
  on reason.organisation_number is not distinct from whole.organisation_number
 and reason.service = whole.service and reason.price_element = whole.price_element and reason.month = whole.month
where reason.quantity is distinct from whole.difference or reason.amount_ore is distinct from whole.difference_ore
