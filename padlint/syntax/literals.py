"""The values of Python's literals, from their text. What is too large or cannot be read is an error with its reason."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings

MAX_DIGITS = 256
"""Of an integer: more than any that is computed with, and far below the length at which Python itself refuses to convert."""

_BRACES = re.compile(r"\\N\{[^}]*\}|\{\{|\}\}|\\.", re.DOTALL)
_BRACE_ESCAPES = {"{{": r"\x7b", "}}": r"\x7d"}


class Unreadable(Exception):
    """A literal without a value; the message is the reason."""


def identifier(name: str) -> str:
    """Python compares identifiers in their NFKC form."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Unreadable(f"an integer of {len(text)} digits")
    return int(text, 0)


def string(text: str) -> str | bytes:
    """A string or bytes literal with its prefix and quotes."""
    start = 0
    while text[start] not in "\"'":
        start += 1
    prefix = text[:start].lower()
    if ("\\" in text and "r" not in prefix) or "\r" in text:
        return _evaluate(text)
    quotes = 3 if text[start : start + 3] in ('"""', "'''") else 1
    body = text[start + quotes : -quotes]
    if "b" not in prefix:
        return body
    if not body.isascii():
        raise Unreadable("bytes with characters outside ASCII")
    return body.encode("ascii")


def format_text(text: str, quote: str, raw: bool) -> str:
    """The text between the fields of an f-string, whose closing quote is `quote`: escapes read, braces single."""
    if raw or "\\" not in text:
        text = text.replace("{{", "{").replace("}}", "}")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    body = _BRACES.sub(lambda match: _BRACE_ESCAPES.get(match[0], match[0]), text)
    # A backslash before a field stands for itself: `f"\{x}"`.
    dangling = (len(body) - len(body.rstrip("\\"))) % 2
    value = _evaluate(quote + (body[:-1] if dangling else body) + quote)
    if not isinstance(value, str):
        raise Unreadable("a string that cannot be read")
    return value + "\\" * dangling


def _evaluate(text: str) -> str | bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes
        try:
            value = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            raise Unreadable("a string that cannot be read") from None
    if not isinstance(value, (str, bytes)):
        raise Unreadable("a string that cannot be read")
    return value
