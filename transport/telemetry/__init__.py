"""The event log and the metrics."""
