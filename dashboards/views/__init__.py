"""The pages, one folder each: page, queries, models, narrative, charts, tables, SQL, texts."""
