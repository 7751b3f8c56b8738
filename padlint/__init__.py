"""padlint: a static linter for the shape arithmetic of PyTorch models."""

__version__ = "0.1.0"

TYPE_CHECKING = False
"""As typing has it; to import that takes longer than to say once more what was said before."""
