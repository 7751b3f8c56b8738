"""What values weigh: the words of memory that they take, and work for whoever looks at all of them.

All that a run makes, and all that it looks at, it pays for with steps (`Machine.charge`): the bound on steps is one on
memory and time as well. What one value may weigh is bounded too, since one that is too large to be made costs too much
before it can be paid for. There is no other bound on the size of values.
"""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic.algebra import LARGEST
from padlint.errors import BoundExceeded
from padlint.evaluate.values import Condition, Data, Many, Partial, Tensor, Value
from padlint.layers.base import Shape

MOST = 100_000
"""Words of one value: items of a container, or of all tuples within a tuple; an eighth of the characters of a text."""
BITS = 1024
"""Of one integer: larger than any size, and any product of some, and small enough for Python to print."""
AXES = 64
"""Of a tensor; torch computes with no more."""
DEEPEST = 200
"""Tuples within tuples."""
FACTOR = 8
"""Words that one step pays for."""
LOOK = 8
"""How many items are looked at in the time that it takes to make one."""
PAIR = 8
"""Words that a key with its value takes in a dict, and a child in a module."""
CALL = 16
"""Words that the record of a call takes."""


class TooLarge(BoundExceeded):
    """A value that would weigh too much: what it stands for is not known, and the program goes on."""


def words(characters: int) -> int:
    """What so many characters weigh."""
    return characters >> 3


def weight(value: Value) -> int:
    """The words of a value that is no object: containers pay for what they hold when it is put in.

    Raises:
        TooLarge: more than one value may have, of whatever it is
    """
    kind = type(value)
    if kind is str or kind is bytes:
        return _within(words(len(value)), "a text")  # type: ignore[arg-type]
    if kind is int:
        return integer(value) >> 6  # type: ignore[arg-type]
    if isinstance(value, Tensor):
        return _sizes(value.shape)
    if isinstance(value, Data):
        return len(value.numbers)
    return _unfolded(value) if _parts(value) else 0


def integer(value: int) -> int:
    """How many bits an integer has. Raises TooLarge."""
    bits = value.bit_length()
    if bits > BITS:
        raise TooLarge("an integer too large to compute with")
    return bits


def _sizes(shape: Shape) -> int:
    if len(shape) > AXES:
        raise TooLarge(f"a tensor of {len(shape)} axes, more than torch computes with")
    if any(isinstance(size, int) and abs(size) > LARGEST for size in shape):
        raise TooLarge("a tensor of sizes too large to follow")
    return len(shape)


def _within(amount: int, what: str) -> int:
    if amount > MOST:
        raise TooLarge(f"{what} too long to follow")
    return amount


def _parts(value: Value) -> Sequence[Value]:
    """What Python looks into where it hashes a value or compares it."""
    if type(value) is tuple:
        return value
    if isinstance(value, Condition):
        return value.left, value.right
    if isinstance(value, Partial):
        return value.func, *value.args, *[each for _, each in value.keywords]
    return (value.value,) if isinstance(value, Many) else ()


def _unfolded(value: Value) -> int:
    """The items of a value and of all values in it, each as often as it comes: as Python's `hash` and `==` see it."""
    total = depth = 0
    level: list[Sequence[Value]] = [_parts(value)]
    while level:
        total += sum(map(len, level))
        depth += 1
        if depth > DEEPEST:
            raise TooLarge("values nested too deeply to follow")
        _within(total, "a tuple")
        level = [inner for items in level for item in items if type(item) in _NESTED and (inner := _parts(item))]
    return total


_NESTED = frozenset({tuple, Condition, Partial, Many})
