-- title.nb: Omsetning
-- title.en: Turnover
-- definition.nb: Inntekten som er for perioden, uten merverdiavgift: En pris for et år eller et kvartal er fordelt likt
--   på månedene fra den gjelder til året eller kvartalet er slutt, uansett når den er fakturert. Tilkoblingsprisen for
--   en tjeneste med lån er lån og ikke inntekt.
-- definition.en: Income for the period, without VAT: a price for a year or a quarter is spread evenly over the months
--   from when it applies to the end of that year or quarter, whenever it is invoiced. The joining fee of a service with a loan is loan, not income.
-- unit: øre
-- dataset: ledger.product_month

select service, month, income_ore, budget_income_ore, synthetic from ledger.product_month;
