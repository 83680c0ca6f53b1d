"""Replies as they come: envelopes, numbers, dates, errors."""
