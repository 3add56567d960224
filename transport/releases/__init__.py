"""Immutable releases: published, verified, read."""
