-- title.nb: Ventet utbredelse
-- title.en: Expected uptake
-- definition.nb: Hvor mange kommuner som ventes å ha tjenesten i bruk i inntil tolv måneder, med et spenn som ventes å
--   holde i åtte av ti måneder. Ved siden av står hvor mange av de tidligere framskrivingene som holdt, og hvor mye
--   framskrivingen, siste måned og snittet bommet i måneder som ble holdt utenfor.
-- definition.en: How many municipalities are expected to have the service active in up to twelve months, with a band
--   expected to hold in eight of ten. Beside it stand how many earlier forecasts held, and by how much the forecast,
--   the last value and the mean missed in months that were held out.
-- unit: kommuner
-- dataset: uptake.forecast

select service, month, low, expected, high, backtest_error, last_value_error, mean_error, past_forecasts, past_inside, synthetic
from uptake.forecast;
