"""Shapes as people write them: `(N, 3, 32, 32)` in directives, `3,32,32` where habit leaves the batch out."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic.dims import Dim, symbol
from padlint.arithmetic.notation import parse_size
from padlint.errors import UsageError


def parse_shape(text: str) -> tuple[Dim, ...]:
    """`(N, 3, 32, 32)`, `[N, 3, 32, 32]` or `N, 3, 32, 32`, exactly the tensor that torch would get.

    A name is a symbol of at least 1, `*` any size, and `4*ngf` or `H//2` are computed.
    Raises UsageError with what cannot be understood.
    """
    inner = _without_brackets(text.strip())
    items = [item.strip() for item in inner.split(",")]
    if len(items) > 1 and items[-1] == "":
        items.pop()  # a tuple's trailing comma
    if items == [""]:
        return ()
    return tuple(_size(item, text) for item in items)


def parse_input(text: str) -> tuple[Dim, ...]:
    """An input shape of the command line: with brackets exact, without (`3,32,32`) one sample, `N` is put in front."""
    shape = parse_shape(text)
    if not shape:
        raise UsageError(f"{text!r} is not a shape such as 3,32,32 or (N, 3, 32, 32)")
    return shape if text.strip()[0] in "([" else batched(shape)


def batched(sample: Sequence[Dim]) -> tuple[Dim, ...]:
    """The shape of a batch of unknown size `N` of such samples."""
    return (symbol("N", minimum=1), *sample)


def _without_brackets(text: str) -> str:
    for opening, closing in ("()", "[]"):
        if text.startswith(opening) and text.endswith(closing):
            return text[1:-1].strip()
    return text


def _size(item: str, text: str) -> Dim:
    try:
        return parse_size(item)
    except UsageError as problem:
        raise UsageError(f"in the shape {text.strip()!r} {problem}") from None
