-- How much the service is expected to be used by one measure, in the whole country. One row per month to come.
-- The errors of the simplest forecasts, and how earlier ones came out, stand beside where the release has them.
select columns(
    lambda name: name in (
        'month', 'low', 'expected', 'high', 'method', 'backtest_error', 'last_value_error', 'mean_error',
        'past_forecasts', 'past_inside', 'last_known_month', 'synthetic'
    )
)
from usage.forecast
where service = $service and measure = $measure
order by month;
