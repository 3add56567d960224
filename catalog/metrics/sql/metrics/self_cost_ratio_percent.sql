-- title.nb: Selvkostgrad
-- title.en: Self-cost ratio
-- definition.nb: Som hos SSB: årets inntekt, minus det som avsettes til fond eller dekker tidligere underskudd, pluss
--   bruk av fond og framført underskudd, i prosent av gebyrgrunnlaget. 100 prosent når hele underskuddet framføres. Ved
--   siden av står inntekten i prosent av samme gebyrgrunnlag. For et år som ikke er over: månedene så langt.
-- definition.en: As at Statistics Norway: the year's income, less what is set aside to a fund or recovers an earlier
--   deficit, plus use of the fund and deficit carried forward, in per cent of the fee basis. 100 per cent when all of a
--   deficit is carried forward. Beside it is income in per cent of the same fee basis. For a year that is not over:
--   the months so far.
-- unit: prosent
-- dataset: ledger.self_cost_year

select
    service,
    year,
    months,
    income_ore,
    base_ore,
    coverage_percent,
    self_cost_ratio_percent,
    closing_ore,
    synthetic
from ledger.self_cost_year;
