"""Who looks at the pages: logging in, and what a login may see."""
