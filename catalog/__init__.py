"""What is promised: contracts, facts, rules and errors as plain values.

Nothing here opens a file of ours, talks to a database or knows a scheduler. What does not belong: dagster, polars,
duckdb, deltalake, Great Expectations, streamlit, and any read of the environment.
"""
