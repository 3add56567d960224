"""The economy, uptake and loans, for the overview and the board's report."""
