"""The classic API of the seed articles; its data ended in September 2026."""
