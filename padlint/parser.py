"""The parser of a command's words."""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter, Namespace
from collections.abc import Sequence
from typing import NoReturn

from padlint.errors import UsageError
from padlint.hints import did_you_mean
from padlint.report.terminal import terminal_width


class Parser(ArgumentParser):
    """An ArgumentParser whose complaints are one line that names the nearest valid option."""

    def __init__(self, prog: str, description: str | None) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False, formatter_class=_wide)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def strict(self, arguments: Sequence[str]) -> Namespace:
        """The parsed arguments, options and paths in any order. Raises UsageError, for an unknown option with the
        nearest one."""
        parsed, unknown = self.parse_known_intermixed_args(arguments)
        if unknown:
            word = unknown[0].partition("=")[0]
            kind = "option" if word.startswith("-") else "argument"
            raise UsageError(f"unknown {kind} {word!r}{did_you_mean(word, self._option_string_actions)}")
        return parsed


def _wide(prog: str) -> HelpFormatter:
    """As wide as the terminal; argparse itself would import shutil to learn that, for every option that is declared."""
    return HelpFormatter(prog, max_help_position=32, width=terminal_width() - 2)
