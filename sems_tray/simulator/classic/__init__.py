"""The dialect of the old portal, the one most older clients speak."""
