"""Which station is asked, and when."""
