-- What the cost base of a service's prices consists of. Amounts in øre without VAT. One row per kind of cost, source,
-- account, and what it varies with.
select service, category, source, account, varies_with, amount_ore, months, first_month, last_month, synthetic
from ledger.price_cost
where service = $service
order by category, source, account nulls first, varies_with nulls first;
