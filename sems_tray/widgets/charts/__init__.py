"""Charts: layout, painting, readout."""
