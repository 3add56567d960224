-- title.nb: Annen bruk per 1 000 innbyggere
-- title.en: Other use per 1,000 inhabitants
-- definition.nb: Kommunens målte bruk i måneden, delt på innbyggerne 1. januar i året. Dagens inndeling. Regnet av
--   kommunens målte bruk, også tall som er endret tilfeldig.
-- definition.en: The municipality's measured use of the month, over its inhabitants on 1 January of the year. Division
--   of now. Calculated from the municipality’s measured use, figures changed at random included.
-- unit: målets enhet
-- dataset: usage.municipality_measure_month

select month, municipality_code, service, measure, per_1000_inhabitants, perturbed, estimated, synthetic
from usage.municipality_measure_month_now;
