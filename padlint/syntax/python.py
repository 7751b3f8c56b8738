"""Is a part of a file Python, and which names it gives a value: by Python's own parser, and loosely where it is not."""

from __future__ import annotations

import ast
import re
import warnings
from keyword import iskeyword

from padlint.syntax.scan import MAX_INDEXED, MAX_PORTION, recursion_room, scan

_ABOVE = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(text: str) -> ast.Module:
    """Raises SyntaxError with Python's message; ValueError, RecursionError and MemoryError for what its parser does not take."""
    if len(text) > MAX_PORTION or any(one.chain > MAX_INDEXED for one in scan(text).excesses):
        raise MemoryError
    with warnings.catch_warnings(), recursion_room():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's string is not our message
        return ast.parse(text)


_MARKS = ("torch", "keras", "nn.", "padlint:")


def about_layers(text: str) -> bool:
    """Can this text have to do with layers at all?"""
    return any(mark in text for mark in _MARKS)


def words(tree: ast.AST) -> set[str]:
    """The names that a tree mentions."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def is_python(text: str) -> bool:
    try:
        parsed(text)
    except _ABOVE:
        return False
    return True


# ---------------------------------------------------------------- names in what may not be Python

_STRING_OR_COMMENT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' r"|'''(?:[^\\]|\\.)*?'''" r'|"(?:[^"\\\n]|\\.)*"' r"|'(?:[^'\\\n]|\\.)*'" r"|#[^\n]*",
    re.DOTALL,
)
_WORD = r"[^\W\d]\w*"
_NAME = re.compile(rf"(?<![\w.]){_WORD}")
_BOUND = re.compile(
    rf"(?:^|[;:])[ \t]*(?:from\b[^\n;]{{0,1000}}?\bimport\b|import\b)\s*(?:\([^)]*|[^\n;]*)"
    rf"|(?:^|[;:])[ \t]*(?:async[ \t]+)?for\b[^\n]{{0,1000}}?\bin\b"
    rf"|(?:^|[;:])[ \t]*(?:async[ \t]+)?(?:def|class|type)[ \t]+{_WORD}"
    rf"|(?:^|[;:])[ \t]*(?:global|nonlocal|del)\b[^\n;]*"
    rf"|(?:^|[;:])[ \t]*(?:async[ \t]+)?(?:with|except|case)\b[^\n]*"
    rf"|\bas[ \t]+{_WORD}[ \t]*[):]"
    rf"|\b{_WORD}[ \t]*:="
    rf"|^[ \t]*{_WORD}[ \t]*:(?=[^\n]*=)",
    re.MULTILINE,
)
_AS = re.compile(rf"\bas[ \t]*(?:\([^)\n]*|{_WORD})|^[; :\t]*case\b[^\n]*")
_OPENED = re.compile(r"[;:\s]*(?:async\s+)?(?:with|except|case)\b")
_COMPARED = re.compile(r"[<>!]=|==+")
_ALL = re.compile(r"\bimport[ \t]+\*|\b(?:exec|execfile|globals|locals|vars)[ \t]*\(")
_CHANGED = re.compile(
    rf"(?<![\w.])({_WORD})(?=(?:[ \t]*\.[ \t]*{_WORD})+[ \t]*\(|[ \t]*\[|(?:[ \t]*\.[ \t]*{_WORD})+[ \t]*=)"
)


def assigned(text: str) -> frozenset[str]:
    """The names that a text gives values, as far as one can tell of what need not be Python: rather too many."""
    code = _without_strings(text)
    found = [match[0] for match in _BOUND.finditer(code)]
    found = [part for each in found for part in (_AS.findall(each) if _OPENED.match(each) else [each])]
    for part in re.split(r"[\n;:]", _COMPARED.sub("~", code)):
        found += [each for each in part.split("=")[:-1] if each.count("(") <= each.count(")")]
    return frozenset(name for each in found for name in _NAME.findall(each) if not iskeyword(name))


def changed(text: str) -> frozenset[str]:
    """The names whose objects a text may change: by an item, an attribute, a method."""
    return frozenset(_CHANGED.findall(_without_strings(text)))


def rebinds_all(text: str) -> bool:
    """May a text give any name a value?"""
    return _ALL.search(_without_strings(text)) is not None


def _without_strings(text: str) -> str:
    return _STRING_OR_COMMENT.sub(" ", text)
