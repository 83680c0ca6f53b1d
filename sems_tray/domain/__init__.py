"""What a station is, tells and did: values and pure rules."""
