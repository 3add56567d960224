-- title.nb: Dekning med saldo
-- title.en: Cover with balance
-- definition.nb: Et års inntekt med foreslått pris og ventet bruk, pluss overskuddet som brukes (minus underskuddet som
--   dekkes inn), i prosent av kostnaden. Ikke den finansielle dekningsgraden, som regnes uten saldo.
-- definition.en: A year's income at the proposed price and expected use, plus the surplus that is used (less the
--   deficit that is covered), in per cent of the cost. Not the financial coverage, which leaves the balance out.
-- unit: prosent
-- dataset: ledger.price_calculation

select distinct service, year, scenario, cover_with_balance_expected_percent, synthetic
from ledger.price_calculation
order by service, year, scenario;
