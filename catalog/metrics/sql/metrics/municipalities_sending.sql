-- title.nb: Kommuner som sendte
-- title.en: Municipalities that sent
-- definition.nb: Kommuner i dagens inndeling som sendte minst én gang med tjenesten i måneden.
-- definition.en: Municipalities of now that sent at least once with the service in the month.
-- unit: kommuner
-- dataset: usage.municipality_month

select
    month,
    service,
    count(distinct municipality_code) as municipalities,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
