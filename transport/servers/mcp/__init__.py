"""Questions in words: a server of the Model Context Protocol (MCP), by which an assistant reads the current release.

Nothing here writes, and no number is computed here: every answer is a metric, a dataset or a query of the release.
"""
