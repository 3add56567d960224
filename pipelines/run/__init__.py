"""One run, from the inbox to a release: small steps, each a function of the run's context.

`context` is what is known of a run; `conform`, `build`, `judge` and `publish` are its steps; `steps` puts them in
order. The scheduler's assets and the command line call the same functions. A step that finds nothing touched does
nothing. What does not belong here: Dagster (`pipelines/orchestration/`), and how a check is carried out
(`pipelines/quality/`).
"""
