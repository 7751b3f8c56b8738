"""`required-version`: does a release satisfy a specifier such as `>=0.2, <1`?"""

from __future__ import annotations

import re

from padlint.errors import UsageError

_CLAUSE = re.compile(r"(===?|!=|>=|<=|~=|<|>)?\s*(\d+(?:\.\d+)*)(\.\*)?")


def satisfies(version: str, specifier: str) -> bool:
    """Every clause holds; a bare version means exactly that one. Raises UsageError for what is not a specifier."""
    return all(_holds(_release(version), clause.strip(), specifier) for clause in specifier.split(","))


def _release(text: str) -> tuple[int, ...]:
    """The numbers of a release without trailing zeros, so that 1.0 equals 1."""
    found = re.match(r"\d+(\.\d+)*", text)
    numbers = [int(part) for part in found.group().split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _holds(actual: tuple[int, ...], clause: str, specifier: str) -> bool:
    found = _CLAUSE.fullmatch(clause)
    operator, text, any_after = found.groups() if found else (None, "", None)
    if not found or (any_after and operator not in ("==", "!=")):
        raise UsageError(f"{specifier!r} is not a version specifier such as '>=0.2, <1'")
    wanted = _release(text)
    length = text.count(".") + 1
    padded = actual + (0,) * (length - len(actual))
    if operator == "~=":
        fixed = length - 1
        return actual >= wanted and padded[:fixed] == tuple(map(int, text.split(".")))[:fixed]
    if any_after:
        return (padded[:length] == tuple(map(int, text.split(".")))) == (operator == "==")
    return {
        "!=": actual != wanted,
        ">=": actual >= wanted,
        "<=": actual <= wanted,
        "<": actual < wanted,
        ">": actual > wanted,
    }.get(operator or "==", actual == wanted)
