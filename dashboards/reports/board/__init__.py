"""The board's report."""
