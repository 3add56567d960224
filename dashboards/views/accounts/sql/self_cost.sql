-- A service's self-cost account, the last three years up to one. Amounts in øre without VAT. One row per year.
select * exclude (service)
from ledger.self_cost_year
where service = $service and year <= $year
qualify row_number() over (order by year desc) <= 3
order by year;
