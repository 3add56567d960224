"""What is noted and counted while it happens."""
