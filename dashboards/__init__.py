"""How the platform is seen: pages that read the current release like anyone else.

What does not belong here: making or judging a number (`assets/`, `pipelines/`), or moving one (`transport/`). A page
only arranges: filters (URL) → queries (SQL) → narrative → charts and tables (pure) → downloads. A report (`reports/`)
arranges the same on a sheet of paper.
"""
