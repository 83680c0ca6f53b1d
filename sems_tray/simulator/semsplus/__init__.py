"""The dialect of the portal of today."""
