"""The page: about the pages."""
