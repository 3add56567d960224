"""Ordinary Dagster assets over the lake: put a module with `@dg.asset` functions here and it is in the graph.

What stands here has no contract: it is not judged, not published, and made after a run, not in it. Asset checks are in
the graph too. docs/dagster.md has an example.
"""
