"""Where the sun stands at a station, and when its roof wakes."""
