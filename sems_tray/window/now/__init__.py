"""The page of the present: flow picture, tiles, battery."""
