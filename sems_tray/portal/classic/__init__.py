"""The portal's older dialect."""
