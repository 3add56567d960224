"""The HTTP door, for those who will not learn Flight: the server, what it answers, and how it says what it knows."""
