"""What lives as long as the program runs."""
