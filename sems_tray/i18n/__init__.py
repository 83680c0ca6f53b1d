"""Languages, number formats and words."""
