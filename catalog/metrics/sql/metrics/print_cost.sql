-- title.nb: Kostnad for print
-- title.en: Cost of print
-- definition.nb: Produksjon og porto for brev på papir, uten merverdiavgift. Avsenderen betaler; det er ikke vår
--   inntekt.
-- definition.en: Production and postage of letters on paper, without VAT. The sender pays; it is no income of ours.
-- unit: øre
-- dataset: usage.municipality_month

select
    month,
    municipality_code,
    service,
    sum(production_cost_ore + postage_ore)::bigint as print_cost_ore,
    sum(sheets)::bigint as sheets,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
