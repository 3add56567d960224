select service, month, low, expected, high, method, backtest_error, last_value_error, mean_error, synthetic
from usage.forecast
where measure = 'forsendelser'
order by service, month;
