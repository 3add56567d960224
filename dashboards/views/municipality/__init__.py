"""The page: one municipality, or those of an area, and all services."""
