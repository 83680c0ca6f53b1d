"""The portal's dialect of today."""
