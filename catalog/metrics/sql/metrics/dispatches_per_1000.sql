-- title.nb: Forsendelser per 1 000 innbyggere
-- title.en: Dispatches per 1 000 inhabitants
-- definition.nb: Kommunens forsendelser i måneden, alle kanaler, delt på innbyggerne 1. januar i året. Dagens
--   inndeling.
-- definition.en: The municipality's dispatches of the month, all channels, over its inhabitants on 1 January of the
--   year. Division of now.
-- unit: forsendelser
-- dataset: usage.municipality_month

select
    month,
    municipality_code,
    service,
    round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18, 4) as per_1000_inhabitants,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
