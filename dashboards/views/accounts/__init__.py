"""The page: a product's ledger."""
