-- How many municipalities of the country are expected to have the service in months to come. One row per month.
select month, low, expected, high, active_basis, backtest_error, last_known_month, synthetic
from uptake.forecast
where service = $service
order by month;
