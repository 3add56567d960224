"""The price calculation and its what-if."""
