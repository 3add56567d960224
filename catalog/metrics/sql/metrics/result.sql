select service, month, result_ore, budget_ore, synthetic from ledger.product_month;
