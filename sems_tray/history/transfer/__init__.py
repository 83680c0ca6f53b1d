"""Files of the history, for other programs and for the next computer."""
