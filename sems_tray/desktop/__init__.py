"""The operating system: autostart, one instance, D-Bus, signals."""
