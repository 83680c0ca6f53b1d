"""SEMS+, the gateway that serves data today."""
