"""Homes of several machines: object storage holds landing, lake and releases, and each machine keeps copies.

Nothing outside imports this package unless a setting names object storage (`landing_url`, `lake_url`, `releases_url`).
"""
