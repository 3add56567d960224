"""A regional network's report and its follow-up form."""
