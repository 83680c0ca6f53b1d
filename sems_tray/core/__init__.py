"""Values, policies and words: standard library only, no Qt, network, disk or clock."""
