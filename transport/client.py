"""The client, under the name that producers' programs import."""

from transport.servers.client import Client, content_digest

__all__ = ["Client", "content_digest"]
