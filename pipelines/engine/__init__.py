"""Engines: who makes the parts of tables that a run planned, in this process or on many machines."""
