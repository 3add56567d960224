-- title.nb: Framskrevet bruk
-- title.en: Forecast of use
-- definition.nb: Ventet bruk de kommende månedene, med et lavt og et høyt tall. Feilen er målt i måneder som ikke var
--   med på å velge metode, like langt fram, og står ved siden av hva siste måned og snittet bommet med der. Mellom lavt
--   og høyt skal åtte av ti måneder ligge; det står hvor mange tidligere framskrivinger som gjorde det.
-- definition.en: Expected use of the coming months, with a low and a high figure. The error is that of months that took
--   no part in choosing the method, as far ahead, and stands beside what the last value and the mean missed there.
--   Eight of ten months should lie between; it is said how many earlier forecasts did.
-- unit: målets enhet
-- dataset: usage.forecast

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
