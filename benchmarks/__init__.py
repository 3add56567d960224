"""How fast, and how much memory, against one hand-written DuckDB script over the same files."""
