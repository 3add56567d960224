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
    synthetic
from usage.forecast;
