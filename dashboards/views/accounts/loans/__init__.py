"""Loans, reconciliation and closed quarters."""
