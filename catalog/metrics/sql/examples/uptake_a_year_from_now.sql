select
    service,
    month,
    low,
    expected,
    high,
    ceiling,
    method,
    backtest_error,
    last_value_error,
    mean_error,
    active_basis,
    synthetic
from uptake.forecast
qualify month = max(month) over (partition by service)
order by service;
