-- question.nb: Hvor mange kommuner venter vi har hver tjeneste i bruk om ett år?
-- question.en: How many municipalities do we expect to have each service active a year from now?

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
