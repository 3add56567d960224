-- What was invoiced in a period, and what of it makes the income of its months: one service's, or all. Amounts in øre
-- without VAT. Asked where the release has it. One row.
select
    cast(coalesce(sum(invoiced_ore), 0) as bigint) as invoiced_ore,
    cast(coalesce(sum(invoiced_ahead_ore), 0) as bigint) as ahead_ore,
    cast(coalesce(sum(invoiced_before_ore), 0) as bigint) as before_ore,
    cast(coalesce(sum(income_ore), 0) as bigint) as income_ore
from ledger.product_month
where month between $first and $through and ($service is null or service = $service);
