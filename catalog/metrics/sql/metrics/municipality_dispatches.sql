-- title.nb: Kommunens forsendelser
-- title.en: The municipality's dispatches
-- definition.nb: Forsendelser fra kommunen i måneden, alle kanaler, uansett utfall. Tallet for landet er summen av
--   kommunene; andre virksomheter er ikke med.
-- definition.en: Dispatches from the municipality in the month, all channels, whatever their outcome. The country's
--   number is the sum of the municipalities; other organisations are left out.
-- unit: forsendelser
-- dataset: usage.municipality_month

select
    month,
    municipality_code,
    service,
    sum(dispatches) as dispatches,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
