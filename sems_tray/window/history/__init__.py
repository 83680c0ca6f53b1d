"""The page of the past: charts and figures."""
