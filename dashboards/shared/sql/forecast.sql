-- How many municipalities of the country are expected to have the service in months to come. One row per month.
-- The errors of the simplest forecasts, and how earlier ones came out, stand beside where the release has them.
select columns(
    lambda name: name in (
        'month', 'low', 'expected', 'high', 'active_basis', 'backtest_error', 'last_value_error', 'mean_error',
        'past_forecasts', 'past_inside', 'last_known_month', 'synthetic'
    )
)
from uptake.forecast
where service = $service
order by month;
