"""Bubbles, and what the owner may do about them."""
