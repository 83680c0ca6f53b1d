"""A SEMS portal on loopback that speaks both dialects.

It feeds ``--demo``, the tests and other people's clients. It shares no code with
the portal client: their mistakes must not cancel out.
"""
