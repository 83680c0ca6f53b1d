"""The dialog of history and export."""
