"""Tools run by hand when their facts change."""
