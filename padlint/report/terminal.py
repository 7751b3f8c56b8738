"""Text for a terminal: colours, columns, and nothing in it that a file's author could make the terminal do."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping

from padlint import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from padlint.finding import Severity  # what is said before any finding need not import them

RESET = "\x1b[0m"
STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "red": "\x1b[1;31m",
    "green": "\x1b[32m",
    "yellow": "\x1b[1;33m",
    "blue": "\x1b[1;34m",
    "cyan": "\x1b[36m",
}
SEVERITY_STYLES: Mapping[Severity, str] = {"error": "red", "warning": "yellow", "information": "blue"}

_TAB = "    "
_UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """`always` and `never` decide; `auto` asks NO_COLOR, FORCE_COLOR (both count unless empty), then the terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


def styled(text: str, style: str, color: bool) -> str:
    """`text` in a style where colours are wanted."""
    return f"{STYLES[style]}{text}{RESET}" if color and text else text


def printable(text: str) -> str:
    """`text` with everything invisible as an escape (`\\x1b`, `\\u202e`), a tab as four spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\t":
        return _TAB
    if unicodedata.category(character) in _UNSAFE_CATEGORIES:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character


def terminal_width() -> int:
    """The columns of the terminal, 80 where there is none, as shutil would say."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(1).columns
        except OSError:
            columns = 80
    return columns or 80


def width(text: str) -> int:
    """How many columns a printable text takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
