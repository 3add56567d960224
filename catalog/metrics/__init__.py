"""Definitions of the numbers on the pages, example questions, and the functions of a release."""
