"""The program put together, started and ended."""
