"""One size as people write it in a shape: `64`, `H//2`, `4*(ngf + 1)`."""

from __future__ import annotations

import re

from padlint.arithmetic.dims import Dim, Unknown, symbol
from padlint.errors import UsageError

MAX_DIGITS = 18  # torch's sizes are signed 64-bit
_MAX_LENGTH = 200  # a size that a person wrote; it also bounds the depth of its parentheses
_TOKEN = re.compile(r"\s*(//|[-+*%()]|[0-9]+|[^\W\d]\w*)")


def parse_size(text: str) -> Dim:
    """Integers and names (symbols of at least 1) in + - * // % and parentheses; `*` alone is any size.

    Raises UsageError, which says what was expected, also for a size that can only be negative.
    """
    if text.strip() == "*":
        return Unknown("any size")
    tokens = _tokens(text)
    size = _sum(tokens, text)
    if tokens:
        raise _misfit(text)
    if isinstance(size, Unknown) or (isinstance(size, int) and size < 0):
        raise _misfit(text)
    return size


def _misfit(text: str) -> UsageError:
    return UsageError(f"{_shown(text)} is not a size: an integer of 0 or more, a name, or *")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:12] + "...")


def _tokens(text: str) -> list[str]:
    """In reverse, so that the next one is popped from the end."""
    if len(text) > _MAX_LENGTH:
        raise UsageError(f"{_shown(text)} is too long for a size")
    tokens: list[str] = []
    end = len(text.rstrip())
    position = 0
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise _misfit(text)
        if match[1][0].isdigit() and len(match[1]) > MAX_DIGITS:
            raise UsageError(f"{_shown(match[1])} is too large for a size")
        tokens.append(match[1])
        position = match.end()
    return tokens[::-1]


def _sum(tokens: list[str], text: str) -> Dim:
    total = _product(tokens, text)
    while tokens and tokens[-1] in ("+", "-"):
        operator, right = tokens.pop(), _product(tokens, text)
        total = total + right if operator == "+" else total - right
    return total


def _product(tokens: list[str], text: str) -> Dim:
    product = _atom(tokens, text)
    while tokens and tokens[-1] in ("*", "//", "%"):
        operator, right = tokens.pop(), _atom(tokens, text)
        if right == 0 and operator != "*":
            raise _misfit(text)
        product = product * right if operator == "*" else product // right if operator == "//" else product % right
    return product


def _atom(tokens: list[str], text: str) -> Dim:
    token = tokens.pop() if tokens else ""
    if token.isascii() and token.isdigit():
        return int(token)
    if token.isidentifier():
        return symbol(token, minimum=1)
    if token == "-":
        return -_atom(tokens, text)
    if token == "(":
        inner = _sum(tokens, text)
        if tokens and tokens.pop() == ")":
            return inner
    raise _misfit(text)
