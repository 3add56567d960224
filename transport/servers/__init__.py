"""The server processes: Flight, HTTP and the supervisor; and a client."""
