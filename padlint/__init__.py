"""padlint: a static linter for the shape arithmetic of PyTorch models."""

__version__ = "0.1.0"
