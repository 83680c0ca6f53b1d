"""What is wrong, when it is over, when to be silent: pure rules."""
