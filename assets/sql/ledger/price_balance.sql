-- one row per service and month until the end of the window: its income, its result, and what has been carried by then
select service, month, income_ore, result_ore, balance_carried_ore, synthetic
from product_month
where month <= $last
