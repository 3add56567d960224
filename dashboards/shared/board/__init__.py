"""What the overview and the board's report say of the economy, uptake and loans."""
