-- title.nb: Finansiell dekningsgrad
-- title.en: Financial coverage
-- definition.nb: Inntekt i prosent av den bokførte kostnaden, med fordelt felleskostnad. Selvkostgraden er et annet
--   tall. For flere måneder: summen av inntekten over summen av kostnaden.
-- definition.en: Income in per cent of the booked cost, allocated shared cost included. The self-cost ratio is another
--   figure. For several months: the sum of income over the sum of cost.
-- unit: prosent
-- dataset: ledger.product_month

select
    service,
    month,
    income_ore,
    cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore + allocated_ore as cost_base_ore,
    self_cost_percent,
    synthetic
from ledger.product_month;
