-- title.nb: Kommuner med målt bruk
-- title.en: Municipalities with measured use
-- definition.nb: Kommuner i dagens inndeling som målet er meldt for i måneden. De andre mangler tall, som ikke er det
--   samme som null.
-- definition.en: Municipalities of now that the measure was reported for in the month. The others have no figure, which
--   is not zero.
-- unit: kommuner
-- dataset: usage.municipality_measure_month

select
    month,
    service,
    measure,
    count(*) as municipalities,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_measure_month_now
group by all;
