"""Disk and keyring: paths, settings, secrets."""
