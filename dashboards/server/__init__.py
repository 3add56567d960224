"""The process that serves the pages: started, secured, and drawn before the first script has run."""
