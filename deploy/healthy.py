#!/usr/bin/env python3
"""healthy http PORT PATH, or healthy tcp PORT: ask a server in the same container how it is; exit 0 when well.

The image has no curl. It speaks TLS when `DIF_TLS_CERT` is set. The certificate is not checked, since its name is
the server's public one and the question never leaves the container. A server that demands client certificates
(`DIF_TLS_CLIENT_CA`) is only asked whether it accepts connections.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import sys

SECONDS = 4.0


def main(kind: str, port: str, path: str = "/") -> int:
    """Ask, and tell by the exit code."""
    if kind == "tcp" or os.environ.get("DIF_TLS_CLIENT_CA"):  # noqa: TID251 - a script beside the product
        socket.create_connection(("127.0.0.1", int(port)), SECONDS).close()
        return 0
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
    if os.environ.get("DIF_TLS_CERT"):  # noqa: TID251
        context = ssl._create_unverified_context()  # noqa: S323, SLF001 - never leaves the container
        connection = http.client.HTTPSConnection("127.0.0.1", int(port), timeout=SECONDS, context=context)
    connection.request("GET", path, headers={"Host": "localhost"})
    answer = connection.getresponse()
    sys.stdout.write(f"{answer.status} {answer.read(500).decode(errors='replace')}\n")
    return 0 if answer.status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (OSError, http.client.HTTPException) as problem:
        sys.stdout.write(f"{type(problem).__name__}: {problem}\n")
        sys.exit(1)
