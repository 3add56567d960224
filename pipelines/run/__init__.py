"""One run, from the inbox to a release: small steps, each a function of the run's context.

`context` holds the context of a run; `conform`, `build`, `check` and `publish` are its steps; `steps` puts them in
order. The scheduler's assets and the command line call the same functions. A step does nothing if nothing changed.
What does not belong here: Dagster (`pipelines/orchestration/`), and how a check is carried out (`pipelines/quality/`).
"""
