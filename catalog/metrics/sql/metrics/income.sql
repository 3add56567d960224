select service, month, income_ore, budget_income_ore, synthetic from ledger.product_month;
