"""The details window."""
