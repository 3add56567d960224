"""How data moves and rests: door, inbox, landing and journal, lake, releases, locked queries.

What does not belong here: how a table is made (`assets`), when (`pipelines`), how it is seen (`dashboards`).
"""
