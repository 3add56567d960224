"""Delta tables, and the session that makes them."""
