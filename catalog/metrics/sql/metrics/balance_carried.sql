-- title.nb: Framført saldo
-- title.en: Balance carried
-- definition.nb: Summen av produktets resultater til og med måneden: det kundene har betalt mer eller mindre enn
--   kostnaden.
-- definition.en: The sum of the product's results through the month: what customers paid above or below its cost.
-- unit: øre
-- dataset: ledger.product_month

select service, month, balance_carried_ore, synthetic from ledger.product_month;
