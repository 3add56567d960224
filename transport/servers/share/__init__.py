"""The Delta Sharing server: recipients read the shares of `catalog.tables.shares` with tools of their own."""
