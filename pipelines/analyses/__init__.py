"""Ordinary Dagster assets over the lake: put a module with `@dg.asset` functions here and it is in the graph.

What stands here is nobody's contract: it is not judged, not published, and made after a run, not in it. `CONTRIBUTING`
has an example.
"""
