"""A regional network's report, and the form that goes out with it."""
