"""What a report of a problem contains."""
