"""The client of GoodWe's cloud."""
