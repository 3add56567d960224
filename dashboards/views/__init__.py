"""The pages, each with all of its own in one folder: page, queries, models, narrative, charts, tables, SQL, texts."""
