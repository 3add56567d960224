"""How a table is made: functions and SQL files from scans to scans, with no reading or writing of their own.

What does not belong here: transport, dagster, deltalake, Great Expectations, and any open file.
"""
