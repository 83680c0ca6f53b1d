"""Requests to trusted hosts, and how they fail."""
