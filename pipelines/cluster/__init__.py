"""The engine of several machines: Dask workers make the files of tasks, and keep them on object storage."""
