"""How tables are made: functions and SQL files from scans to scans, which read and write nothing themselves.

What does not belong here: transport, dagster, deltalake, Great Expectations, and any open file.
"""
