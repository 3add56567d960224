"""The processes that answer: Flight, HTTP, the supervisor, and a client."""
