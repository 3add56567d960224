"""A product's report."""
