-- title.nb: Resultat
-- title.en: Result
-- definition.nb: Inntekt minus kostnad og fordelt felleskostnad. Budsjettet er det budsjetterte resultatet i samme
--   måned.
-- definition.en: Income less cost and allocated shared cost. The budget is the result budgeted for the same month.
-- unit: øre
-- dataset: ledger.product_month

select service, month, result_ore, budget_ore, synthetic from ledger.product_month;
