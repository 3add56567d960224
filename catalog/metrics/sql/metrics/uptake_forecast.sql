select service, month, low, expected, high, backtest_error, last_value_error, mean_error, past_forecasts, past_inside, synthetic
from uptake.forecast;
