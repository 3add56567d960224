"""The page: definitions."""
