"""The history as the program uses it: kept, fetched, exported, imported."""
