"""Tests on a real desktop: X server, D-Bus session, window manager, panel."""
