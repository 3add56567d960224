"""The address of the MCP server."""

from __future__ import annotations

from typing import Final

from transport.servers.http.routes import Permission, Route

PATH: Final = "/mcp"
ROUTES: Final = (
    # without sessions, there is nothing to listen to nor to end
    Route(
        "POST",
        PATH,
        "answer",
        "A message of the Model Context Protocol, and its answer.",
        lenient=True,
        takes={"type": "object"},
        answers={"type": "object"},
        refuses=(408, 413, 503),
        access=Permission.READER,
    ),
)
