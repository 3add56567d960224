"""What is run by hand once, when the facts that it works on change."""
