"""The normal form of symbolic sizes: sums, products, floor divisions and extremes of `terms.Sum`.

Floor divisions nest, ((x//a) + b)//c = (x + a*b)//(a*c); multiples come out, (c*q + r)//c = q + r//c; common factors
go, (g*x + b)//(g*c) = (x + b//g)//c; and min and max come out of a floor division, which is monotone. So a chain of
windows over an unknown size is one floor division. All of it holds for negative numbers too: // is Python's.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from padlint.arithmetic.bounds import interval
from padlint.arithmetic.terms import Atom, Extreme, Floor, Kind, Product, Sum, Symbol, Term, product_key
from padlint.errors import BoundExceeded

MOST_NODES = 200
LARGEST = 10**30
MOST_ARGUMENTS = 12
_EXTREMES_IN_FLOOR = 3
TOO_LONG = "the expression for this size is too long to follow"


def constant(value: int) -> Sum:
    """The sum that is only a number."""
    return collect((), value)


def collect(terms: Iterable[Term], value: int) -> Sum:
    """The ordered sum of the terms.

    Raises:
        BoundExceeded: more nodes or larger numbers than a size can reasonably have
    """
    totals: dict[Product, int] = {}
    for product, coefficient in terms:
        totals[product] = totals.get(product, 0) + coefficient
    kept = [(product, coefficient) for product, coefficient in totals.items() if coefficient]
    if sum(atom.nodes for product, _ in kept for atom in product) > MOST_NODES:
        raise BoundExceeded(TOO_LONG)
    if abs(value) > LARGEST or any(abs(coefficient) > LARGEST for _, coefficient in kept):
        raise BoundExceeded("the numbers of this size are too large to follow")
    return Sum(tuple(sorted(kept, key=lambda term: product_key(term[0]))), value)


def single(atom: Atom) -> Sum:
    """The sum that is only this atom."""
    return collect((((atom,), 1),), 0)


def add(left: Sum, right: Sum) -> Sum:
    """left + right."""
    return collect(left.terms + right.terms, left.constant + right.constant)


def scale(total: Sum, factor: int) -> Sum:
    """total * factor."""
    return collect(((product, coefficient * factor) for product, coefficient in total.terms), total.constant * factor)


def subtract(left: Sum, right: Sum) -> Sum:
    """left - right."""
    return add(left, scale(right, -1))


def multiply(left: Sum, right: Sum) -> Sum:
    """left * right."""
    if not left.terms:
        return scale(right, left.constant)
    if not right.terms:
        return scale(left, right.constant)
    if len(left.terms) * len(right.terms) > MOST_NODES:
        raise BoundExceeded(TOO_LONG)
    terms = [
        (tuple(sorted(one + other, key=lambda atom: atom.key)), first * second)
        for one, first in (*left.terms, ((), left.constant))
        for other, second in (*right.terms, ((), right.constant))
    ]
    number = left.constant * right.constant
    return collect((term for term in terms if term[0]), number)


def modulo(left: Sum, right: Sum) -> Sum:
    """left % right, which is left - right * (left//right)."""
    return subtract(left, multiply(right, floor_divide(left, right)))


def floor_divide(left: Sum, right: Sum) -> Sum:
    """left // right.

    Raises:
        ZeroDivisionError: right is the number 0
        BoundExceeded: as `collect`
    """
    if right.terms:
        return _symbolic_divide(left, right)
    if right.constant == 0:
        raise ZeroDivisionError("division by zero")
    return _divide(left, right.constant) if right.constant > 0 else _divide(scale(left, -1), -right.constant)


def _divide(total: Sum, divisor: int) -> Sum:
    """total // divisor, for a divisor above zero."""
    if divisor == 1:
        return total
    if not total.terms:
        return constant(total.constant // divisor)
    extremes = [atoms[0] for atoms, _ in total.terms if len(atoms) == 1 and isinstance(atoms[0], Extreme)]
    if 0 < len(extremes) <= _EXTREMES_IN_FLOOR:
        return _divide_extreme(total, divisor)
    if all(coefficient < 0 for _, coefficient in total.terms):  # floor(x/m) = -floor((m - 1 - x)/m)
        return scale(_divide(add(scale(total, -1), constant(divisor - 1)), divisor), -1)
    common = gcd(divisor, *(coefficient for _, coefficient in total.terms))
    divisor //= common
    number, remainder = divmod(total.constant // common, divisor)
    whole: list[Term] = []
    parts: list[Term] = []
    for product, coefficient in total.terms:
        quotient, part = divmod(coefficient // common, divisor)
        whole.append((product, quotient))
        if part:
            parts.append((product, part))
    return add(collect(whole, number), _nested(collect(parts, remainder), divisor))


def _nested(total: Sum, divisor: int) -> Sum:
    """total // divisor, all coefficients and the constant being between 0 and the divisor."""
    reach = interval(total)
    if reach.low is not None and reach.high is not None and reach.low // divisor == reach.high // divisor:
        return constant(reach.low // divisor)
    floors = [term for term in total.terms if any(not isinstance(atom, Symbol) for atom in term[0])]
    if len(floors) == 1 and floors[0][1] == 1 and len(floors[0][0]) == 1:
        inner = floors[0][0][0]
        if isinstance(inner, Floor) and not inner.denominator.terms:
            rest = collect((term for term in total.terms if term is not floors[0]), total.constant)
            scaled = scale(rest, inner.denominator.constant)
            return _divide(add(inner.numerator, scaled), inner.denominator.constant * divisor)
    return single(Floor(total, constant(divisor)))


def _divide_extreme(total: Sum, divisor: int) -> Sum:
    """The same where a min or a max is among the terms: it comes out, since // is monotone."""
    for product, coefficient in total.terms:
        atom = product[0]
        if len(product) == 1 and isinstance(atom, Extreme):
            rest = collect((term for term in total.terms if term[0] != product), total.constant)
            cases = [_divide(add(rest, scale(argument, coefficient)), divisor) for argument in atom.arguments]
            return extreme(atom.kind if coefficient > 0 else _OPPOSITE[atom.kind], cases)
    return total


_OPPOSITE: dict[Kind, Kind] = {"min": "max", "max": "min"}


def _symbolic_divide(left: Sum, right: Sum) -> Sum:
    """left // right for a divisor that is no number; where it is zero, the value does not matter."""
    if right.constant <= 0 and all(coefficient < 0 for _, coefficient in right.terms):
        left, right = scale(left, -1), scale(right, -1)
    common = gcd(left.constant, right.constant, *(value for side in (left, right) for _, value in side.terms))
    if common > 1:
        left, right = _reduced(left, common), _reduced(right, common)
    if not right.terms:
        return floor_divide(left, right)
    quotient, left = _whole_part(left, right)
    if not left.terms and not left.constant:
        return quotient
    return add(quotient, single(Floor(left, right)))


def _reduced(total: Sum, common: int) -> Sum:
    return collect(((product, value // common) for product, value in total.terms), total.constant // common)


def _whole_part(left: Sum, right: Sum) -> tuple[Sum, Sum]:
    """(quotient, rest) with left = quotient * right + rest: what can be divided without remainder, term by term."""
    if len(right.terms) > 1 or right.constant:
        product, coefficient = right.terms[0]
        factor, remainder = divmod(dict(left.terms).get(product, 0), coefficient)
        if factor and not remainder:
            rest = subtract(left, scale(right, factor))
            if not rest.terms:
                return constant(factor), rest
        return constant(0), left
    ((divisor, coefficient),) = right.terms
    whole: list[Term] = []
    number = 0
    rest_terms: list[Term] = []
    for product, value in left.terms:
        remaining = _without(product, divisor)
        if remaining is None or value % coefficient:
            rest_terms.append((product, value))
        elif remaining:
            whole.append((remaining, value // coefficient))
        else:
            number += value // coefficient
    return collect(whole, number), collect(rest_terms, left.constant)


def _without(product: Product, divisor: Product) -> Product | None:
    """The product without the factors of the divisor; None if it lacks one."""
    remaining = list(product)
    for atom in divisor:
        if atom not in remaining:
            return None
        remaining.remove(atom)
    return tuple(remaining)


def extreme(kind: Kind, arguments: Iterable[Sum]) -> Sum:
    """min or max of the arguments, without those that another one always beats; what all have in common comes out."""
    flat: list[Sum] = []
    for argument in arguments:
        flat.extend(_flattened(kind, argument))
    if len(flat) > MOST_ARGUMENTS:
        raise BoundExceeded(TOO_LONG)
    kept: list[Sum] = []
    for argument in flat:
        if any(_beats(kind, other, argument) for other in kept):
            continue
        kept = [*(other for other in kept if not _beats(kind, argument, other)), argument]
    if len(kept) == 1:
        return kept[0]
    common = _common(kept)
    kept = sorted((subtract(argument, common) for argument in kept), key=lambda total: total.key)
    return add(common, single(Extreme(kind, tuple(kept))))


def _flattened(kind: Kind, argument: Sum) -> list[Sum]:
    """min(min(a, b) + c, d) is min(a + c, b + c, d)."""
    for product, coefficient in argument.terms:
        atom = product[0]
        if len(product) == 1 and isinstance(atom, Extreme):
            inner = kind if coefficient > 0 else _OPPOSITE[kind]
            if atom.kind == inner and len(argument.terms) == 1:
                return [add(scale(one, coefficient), constant(argument.constant)) for one in atom.arguments]
    return [argument]


def _beats(kind: Kind, one: Sum, other: Sum) -> bool:
    """Whether `one` is never the worse choice of the two."""
    reach = interval(subtract(one, other))
    return (reach.high is not None and reach.high <= 0) if kind == "min" else (reach.low is not None and reach.low >= 0)


def _common(arguments: list[Sum]) -> Sum:
    """The terms that all arguments share, and the constant of the one that comes first without its constant."""
    shared = set(arguments[0].terms).intersection(*(argument.terms for argument in arguments[1:]))
    first = min(arguments, key=lambda total: "*".join(f"{product_key(term)}{value}" for term, value in total.terms))
    return collect(shared, first.constant)
