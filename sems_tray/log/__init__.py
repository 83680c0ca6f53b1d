"""The log file, and what must never be in it."""
