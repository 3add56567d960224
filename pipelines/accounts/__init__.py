"""The accounts as people ask for them: quarters and their closing, the trace of an amount, the price of a service."""
