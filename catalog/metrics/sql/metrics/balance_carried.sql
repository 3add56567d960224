select service, month, balance_carried_ore, synthetic from ledger.product_month;
