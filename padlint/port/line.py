"""What the lines of a port are made of, and in which order the axes of its tensors lie.

Maps are channels first in a port, whatever they are in Keras, but for the layers that work on Keras's last axis: an
`Order` says which axis of Keras each axis of the port is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from padlint.checks.layer import text
from padlint.errors import PadlintError
from padlint.evaluate.values import KerasObject
from padlint.layers.base import Shape, Value
from padlint.layers.keras.base import channels_first

Order = tuple[int, ...]


class CannotPort(PadlintError):
    """A layer that no line of PyTorch is known for; the message says why."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What of a module the weight of this number becomes (of those that Keras's layer has left), and how it is turned:
    `Copy("weight", 0, ".permute(3, 2, 0, 1)")`."""

    attribute: str
    weight: int
    turned: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One layer of the port; `call` is without `nn.`, or builds a `helper`, a module that the port brings along."""

    call: str
    comment: str = ""
    copies: tuple[Copy, ...] = ()
    helper: str = ""

    @property
    def written(self) -> str:
        return self.call if self.helper else f"nn.{self.call}"


@dataclass(frozen=True, slots=True)
class Place:
    """A layer with the shapes that go in and out, in Keras's order of axes, and the order in which the port has them."""

    layer: KerasObject
    before: Shape
    after: Shape
    order: Order
    args: dict[str, Value] = field(default_factory=dict)

    @property
    def axes(self) -> int:
        return len(self.before) - 2

    @property
    def rank(self) -> int:
        return len(self.before)

    def axis(self, keras: int) -> int:
        """Where the port has an axis of Keras's, counted from the end too."""
        return self.order.index(keras % self.rank)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The order that a layer needs. `loose`: axes of size 1 may lie elsewhere."""

    order: Order
    why: str = ""
    loose: bool = False


def as_it_is(at: Place) -> Wanted:
    return Wanted(at.order)


def as_in_keras(at: Place) -> Wanted:
    return Wanted(in_keras(at.rank))


def channels_second(at: Place) -> Wanted:
    """The order of torch's maps, by the layer's own data_format."""
    return Wanted(in_keras(at.rank) if channels_first(at.args) else in_torch(at.rank))


def unchanged(at: Place) -> Order:
    return at.order


def new(at: Place) -> Order:
    """What comes out lies as in Keras."""
    return in_keras(len(at.after))


@dataclass(frozen=True, slots=True)
class Writer:
    """How one layer is written: the order of axes that it `wants`, its lines then, and the order of what it `gives`."""

    write: Callable[[Place], Iterator[Line]]
    wants: Callable[[Place], Wanted] = as_it_is
    gives: Callable[[Place], Order] = unchanged


Writers = dict[str, Writer]


def in_keras(rank: int) -> Order:
    return tuple(range(rank))


def in_torch(rank: int) -> Order:
    """Keras's last axis, the channels, is the second."""
    return (0, rank - 1, *range(1, rank - 1)) if rank > 2 else in_keras(rank)


def permuted(order: Order, wanted: Wanted, shape: Shape) -> Iterator[Line]:
    """The line, if one is needed, that brings axes into another order."""
    if wanted.order == order or (wanted.loose and _moved(order, shape) == _moved(wanted.order, shape)):
        return
    dims = ", ".join(str(order.index(each)) for each in wanted.order)
    yield Line(f"Permute({dims})", wanted.why, helper="Permute")


def _moved(order: Order, shape: Shape) -> list[int]:
    return [each for each in order if shape[each] != 1]


# ---------------------------------------------------------------- writing


def known(sizes: Sequence[object], what: str) -> tuple[int, ...]:
    found = tuple(each for each in sizes if isinstance(each, int))
    if len(found) < len(sizes):
        raise CannotPort(f"{what} is not known")
    return found


def whole(value: object, what: str) -> int:
    return known([value], what)[0]


def real(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CannotPort(f"{what} is not known")
    return value


def short(values: Sequence[int]) -> str:
    """One number where all agree."""
    return str(values[0]) if len(set(values)) == 1 else text(tuple(values))


def turned_by(dims: Sequence[int]) -> str:
    return f".permute({', '.join(map(str, dims))})"


def biased(at: Place, weights: int) -> tuple[Copy, ...]:
    """The bias, behind so many other weights, where there is one."""
    return (Copy("bias", weights),) if at.args["use_bias"] is True else ()
