"""Reading arguments as torch does: whole numbers, one number or one for each axis, truths, texts.

The checks give a Refusal only for what torch is known to refuse. A truth value where a number belongs is Unknown: torch
takes it in some places and not in others.
"""

from __future__ import annotations

from collections.abc import Container
from math import isfinite

from padlint.arithmetic.dims import Dim, Expr, Unknown, less
from padlint.layers.base import Arguments, Refusal, Shape, Value

Sizes = tuple[Dim, ...]

_TRUTH = Unknown("a truth value where a number belongs")
INT64 = 2**63
INT32 = 2**31


def number(value: Value) -> Dim | None:
    """A whole number; None for what is none."""
    if isinstance(value, bool):
        return _TRUTH
    return value if isinstance(value, (int, Expr, Unknown)) else None


def size(arguments: Arguments, name: str) -> Dim:
    """The argument as a size; Unknown where it is none (its construct rule has refused it)."""
    value = arguments.get(name, Unknown(f"{name} is known at the first call"))
    found = number(value)
    return Unknown(f"{name}={show(value)}") if found is None else found


def per_axis(value: Value, axes: int, one: bool = True) -> Sizes | None:
    """One number for all axes, or a tuple with one for each; with `one`, a tuple of one element counts for all axes.

    None where a tuple has another length or holds something else than numbers.
    """
    if isinstance(value, Unknown):
        return (value,) * axes
    if not isinstance(value, tuple):
        single = number(value)
        return None if single is None else (single,) * axes
    sizes = numbers(value)
    if sizes is None or len(sizes) == axes:
        return sizes
    return sizes * axes if one and len(sizes) == 1 else None


def numbers(values: tuple[Value, ...]) -> Sizes | None:
    """A tuple of whole numbers; None where one of them is none."""
    sizes: list[Dim] = []
    for value in values:
        single = number(value)
        if single is None:
            return None
        sizes.append(single)
    return tuple(sizes)


def sizes(arguments: Arguments, name: str, axes: int) -> Sizes:
    """The argument for each axis; Unknowns where it is not understood."""
    value = arguments[name]
    found = per_axis(value, axes)
    return (Unknown(f"{name}={show(value)}"),) * axes if found is None else found


def filled(value: Value, count: int) -> Value:
    """One number for each of `count` places, as torch keeps it; tuples, texts and what is not known stay."""
    return value if isinstance(value, (tuple, str, Unknown)) else (value,) * count


def truth(value: Value) -> bool | Unknown:
    """Python's truth of a value."""
    if isinstance(value, Unknown):
        return value
    return Unknown("a condition on a symbol") if isinstance(value, Expr) else bool(value)


def given(value: Value) -> bool | Unknown:
    """Whether a value is not None."""
    return value if isinstance(value, Unknown) else value is not None


def check_number(
    arguments: Arguments, name: str, least: int | None = None, below: int = INT64, code: str = "PAD106"
) -> Refusal | None:
    """Refuse what is not a whole number of at least `least` and less than `below`."""
    value = arguments[name]
    if isinstance(value, tuple) and len(value) == 1:
        return None  # torch unpacks some of them
    found = number(value)
    if found is None:
        return Refusal(code, f"{name}={show(value)} is not a whole number", name)
    return _out_of_range(name, value, (found,), least, below, code)


def check_sizes(
    arguments: Arguments, name: str, axes: int, least: int | None = None, below: int = INT64, one: bool = True
) -> Refusal | None:
    """Refuse what is not a whole number, or a tuple of them of a length that torch takes."""
    value = arguments[name]
    entries = value if isinstance(value, tuple) else (value,)
    found = numbers(entries)
    if found is None:
        text = any(isinstance(entry, str) for entry in entries) and name == "padding"
        return Refusal("PAD102" if text else "PAD106", f"{name}={show(value)}: this layer takes numbers only", name)
    if isinstance(value, tuple) and len(value) != axes and not (one and len(value) == 1):
        count = f"{len(value)} elements" if len(value) != 1 else "1 element"
        return Refusal("PAD104", f"{name}={show(value)} has {count}, {axes} wanted", name)
    return _out_of_range(name, value, found, least, below, "PAD106")


def _out_of_range(name: str, value: Value, found: Sizes, least: int | None, below: int, code: str) -> Refusal | None:
    for entry in found:
        if least is not None and less(entry, least):
            return Refusal(code, f"{name}={show(value)} is less than {least}", name)
        if less(entry, below) is False:
            return Refusal(code, f"{name}={show(value)} does not fit into torch's integers", name)
        if less(entry, -INT64):
            return Refusal(code, f"{name}={show(value)} does not fit into torch's integers", name)
    return None


def check_real(arguments: Arguments, name: str) -> Refusal | None:
    """Refuse what is not a number at all."""
    value = arguments[name]
    if isinstance(value, (int, float, Expr, Unknown)):
        return None
    return Refusal("PAD106", f"{name}={show(value)} is not a number", name)


def numeric(text: str) -> bool:
    """Whether float() takes this text, and gives a finite number."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def check_flag(arguments: Arguments, name: str) -> Refusal | None:
    """Refuse what is not True or False, where torch does."""
    value = arguments[name]
    if isinstance(value, (bool, Unknown, Expr)):
        return None
    return Refusal("PAD106", f"{name}={show(value)} is neither True nor False", name)


def check_choice(arguments: Arguments, name: str, choices: Container[str], code: str = "PAD106") -> Refusal | None:
    """Refuse what is none of the texts that torch knows."""
    value = arguments[name]
    if isinstance(value, Unknown) or (isinstance(value, str) and value in choices):
        return None
    return Refusal(code, f"{name}={show(value)} is not known", name)


def show(value: Value | Shape) -> str:
    """A value as a program would write it."""
    if isinstance(value, tuple):
        inner = ", ".join(show(entry) for entry in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return str(value) if isinstance(value, (Expr, Unknown)) else repr(value)
