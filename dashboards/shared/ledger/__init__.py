"""A product's ledger, for pages and reports."""
