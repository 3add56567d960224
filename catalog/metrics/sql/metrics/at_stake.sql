select service, month, at_stake_ore, over_ore, under_ore, awaits_invoice_ore, not_reconcilable_ore, synthetic
from ledger.reconciliation_product;
