"""The names of what the simulator can show."""

SCENARIOS: tuple[str, ...] = (
    "day",
    "night",
    "pv-only",
    "multi",
    "fault",
    "grid-lost",
    "silent",
    "throttled",
    "refused",
)
