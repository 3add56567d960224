"""The run as Dagster assets, and the instance that remembers its runs."""
