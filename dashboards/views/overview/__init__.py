"""The page: the overview for leadership."""
