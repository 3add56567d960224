"""A municipality's report, for its management: what it has, uses, lacks and pays, and whom to ask."""
