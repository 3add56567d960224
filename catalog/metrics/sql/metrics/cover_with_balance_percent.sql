-- title.nb: Dekning med saldo
-- title.en: Cover with balance
-- definition.nb: Et års inntekt ved ventet bruk, pluss overskuddet som brukes (minus underskuddet som dekkes inn), i
--   prosent av kostnaden: med foreslått pris, og med dagens. Ikke den finansielle dekningsgraden, som regnes uten saldo.
-- definition.en: A year's income at expected use, plus the surplus that is used (less the deficit that is covered), in
--   per cent of the cost: at the proposed price, and at today's. Not the financial coverage, which leaves the balance
--   out.
-- unit: prosent
-- dataset: ledger.price_calculation

select distinct
    service, year, scenario, cover_with_balance_expected_percent, cover_with_balance_today_percent, synthetic
from ledger.price_calculation
order by service, year, scenario;
