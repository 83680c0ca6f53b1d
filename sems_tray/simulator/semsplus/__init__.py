"""The gateway's dialect, the one that serves data today."""

from .portal import SemsPlus

__all__ = ["SemsPlus"]
