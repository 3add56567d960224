"""The page: uptake."""
