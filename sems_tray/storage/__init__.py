"""What is kept on this computer: paths, settings, secrets, history."""
