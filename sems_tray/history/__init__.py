"""The kept past: recorded, fetched, learned from, exported."""
