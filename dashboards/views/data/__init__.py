"""The page: the data: datasets, deliveries, quality."""
