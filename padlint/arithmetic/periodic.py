"""Sums of floor divisions, seen one unknown at a time.

A sum in one unknown x, with // by numbers, min and max, repeats itself: f(x + P) = f(x) + S from some x on, so finitely
many values decide what holds for all. The unknown may be a symbol or anything opaque (a product of symbols, or
x // symbol): what is proved for every integer that it could be holds for those that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, lcm

from padlint.arithmetic.bounds import Interval, interval, product_interval
from padlint.arithmetic.terms import Extreme, Floor, Product, Sum, Term

LONGEST_PERIOD = 2_048
LONGEST_START = 4_096


@dataclass(frozen=True, slots=True)
class Ray:
    """The unknown `product` taking the values sign * t for t = first, first + 1, ..."""

    product: Product
    sign: int
    first: int


@dataclass(frozen=True, slots=True)
class Profile:
    """f(t + period) = f(t) + slope for every t >= start on a ray."""

    period: int
    slope: int
    start: int


@dataclass(frozen=True, slots=True)
class Values:
    """What is known of all values of a sum: they lie in `reach` and are `residue` modulo `modulus`.

    A modulus of 0 says that there is only that value. `zero` says whether 0 is among them, where that is known.
    """

    reach: Interval
    residue: int
    modulus: int
    zero: bool | None

    def never(self) -> bool:
        """Whether 0 is surely not among them."""
        low, high = self.reach.low, self.reach.high
        off = self.residue % self.modulus != 0 if self.modulus else self.residue != 0
        return off or (low is not None and low > 0) or (high is not None and high < 0) or self.zero is False

    def always(self) -> bool:
        """Whether there is nothing but 0 among them."""
        return (self.modulus == 0 and self.residue == 0) or (self.reach.low == 0 == self.reach.high)


def unknowns(total: Sum) -> frozenset[Product]:
    """The products that have to be known to compute the sum with nothing but sums, // by numbers, min and max."""
    found: set[Product] = set()
    for product, _ in total.terms:
        parts = _parts(product)
        found = found.union(*map(unknowns, parts)) if parts else found | {product}
    return frozenset(found)


def _parts(product: Product) -> tuple[Sum, ...]:
    """The sums inside a product that is a // by a number, a min or a max; none if it is opaque."""
    atom = product[0]
    if len(product) == 1 and isinstance(atom, Floor) and not atom.denominator.terms:
        return (atom.numerator,)
    return atom.arguments if len(product) == 1 and isinstance(atom, Extreme) else ()


def values(total: Sum, ray: Ray, times: Sequence[int]) -> list[int]:
    """The value of a sum in one unknown at each of the times of the ray."""
    result = [total.constant] * len(times)
    for product, coefficient in total.terms:
        column = _column(product, ray, times)
        result = [value + coefficient * other for value, other in zip(result, column, strict=True)]
    return result


def _column(product: Product, ray: Ray, times: Sequence[int]) -> list[int]:
    atom, parts = product[0], _parts(product)
    if not parts:
        return [ray.sign * time for time in times]
    columns = [values(part, ray, times) for part in parts]
    if isinstance(atom, Floor):
        return [value // atom.denominator.constant for value in columns[0]]
    return list(map(min if isinstance(atom, Extreme) and atom.kind == "min" else max, *columns))


def profile(total: Sum, ray: Ray) -> Profile | None:
    """How a sum in one unknown repeats on a ray; None if that takes too long to see."""
    period, start = 1, ray.first
    slopes: list[tuple[int, Profile]] = []
    for product, coefficient in total.terms:
        part = _part_profile(product, ray)
        if part is None:
            return None
        period, start = lcm(period, part.period), max(start, part.start)
        slopes.append((coefficient, part))
    if period > LONGEST_PERIOD or start - ray.first > LONGEST_START:
        return None
    return Profile(period, sum(factor * part.slope * (period // part.period) for factor, part in slopes), start)


def _part_profile(product: Product, ray: Ray) -> Profile | None:
    atom, parts = product[0], _parts(product)
    if not parts:
        return Profile(1, ray.sign, ray.first)
    inner = [profile(part, ray) for part in parts]
    known = [one for one in inner if one is not None]
    if len(known) < len(inner):
        return None
    if isinstance(atom, Floor):
        divisor, part = atom.denominator.constant, known[0]
        repeat = divisor // gcd(divisor, part.slope)
        return Profile(part.period * repeat, part.slope * repeat // divisor, part.start)
    return _extreme_profile(parts, known, ray, 1 if isinstance(atom, Extreme) and atom.kind == "min" else -1)


def _extreme_profile(parts: Sequence[Sum], profiles: Sequence[Profile], ray: Ray, sign: int) -> Profile | None:
    """min (sign 1) or max (sign -1): in the end the arguments of the least slope decide; from when on?"""
    period = lcm(*(one.period for one in profiles))
    start = max(one.start for one in profiles)
    if period > LONGEST_PERIOD or start - ray.first > LONGEST_START:
        return None
    slopes = [sign * one.slope * (period // one.period) for one in profiles]
    times = range(start, start + period)
    columns = [[sign * value for value in values(part, ray, times)] for part in parts]
    least = min(slopes)
    winner = [min(row) for row in zip(*_of_slope(columns, slopes, least), strict=True)]
    wait = 0
    for column, slope in zip(columns, slopes, strict=True):
        if slope > least:
            ahead = max(best - value for best, value in zip(winner, column, strict=True))
            wait = max(wait, -(-ahead // (slope - least)))
    return Profile(period, sign * least, start + wait * period)


def _of_slope(columns: list[list[int]], slopes: list[int], wanted: int) -> list[list[int]]:
    return [column for column, slope in zip(columns, slopes, strict=True) if slope == wanted]


def rays(product: Product) -> tuple[Ray, ...]:
    """One ray from the least value that the unknown can have; two, away from 0, if there is none."""
    low = product_interval(product).low
    return (Ray(product, 1, 0), Ray(product, -1, 1)) if low is None else (Ray(product, 1, low),)


def survey(total: Sum) -> Values:
    """What is known of all values of any sum. Each group of terms that shares unknowns with no other is seen alone."""
    reach, residue, modulus, zero = Interval(total.constant, total.constant), total.constant, 0, None
    groups = _groups(total)
    for group in groups:
        part = _survey_group(group, total.constant if len(groups) == 1 else None)
        reach, residue, modulus, zero = (
            reach.plus(part.reach),
            residue + part.residue,
            gcd(modulus, part.modulus),
            part.zero,
        )
    return Values(reach.meet(interval(total)), residue, modulus, zero)


def _groups(total: Sum) -> list[Sum]:
    groups: list[tuple[frozenset[Product], tuple[Term, ...]]] = []
    for term in total.terms:
        mine = unknowns(Sum((term,), 0))
        joined = [group for group in groups if group[0] & mine]
        groups = [group for group in groups if not group[0] & mine]
        terms = tuple(other for group in joined for other in group[1])
        groups.append((mine.union(*(group[0] for group in joined)), (*terms, term)))
    return [Sum(terms, 0) for _, terms in groups]


def _survey_group(group: Sum, offset: int | None) -> Values:
    """Of one group; `zero` answers whether offset + group can be 0, where an offset is given."""
    names = unknowns(group)
    surveys = [_survey_ray(group, ray, offset) for ray in rays(next(iter(names)))] if len(names) == 1 else [None]
    known = [one for one in surveys if one is not None]
    if len(known) < len(surveys):
        return Values(interval(group), 0, gcd(*(coefficient for _, coefficient in group.terms)), None)
    first, last = known[0], known[-1]
    reach = Interval(
        None if first.reach.low is None or last.reach.low is None else min(first.reach.low, last.reach.low),
        None if first.reach.high is None or last.reach.high is None else max(first.reach.high, last.reach.high),
    )
    modulus = gcd(first.modulus, last.modulus, first.residue - last.residue)
    zero = None if offset is None else any(one.zero for one in known)
    return Values(reach, first.residue, modulus, zero)


def _survey_ray(group: Sum, ray: Ray, offset: int | None) -> Values | None:
    shape = profile(group, ray)
    if shape is None:
        return None
    column = values(group, ray, range(ray.first, shape.start + shape.period))
    low = None if shape.slope < 0 else min(column)
    high = None if shape.slope > 0 else max(column)
    modulus = gcd(shape.slope, *(value - column[0] for value in column))
    zero = None if offset is None else _meets_zero([value + offset for value in column], shape)
    return Values(Interval(low, high), column[0], modulus, zero)


def _meets_zero(column: list[int], shape: Profile) -> bool:
    if 0 in column:
        return True
    if not shape.slope:
        return False
    return any(value % shape.slope == 0 and value // -shape.slope > 0 for value in column[-shape.period :])
