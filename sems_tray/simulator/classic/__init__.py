"""The dialect of the old portal, the one most older clients speak."""

from .portal import Classic

__all__ = ["Classic"]
