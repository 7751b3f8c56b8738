"""The other direction: which sizes of the inputs make a product of sizes one given number.

A Linear behind a Flatten takes `in_features` features, and c * f(H) * g(W) of them arrive, where f and g are what the
windows make of the height and the width. All divisors of in_features / c are tried, so the answer is exact: no sizes,
or finitely many boxes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from padlint.arithmetic.dims import Dim, Expr, Unknown, as_sum, symbols
from padlint.arithmetic.periodic import Profile, profile, rays, unknowns, values
from padlint.arithmetic.terms import Sum, Symbol

MOST = 10**10
BOXES = 4096

Box = Mapping[str, tuple[int, ...]]
"""Sizes by symbol; every combination of them."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A size that depends on one symbol: its values for the symbol's values from `first` on, and how they go on."""

    symbol: str
    first: int
    column: tuple[int, ...]
    profile: Profile

    def where(self, size: int) -> tuple[int, ...] | None:
        """Every value of the symbol that gives this size; None where they are without end."""
        found = {self.first + place for place, value in enumerate(self.column) if value == size}
        period, slope = self.profile.period, self.profile.slope
        tail = self.column[-period:]
        start = self.first + len(self.column) - period
        if not slope:
            return None if size in tail else tuple(sorted(found))
        for place, value in enumerate(tail):
            turns, rest = divmod(size - value, slope)
            if not rest and turns >= 0:
                found.add(start + place + turns * period)
        return tuple(sorted(found))


def axis(size: Expr) -> Axis | None:
    """A size as a function of its only symbol; None where it has several, or takes too long to see."""
    total: Sum = as_sum(size)
    products = unknowns(total)
    product = next(iter(products))
    if len(products) > 1 or len(product) > 1 or not isinstance(product[0], Symbol):
        return None
    (ray, *others) = rays(product)
    shape = profile(total, ray)
    if others or shape is None:
        return None
    column = tuple(values(total, ray, range(ray.first, shape.start + shape.period)))
    return Axis(product[0].name, ray.first, column, shape)


def boxes(factors: Sequence[Dim], wanted: int) -> tuple[Box, ...] | None:
    """Every assignment of the symbols for which the product of the factors is `wanted`, each factor at least 1.

    None: not known, because a factor is not, two depend on the same symbol, there is no end to them, or it is too much
    work.
    """
    known = 1
    axes: list[Axis] = []
    for factor in factors:
        if isinstance(factor, Unknown):
            return None
        if isinstance(factor, int):
            known *= factor
            continue
        found = axis(factor)
        if found is None or any(other.symbol == found.symbol for other in axes):
            return None
        axes.append(found)
    if not axes or not 0 < wanted <= MOST or known < 1:
        return None
    if wanted % known:
        return ()
    result: list[Box] = []
    for sizes in _factorisations(wanted // known, len(axes)):
        box = {each.symbol: each.where(size) for each, size in zip(axes, sizes, strict=True)}
        if all(box[each.symbol] != () for each in axes):
            finite = {name: found for name, found in box.items() if found is not None}
            if len(finite) < len(box) or len(result) >= BOXES:
                return None
            result.append(finite)
    return tuple(result)


def indivisible(factors: Iterable[Dim], wanted: int) -> int | None:
    """The product of the factors that are numbers, where it does not divide `wanted`."""
    known = 1
    for factor in factors:
        known *= factor if isinstance(factor, int) else 1
    return known if known > 0 and wanted % known else None


def _factorisations(number: int, count: int) -> Iterator[tuple[int, ...]]:
    """Every way to write a number as an ordered product of `count` numbers."""
    if count == 1:
        yield (number,)
        return
    for divisor in _divisors(number):
        for rest in _factorisations(number // divisor, count - 1):
            yield (divisor, *rest)


def _divisors(number: int) -> list[int]:
    small = [one for one in range(1, int(number**0.5) + 1) if number % one == 0]
    return [*small, *(number // one for one in reversed(small) if one * one != number)]


def meet(one: Sequence[Box], other: Sequence[Box]) -> tuple[Box, ...]:
    """The sizes in both; a symbol that only one speaks of is free in the other."""
    found: list[Box] = []
    for left in one:
        for right in other:
            both = {
                name: tuple(n for n in left.get(name, right.get(name, ())) if n in right.get(name, left.get(name, ())))
                for name in {**left, **right}
            }
            if all(both.values()):
                found.append(both)
    return tuple(found)


def describe(found: Sequence[Box], sizes: Sequence[Dim]) -> str | None:
    """`28..31 x 28..31`: the sizes of the inputs, those of square inputs where there are any; `any`: an axis is free.

    `sizes` are the axes in order; None where nothing is known of any of them, or the sizes are too many to say.
    """
    names = [next(iter(symbols(size)), "") if isinstance(size, Expr) else str(size) for size in sizes]
    told = [box for box in found if all(name not in box or box[name] for name in names)]
    square = [cut for box in told if (cut := _square(box, names)) is not None]
    chosen = square or told
    if len(chosen) != 1 or not any(name in chosen[0] for name in names):
        return None
    return " x ".join(_listed(chosen[0][name]) if name in chosen[0] else _free(name) for name in names)


def _free(name: str) -> str:
    return name if name.isdigit() else "any"


def _square(box: Box, names: Sequence[str]) -> Box | None:
    """A box that holds an input with all sides equal."""
    sides = [set(box[name]) for name in names if name in box]
    return box if len(sides) > 1 and set.intersection(*sides) else None


def _listed(numbers: Sequence[int]) -> str:
    """`28..31`, `28`, `28, 30`."""
    low, high = numbers[0], numbers[-1]
    if high - low + 1 == len(numbers):
        return str(low) if low == high else f"{low}..{high}"
    return ", ".join(map(str, numbers)) if len(numbers) <= 4 else f"{len(numbers)} sizes of {low}..{high}"
