"""The simulated portal: its plant, its two dialects, its misbehaviour."""
