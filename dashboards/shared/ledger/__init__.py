"""What pages and reports say of a product's ledger."""
