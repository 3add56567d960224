select service, month, self_cost_percent from ledger.product_month;
