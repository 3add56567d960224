"""Foundations: settings, atomic file writes, content hashes, addresses."""
