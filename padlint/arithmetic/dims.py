"""Sizes: integers, symbols, and expressions in + - * // % min max; comparisons with three answers.

A value that is not known is an `Unknown`, and what is computed with it is that Unknown. Nothing here raises on a value,
however absurd: what grows past every reasonable bound becomes Unknown with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from padlint.arithmetic import algebra
from padlint.arithmetic.periodic import Values, survey
from padlint.arithmetic.terms import Atom, Extreme, Floor, Kind, Sum, Symbol, symbols_of
from padlint.arithmetic.text import render
from padlint.errors import BoundExceeded
from padlint.finding import Place


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known: why, and where knowledge was lost."""

    reason: str
    place: Place | None = None

    def _spread(self, other: object) -> Unknown:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _spread
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _spread

    def __neg__(self) -> Unknown:
        return self

    def __str__(self) -> str:
        return "?"


@dataclass(frozen=True, slots=True, repr=False)
class Expr:
    """A size that depends on symbols, in normal form: equal expressions are equal for every value of their symbols.

    The operators take and give ints, expressions and Unknowns; // and % are Python's, also for negative numbers.
    """

    total: Sum

    def __add__(self, other: Dim) -> Dim:
        return _apply(algebra.add, self, other)

    def __radd__(self, other: int) -> Dim:
        return _apply(algebra.add, other, self)

    def __sub__(self, other: Dim) -> Dim:
        return _apply(algebra.subtract, self, other)

    def __rsub__(self, other: int) -> Dim:
        return _apply(algebra.subtract, other, self)

    def __mul__(self, other: Dim) -> Dim:
        return _apply(algebra.multiply, self, other)

    def __rmul__(self, other: int) -> Dim:
        return _apply(algebra.multiply, other, self)

    def __floordiv__(self, other: Dim) -> Dim:
        return _apply(algebra.floor_divide, self, other)

    def __rfloordiv__(self, other: int) -> Dim:
        return _apply(algebra.floor_divide, other, self)

    def __mod__(self, other: Dim) -> Dim:
        return _apply(algebra.modulo, self, other)

    def __rmod__(self, other: int) -> Dim:
        return _apply(algebra.modulo, other, self)

    def __neg__(self) -> Dim:
        return _apply(algebra.subtract, 0, self)

    def __str__(self) -> str:
        return render(self.total)

    __repr__ = __str__


Size = int | Expr
Dim = int | Expr | Unknown


def symbol(name: str, minimum: int | None = None) -> Expr:
    """The expression that is one symbol. Sizes have minimum 1; None is for what may be any integer."""
    return Expr(algebra.single(Symbol(name, minimum)))


def as_sum(size: Size) -> Sum:
    """The normal form of a size, for the modules of this package."""
    return size.total if isinstance(size, Expr) else algebra.constant(size)


def _size(total: Sum) -> Size:
    return Expr(total) if total.terms else total.constant


def _apply(operation: Callable[[Sum, Sum], Sum], left: Dim, right: Dim) -> Dim:
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if not isinstance(left, (int, Expr)) or not isinstance(right, (int, Expr)):
        return NotImplemented
    return _computed(operation, left, right)


@lru_cache(maxsize=2_048)
def _computed(operation: Callable[[Sum, Sum], Sum], left: Size, right: Size) -> Dim:
    try:
        return _size(operation(as_sum(left), as_sum(right)))
    except (BoundExceeded, ZeroDivisionError) as problem:
        return Unknown(str(problem))


def floor_divide(left: Dim, right: Dim) -> Dim:
    """left // right; Unknown where right is 0."""
    if isinstance(left, int) and isinstance(right, int) and right:
        return left // right
    return _apply(algebra.floor_divide, left, right)


def ceil_divide(left: Dim, right: Dim) -> Dim:
    """left / right rounded up; Unknown where right is 0."""
    return -floor_divide(-left, right)


def minimum(*dims: Dim) -> Dim:
    """The least of one or more dims."""
    return _extreme("min", dims)


def maximum(*dims: Dim) -> Dim:
    """The greatest of one or more dims."""
    return _extreme("max", dims)


def _extreme(kind: Kind, dims: tuple[Dim, ...]) -> Dim:
    sizes: list[Size] = []
    for dim in dims:
        if isinstance(dim, Unknown):
            return dim
        sizes.append(dim)
    try:
        return _size(algebra.extreme(kind, map(as_sum, sizes)))
    except BoundExceeded as problem:
        return Unknown(str(problem))


@lru_cache(maxsize=16_384)
def _difference(left: Dim, right: Dim) -> Values | None:
    """What is known of left - right."""
    difference = _apply(algebra.subtract, left, right)
    return None if isinstance(difference, Unknown) else survey(as_sum(difference))


def equal(left: Dim, right: Dim) -> bool | None:
    """True: equal for every value of the symbols. False: different for every value. None: neither is proved."""
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    found = _difference(left, right)
    if found is None or not (found.always() or found.never()):
        return None
    return found.always()


def less(left: Dim, right: Dim) -> bool | None:
    """Whether left < right: True for every value of the symbols, False for none, None if neither is proved."""
    if isinstance(left, int) and isinstance(right, int):
        return left < right
    found = _difference(left, right)
    if found is None:
        return None
    if found.reach.high is not None and found.reach.high < 0:
        return True
    return False if found.reach.low is not None and found.reach.low >= 0 else None


def at_least(left: Dim, right: Dim) -> bool | None:
    """Whether left >= right: True for every value of the symbols, False for none, None if neither is proved."""
    below = less(left, right)
    return None if below is None else not below


def symbols(dim: Dim) -> frozenset[str]:
    """The names of the symbols in `dim`."""
    return frozenset(one.name for one in symbols_of(dim.total)) if isinstance(dim, Expr) else frozenset()


def is_size(dim: Dim) -> bool:
    """Is this an integer for sure: one made of numbers and of sizes, which have a minimum?"""
    return isinstance(dim, int) or (
        isinstance(dim, Expr) and all(one.minimum is not None for one in symbols_of(dim.total))
    )


def evaluate(dim: Dim, bindings: Mapping[str, int]) -> int:
    """The value of `dim` where the symbols have these values.

    Raises:
        KeyError: a symbol has no value
        ZeroDivisionError: as in Python
        ValueError: dim is Unknown
    """
    if isinstance(dim, Unknown):
        raise ValueError(f"the size is not known: {dim.reason}")
    return _evaluate(dim.total, bindings) if isinstance(dim, Expr) else dim


def _evaluate(total: Sum, bindings: Mapping[str, int]) -> int:
    result = total.constant
    for product, coefficient in total.terms:
        for atom in product:
            coefficient *= _evaluate_atom(atom, bindings)
        result += coefficient
    return result


def _evaluate_atom(atom: Atom, bindings: Mapping[str, int]) -> int:
    match atom:
        case Symbol(name):
            return bindings[name]
        case Floor(numerator, denominator):
            return _evaluate(numerator, bindings) // _evaluate(denominator, bindings)
        case Extreme(kind, arguments):
            return (min if kind == "min" else max)(_evaluate(argument, bindings) for argument in arguments)


def substitute(dim: Dim, bindings: Mapping[str, Dim]) -> Dim:
    """`dim` with these symbols replaced, the others kept; in normal form again."""
    return _substitute(dim.total, bindings) if isinstance(dim, Expr) else dim


def _substitute(total: Sum, bindings: Mapping[str, Dim]) -> Dim:
    result: Dim = total.constant
    for product, coefficient in total.terms:
        value: Dim = coefficient
        for atom in product:
            value = value * _substitute_atom(atom, bindings)
        result = result + value
    return result


def _substitute_atom(atom: Atom, bindings: Mapping[str, Dim]) -> Dim:
    match atom:
        case Symbol(name):
            return bindings.get(name, Expr(algebra.single(atom)))
        case Floor(numerator, denominator):
            return floor_divide(_substitute(numerator, bindings), _substitute(denominator, bindings))
        case Extreme(kind, arguments):
            return _extreme(kind, tuple(_substitute(argument, bindings) for argument in arguments))
