-- question.nb: Hvor mange forsendelser venter vi de neste månedene, og hvor sikkert er det?
-- question.en: How many dispatches do we expect in the coming months, and how sure is it?

select service, month, low, expected, high, method, backtest_error, last_value_error, mean_error, synthetic
from usage.forecast
where measure = 'forsendelser'
order by service, month;
