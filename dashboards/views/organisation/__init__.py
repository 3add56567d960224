"""The page: an organisation's own use and invoices."""
