select service, month, low, expected, high, backtest_error, last_value_error, mean_error, synthetic
from uptake.forecast;
