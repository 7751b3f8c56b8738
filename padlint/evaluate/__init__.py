"""The evaluator: what Python would build, and which shapes would go through it; see `interpreter` and `session`."""
