"""The gate: checks made from the contracts, carried out by Great Expectations over DuckDB in a process of its own."""
