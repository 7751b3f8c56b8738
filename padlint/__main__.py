"""`python -m padlint`."""

from padlint.cli import entry

entry()
