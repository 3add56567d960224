-- one row per service: what has been carried by the end of the window
select service, arg_max(balance_carried_ore, month) as balance_ore, bool_or(synthetic) as synthetic
from product_month
where month <= $last
group by service
