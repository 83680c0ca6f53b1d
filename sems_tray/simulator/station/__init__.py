"""The simulated station: sun, plant, house, and their books."""
