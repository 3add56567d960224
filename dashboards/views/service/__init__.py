"""The page: a service."""
