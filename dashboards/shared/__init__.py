"""Queries, sentences and charts that several pages and reports share."""
