select
    service,
    measure,
    month,
    low,
    expected,
    high,
    method,
    backtest_error,
    last_value_error,
    mean_error,
    past_forecasts,
    past_inside,
    synthetic
from usage.forecast;
