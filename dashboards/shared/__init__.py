"""What several pages and reports ask, say and draw."""
