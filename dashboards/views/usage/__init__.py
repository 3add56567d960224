"""The page: usage."""
