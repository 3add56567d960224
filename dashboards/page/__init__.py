"""What every page stands in: its layout, filters, files and the links that deliver them."""
