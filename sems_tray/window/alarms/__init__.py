"""The page of the alarms."""
