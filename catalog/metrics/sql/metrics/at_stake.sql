-- title.nb: Kroner som står på spill
-- title.en: Kroner at stake
-- definition.nb: Uforklart forskjell mellom fakturert og det målt bruk tilsier: fakturert for mye pluss fakturert for
--   lite. De veier ikke mot hverandre. Det som ingenting måler, og det som ikke er fakturert ennå, er ikke med.
-- definition.en: Unexplained difference between what was billed and what measured use implies: too much plus too
--   little. They do not offset each other. What nothing measures and what is not invoiced yet are left out.
-- unit: øre
-- dataset: ledger.reconciliation_product

select service, month, at_stake_ore, over_ore, under_ore, awaits_invoice_ore, not_reconcilable_ore, synthetic
from ledger.reconciliation_product;
