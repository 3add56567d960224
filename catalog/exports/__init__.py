"""What is made of contracts for others to read."""
