-- the cells of which billed and measured differ, each with a number that its lines and reasons are found by
select
    row_number() over (order by service, price_element, organisation_number, month) as cell,
    *,
    billed_quantity - measured_quantity as difference,
    billed_ore - expected_ore as difference_ore
from reconciliation_cell
where measured_quantity is not null
  and (billed_quantity <> measured_quantity or billed_ore <> expected_ore)
