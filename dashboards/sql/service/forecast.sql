-- How much the service is expected to be used by one measure, in the whole country. One row per month to come.
select month, low, expected, high, method, backtest_error, last_known_month, synthetic
from usage.forecast
where service = $service and measure = $measure
order by month;
