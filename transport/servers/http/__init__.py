"""The HTTP door, for those who will not learn Flight: the server, its routes and its OpenAPI description."""
