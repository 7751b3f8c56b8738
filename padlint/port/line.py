"""What the lines of a port are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from padlint.checks.layer import text
from padlint.errors import PadlintError
from padlint.evaluate.values import KerasObject
from padlint.layers.base import Shape, Value


class CannotPort(PadlintError):
    """A layer that no line of PyTorch is known for; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One layer of the port, `call` without `nn.`. `copies`: for each weight of Keras, in its order, what of the module it
    becomes and how it is turned (`"weight", ".permute(3, 2, 0, 1)"`)."""

    call: str
    comment: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A layer with the shapes that go in and out, in Keras's order of axes, all but the batch known where they must be."""

    layer: KerasObject
    before: Shape
    after: Shape
    args: dict[str, Value] = field(default_factory=dict)
    first: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """Which of Keras's axes each axis of the port is."""
        rank = len(self.before)
        return tuple(range(rank)) if self.first else (0, rank - 1, *range(1, rank - 1))

    @property
    def axes(self) -> int:
        return len(self.before) - 2


def known(sizes: Sequence[object], what: str) -> tuple[int, ...]:
    found = tuple(each for each in sizes if isinstance(each, int))
    if len(found) < len(sizes):
        raise CannotPort(f"{what} is not known")
    return found


def whole(value: object, what: str) -> int:
    return known([value], what)[0]


def short(values: Sequence[int]) -> str:
    """One number where all agree."""
    return str(values[0]) if len(set(values)) == 1 else text(tuple(values))


def permute(*dims: int) -> Line:
    return Line(f"Permute({', '.join(map(str, dims))})", own=True)


def to_last(rank: int) -> Line:
    return permute(0, *range(2, rank), 1)


def to_first(rank: int) -> Line:
    return permute(0, rank - 1, *range(1, rank - 1))


def turned_by(dims: Sequence[int]) -> str:
    return f".permute({', '.join(map(str, dims))})"
