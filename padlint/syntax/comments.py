"""What a `# padlint:` comment can say, and how its text is read.

# padlint: input=(N, 3, 32, 32), input[mask]=(N, 32), out=(N, 64, 15, 15), same, keras=model.py:build
# padlint: ignore[PAD201, PAD204] the reason
# padlint: ignore-file[PAD204]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from padlint.arithmetic.dims import Dim
from padlint.arithmetic.shapes import parse_shape
from padlint.errors import UsageError
from padlint.hints import nearest
from padlint.paths import divided

IntendedKind = Literal["same", "valid", "same-upper", "same-lower"]


@dataclass(frozen=True, slots=True)
class InputShape:
    """The tensor that `forward` gets for a parameter; None: for its first."""

    parameter: str | None
    shape: tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class OutputShape:
    shape: tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class Intended:
    kind: IntendedKind


@dataclass(frozen=True, slots=True)
class KerasReference:
    """`path` as written, relative to the file of the comment."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Codes:
    """The body of an ignore. `whole_file`: `ignore-file`. Codes and names of rules as written."""

    codes: tuple[str, ...]
    reason: str
    whole_file: bool = False


Item = InputShape | OutputShape | Intended | KerasReference


def word(item: Item) -> str:
    """What an item begins with: `input`, `input[mask]`, `out`, `keras`, `same`."""
    if isinstance(item, InputShape):
        return f"input[{item.parameter}]" if item.parameter else "input"
    if isinstance(item, Intended):
        return item.kind
    return "out" if isinstance(item, OutputShape) else "keras"


MAX_LENGTH = 10_000
"""Of a comment: a person wrote it."""

_KINDS: Final[tuple[IntendedKind, ...]] = get_args(IntendedKind)
_EXAMPLES: Final = {
    "input": "input=(N, 3, 32, 32)",
    "out": "out=(N, 64, 15, 15)",
    "keras": "keras=model.py:build",
    "ignore": "ignore[PAD201]",
    "ignore-file": "ignore-file[PAD201]",
} | {kind: kind for kind in _KINDS}
_SEVERAL: Final = "input=(N, 3, 32, 32), input[mask]=(N, 32)"
"""A parameter of forward is named where it is not the first."""
_IGNORE = re.compile(r"(ignore(?:-file)?)(?![\w-])\s*(?:\[([^\]]*)\])?(.*)", re.DOTALL)
_CODE = re.compile(r"[A-Za-z][\w-]*")
_ITEM = re.compile(r"([\w-]+)\s*(?:\[\s*(\w*)\s*\]\s*)?(?:=\s*(.*))?", re.DOTALL)


def parse_comment(body: str) -> tuple[Item, ...] | Codes:
    """What stands after `padlint:`. Raises UsageError: one line that says what was expected."""
    body = body.strip()
    if len(body) > MAX_LENGTH:
        raise UsageError(f"{len(body)} characters after 'padlint:', more than {MAX_LENGTH}")
    if not body:
        raise UsageError(f"nothing after 'padlint:'; expected {_EXAMPLES['input']}, same, {_EXAMPLES['ignore']}, ...")
    ignore = _IGNORE.fullmatch(body)
    if ignore:
        return _codes(ignore[1], ignore[2], ignore[3])
    items = tuple(_item(text) for text in _split(body))
    _refuse_contradictions(items)
    return items


def _codes(word: str, codes: str | None, reason: str) -> Codes:
    named = tuple(re.split(r"[\s,]+", codes.strip(" \t,"))) if codes else ("",)
    for code in named:
        if not _CODE.fullmatch(code):
            raise UsageError(f"{word!r} must name rules: {_EXAMPLES[word]}" + (f", not {code!r}" if code else ""))
    return Codes(named, reason.strip(" \t:-"), whole_file=word == "ignore-file")


def _split(body: str) -> Iterator[str]:
    """The items between the commas that stand outside brackets."""
    depth = start = 0
    for position, character in enumerate(body):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth <= 0:
            yield body[start:position].strip()
            start = position + 1
    yield body[start:].strip()


def _item(text: str) -> Item:
    match = _ITEM.fullmatch(text)
    word = match[1] if match else re.split(r"[\s(\[=:]", text, maxsplit=1)[0]
    if text.startswith(("(", "[")):
        raise UsageError(f"{text!r} has no word in front; several inputs are written {_SEVERAL}")
    if word not in _EXAMPLES:
        raise UsageError(f"{word or text!r} is no padlint directive{_instead(word, text)}")
    parameter, value = (match[2], match[3]) if match else (None, None)
    for kind in _KINDS:
        if word == kind and match and parameter is None and value is None:
            return Intended(kind)
    if word == "input" and value and parameter != "":
        return InputShape(parameter, _shape(word, value))
    if word == "out" and value and parameter is None:
        return OutputShape(_shape(word, value))
    if word == "keras" and value and parameter is None:
        path, name = divided(value)
        if path.strip() and name.strip().isidentifier():
            return KerasReference(path.strip(), name.strip())
    if word in _KINDS:
        raise UsageError(f"{word!r} stands alone, or before a comma; not {text!r}")
    if word in ("ignore", "ignore-file"):
        raise UsageError(f"{word!r} stands in a comment of its own: # padlint: {_EXAMPLES[word]}")
    several = f", several are written {_SEVERAL}" if word == "input" and re.match(r"input\W*\w", text) else ""
    raise UsageError(f"{text!r} is not understood; expected {_EXAMPLES[word]}{several}")


def _instead(word: str, text: str) -> str:
    """How to write what was probably meant."""
    if word.lower().startswith("input"):
        return f"; did you mean 'input'? It is written {_EXAMPLES['input']}, several are written {_SEVERAL}"
    near = nearest(word, _EXAMPLES)
    said = re.split(r"[^\w-]+", text.lower())
    kind = next((each for each in _KINDS if each in said[1:]), None)
    code = next((each.upper() for each in said if re.fullmatch(r"pad\d+", each)), None)
    if kind:
        return f"; write {kind} alone"
    if code and near not in ("ignore", "ignore-file"):
        return f"; write ignore[{code}]"
    if near is None:
        return f"; expected {', '.join(_EXAMPLES.values())}"
    return f"; did you mean {near!r}?" + (f" It is written {_EXAMPLES[near]}" if _EXAMPLES[near] != near else "")


def _names_several(value: str) -> bool:
    """`[(N, 3), (N, 4)]`, `(x=(N, 3), y=(N, 4))`, `x:(N, 3)`, `(N, 3) (N, 4)`: not one list of sizes."""
    return bool(re.search(r"[:={]|[(\[][^()\[\]]*,[^()\[\]]*[)\]].*[(\[]", value))


def _refuse_a_second_item(word: str, value: str) -> None:
    """`input=(N, 3) same`: a shape, and after it what another item says."""
    end = re.search(r"[)\]]\s*;?\s*(?=\w)", value)
    first, second = (value[: end.end()].rstrip(" \t;"), value[end.end() :]) if end else (value, "")
    try:
        _item(second)
    except UsageError:
        return
    raise UsageError(f"there is no comma before {second!r}; write {word}={first}, {second}")


def _shape(word: str, value: str) -> tuple[Dim, ...]:
    value = value.strip()
    _refuse_a_second_item(word, value)
    several = f"; several inputs are written {_SEVERAL}" if word == "input" and _names_several(value) else ""
    if not (value.startswith(("(", "[")) and value.endswith((")", "]"))):
        expected = several or f"; expected {_EXAMPLES[word]}"
        raise UsageError(f"{word}={value} is not a shape in brackets{expected}")
    try:
        shape = parse_shape(value)
    except UsageError as problem:
        raise UsageError(f"{problem}{several}") from None
    if not shape:
        raise UsageError(f"{word}={value} has no sizes; expected {_EXAMPLES[word]}")
    return shape


def _refuse_contradictions(items: Sequence[Item]) -> None:
    intended = [item.kind for item in items if isinstance(item, Intended)]
    if len(set(intended)) > 1:
        raise UsageError(f"{intended[0]!r} and {intended[1]!r} contradict each other")
    for kind, word in ((OutputShape, "out"), (KerasReference, "keras")):
        if sum(isinstance(item, kind) for item in items) > 1:
            raise UsageError(f"{word!r} stands twice")
    parameters = [item.parameter for item in items if isinstance(item, InputShape)]
    for parameter in parameters:
        if parameters.count(parameter) > 1:
            also = "" if parameter else f"; another one is named: {_SEVERAL}"
            raise UsageError(f"'input{f'[{parameter}]' if parameter else ''}' stands twice{also}")
