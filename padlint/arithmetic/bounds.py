"""The least and the greatest value of a sum, from the minimums of its symbols.

A floor division lies between two linear functions, (x - m + 1)/m <= x//m <= x/m. Replacing each floor by the one that
errs on the safe side leaves a linear function of the remaining products, whose bounds follow from theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm

from padlint.arithmetic.terms import Atom, Extreme, Floor, Product, Sum, Symbol, Term

_EXTREMES_EXPANDED = 3


@dataclass(frozen=True, slots=True)
class Interval:
    """All integers from `low` to `high`, both included; None is without bound."""

    low: int | None = None
    high: int | None = None

    def meet(self, other: Interval) -> Interval:
        """What lies in both."""
        return Interval(_pick(max, self.low, other.low), _pick(min, self.high, other.high))

    def plus(self, other: Interval) -> Interval:
        """Every sum of a number of the one and a number of the other."""
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)


def _pick(choose: Callable[[int, int], int], left: int | None, right: int | None) -> int | None:
    """`choose` of the two that are not None."""
    if left is None or right is None:
        return right if left is None else left
    return choose(left, right)


def interval(total: Sum) -> Interval:
    """Bounds that hold for every value of the symbols; not always the narrowest."""
    return _interval(total, _EXTREMES_EXPANDED)


def _interval(total: Sum, expansions: int) -> Interval:
    if not total.terms:
        return Interval(total.constant, total.constant)
    for place, (product, coefficient) in enumerate(total.terms):
        if expansions and len(product) == 1 and isinstance(product[0], Extreme):
            rest = total.terms[:place] + total.terms[place + 1 :]
            return _expanded(product[0], coefficient, Sum(rest, total.constant), expansions - 1)
    return Interval(_linear_bound(total, -1), _linear_bound(total, 1))


def _expanded(atom: Extreme, coefficient: int, rest: Sum, expansions: int) -> Interval:
    """Bounds of coefficient * atom + rest, one argument of the atom at a time."""
    cases = [_interval(_combined(rest, argument, coefficient), expansions) for argument in atom.arguments]
    lows, highs = [case.low for case in cases], [case.high for case in cases]
    if (atom.kind == "min") == (coefficient > 0):  # the whole is the least of the cases
        known = [high for high in highs if high is not None]
        return Interval(_all_or_none(min, lows), min(known, default=None))
    known = [low for low in lows if low is not None]
    return Interval(max(known, default=None), _all_or_none(max, highs))


def _all_or_none(choose: Callable[[list[int]], int], bounds: list[int | None]) -> int | None:
    known = [bound for bound in bounds if bound is not None]
    return choose(known) if len(known) == len(bounds) else None


def _combined(rest: Sum, argument: Sum, coefficient: int) -> Sum:
    """rest + coefficient * argument, unordered: good enough to be bounded."""
    totals: dict[Product, int] = dict(rest.terms)
    for product, factor in argument.terms:
        totals[product] = totals.get(product, 0) + coefficient * factor
    terms: tuple[Term, ...] = tuple((product, factor) for product, factor in totals.items() if factor)
    return Sum(terms, rest.constant + coefficient * argument.constant)


@dataclass(slots=True)
class _Linear:
    """(constant + sum of coefficient * product) / divisor: a linear function on one side of the sum."""

    products: dict[Product, int]
    constant: int
    divisor: int

    def add(self, other: _Linear, factor: int) -> None:
        common = lcm(self.divisor, other.divisor)
        mine, theirs = common // self.divisor, common // other.divisor * factor
        if mine > 1:
            self.products = {product: value * mine for product, value in self.products.items()}
        for product, value in other.products.items():
            self.products[product] = self.products.get(product, 0) + value * theirs
        self.constant = self.constant * mine + other.constant * theirs
        self.divisor = common


def _linear_bound(total: Sum, side: int) -> int | None:
    """The bound above (side 1) or below (side -1)."""
    linear = _linear(total, side)
    value = linear.constant
    for product, coefficient in linear.products.items():
        if not coefficient:
            continue
        reach = product_interval(product)
        extreme = reach.high if coefficient * side > 0 else reach.low
        if extreme is None:
            return None
        value += coefficient * extreme
    return value // linear.divisor if side > 0 else -(-value // linear.divisor)


def _linear(total: Sum, side: int) -> _Linear:
    """A linear function that is >= total (side 1) or <= total (side -1) everywhere."""
    result = _Linear({}, total.constant, 1)
    for product, coefficient in total.terms:
        atom = product[0]
        if len(product) == 1 and isinstance(atom, Floor) and not atom.denominator.terms:
            divisor = atom.denominator.constant
            direction = side if coefficient > 0 else -side
            part = _linear(atom.numerator, direction)
            if direction < 0:
                part.constant -= (divisor - 1) * part.divisor
            part.divisor *= divisor
            result.add(part, coefficient)
        else:
            result.add(_Linear({product: 1}, 0, 1), coefficient)
    return result


def product_interval(product: Product) -> Interval:
    """Bounds of a product; of several factors only where none can be negative."""
    reaches = [_atom_interval(atom) for atom in product]
    if len(reaches) == 1:
        return reaches[0]
    low, high = 1, 1 if all(reach.high is not None for reach in reaches) else None
    for reach in reaches:
        if reach.low is None or reach.low < 0:
            even = len(product) % 2 == 0 and len(set(product)) == 1
            return Interval(0 if even else None, None)
        low *= reach.low
        if high is not None and reach.high is not None:
            high *= reach.high
    return Interval(low, high)


def _atom_interval(atom: Atom) -> Interval:
    match atom:
        case Symbol(_, minimum):
            return Interval(minimum, None)
        case Extreme():
            return _interval(Sum((((atom,), 1),), 0), 1)
        case Floor(numerator, denominator):
            above, below = interval(numerator), interval(denominator)
            if not denominator.terms:
                return _floored(above, denominator.constant)
            if above.low is None or above.low < 0 or below.low is None or below.low < 1:
                return Interval()
            return Interval(0, None if above.high is None else above.high // below.low)


def _floored(reach: Interval, divisor: int) -> Interval:
    low = None if reach.low is None else reach.low // divisor
    return Interval(low, None if reach.high is None else reach.high // divisor)
