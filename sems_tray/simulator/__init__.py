"""A SEMS portal on loopback that speaks both dialects.

It feeds ``--demo``, the tests and other people's clients. It shares no code with
the portal client: their mistakes must not cancel out.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .serve import serve_forever
    from .simulator import Simulator

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

__all__ = ["SCENARIOS", "Simulator", "serve_forever"]


def __getattr__(name: str) -> object:
    """Load the server when it is first asked for, so that the names stay cheap."""
    if name == "Simulator":
        from .simulator import Simulator

        return Simulator
    if name == "serve_forever":
        from .serve import serve_forever

        return serve_forever
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
