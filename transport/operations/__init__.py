"""How things are, what is wrong, and who is told."""
