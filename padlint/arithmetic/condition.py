"""For which values of one symbol two sizes are equal, exactly, and in words: "only when the height is even"."""

from __future__ import annotations

from dataclasses import dataclass

from padlint.arithmetic.algebra import subtract
from padlint.arithmetic.dims import Dim, Unknown, as_sum
from padlint.arithmetic.periodic import Profile, Ray, profile, unknowns, values
from padlint.arithmetic.terms import Symbol
from padlint.errors import BoundExceeded

_LISTED = 4


@dataclass(frozen=True, slots=True)
class Always:
    """Equal for every value."""

    def words(self, noun: str) -> str:
        """`for every value of the height`"""
        return f"for every value of {noun}"


@dataclass(frozen=True, slots=True)
class Never:
    """Different for every value."""

    def words(self, noun: str) -> str:
        """`for no value of the height`"""
        return f"for no value of {noun}"


@dataclass(frozen=True, slots=True)
class Only:
    """Equal for n >= minimum where n % modulus is one of `residues`, and for the `others`; n begins at `first`."""

    residues: tuple[int, ...]
    modulus: int
    minimum: int
    others: tuple[int, ...]
    first: int

    def holds(self, n: int) -> bool:
        """Whether the sizes are equal for this value."""
        return n in self.others or (n >= self.minimum and n % self.modulus in self.residues)

    def words(self, noun: str) -> str:
        """`only when the height is even and at least 4`"""
        if not self.residues:
            return f"only when {noun} {_listed(self.others, self.first)}"
        missing = [n for n in range(self.first, self.minimum) if n not in self.others]
        if self.modulus == 1 and self.others and len(missing) <= _LISTED:
            return f"only when {noun} is not {_choice(missing)}"
        pattern = _pattern(self.residues, self.modulus, noun)
        least = next(n for n in range(self.minimum, self.minimum + self.modulus) if n % self.modulus in self.residues)
        if missing:
            pattern = f"{pattern} and at least {least}" if pattern else f"{noun} is at least {least}"
        return f"only when {pattern}" + (f", or {_listed(self.others, self.first)}" if self.others else "")


Condition = Always | Never | Only


def when_equal(left: Dim, right: Dim, first: int | None = None) -> Condition | None:
    """For which values of their one symbol, from `first` on, the two sizes are equal.

    `first` is the symbol's minimum where it is not given, and 1 where it has none. None: more than one symbol, an
    Unknown, or too much work.
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    try:
        difference = subtract(as_sum(left), as_sum(right))
    except BoundExceeded:
        return None
    if not difference.terms:
        return Never() if difference.constant else Always()
    products = unknowns(difference)
    product = next(iter(products))
    if len(products) > 1 or len(product) > 1 or not isinstance(product[0], Symbol):
        return None
    ray = Ray(product, 1, _first(product[0], first))
    shape = profile(difference, ray)
    if shape is None:
        return None
    return _condition(values(difference, ray, range(ray.first, shape.start + shape.period)), shape, ray.first)


def _first(symbol: Symbol, first: int | None) -> int:
    if first is not None:
        return first
    return 1 if symbol.minimum is None else symbol.minimum


def _condition(column: list[int], shape: Profile, first: int) -> Condition:
    """From the differences for first, first + 1, ... up to the end of the first whole period."""
    tail = range(shape.start, shape.start + shape.period)
    others = {n for n, value in zip(range(first, shape.start), column, strict=False) if not value}
    ends = list(zip(tail, column[-shape.period :], strict=True))
    if shape.slope:  # each residue class crosses zero once, or jumps over it
        crossings = ((n, divmod(-value, shape.slope)) for n, value in ends)
        others |= {n + times * shape.period for n, (times, rest) in crossings if not rest and times >= 0}
        return _simplified(set(), 1, first, others, first)
    return _simplified({n % shape.period for n, value in ends if not value}, shape.period, shape.start, others, first)


def _simplified(residues: set[int], modulus: int, minimum: int, others: set[int], first: int) -> Condition:
    """The same set with the least modulus and minimum."""
    modulus = next(q for q in range(1, modulus + 1) if modulus % q == 0 and _repeats(residues, modulus, q))
    residues = {residue % modulus for residue in residues}
    if residues:
        while minimum > first and ((minimum - 1) in others) == ((minimum - 1) % modulus in residues):
            minimum -= 1
            others.discard(minimum)
    if not residues and not others:
        return Never()
    if len(residues) == modulus and minimum == first:
        return Always()
    return Only(tuple(sorted(residues)), modulus, minimum, tuple(sorted(others)), first)


def _repeats(residues: set[int], modulus: int, step: int) -> bool:
    return all((residue + step) % modulus in residues for residue in residues)


def _pattern(residues: tuple[int, ...], modulus: int, noun: str) -> str:
    """`the height is even`, `the height % 4 is 1`; empty where every residue will do."""
    if modulus == 1:
        return ""
    if modulus == 2:
        return f"{noun} is {'odd' if residues[0] else 'even'}"
    if residues == (0,):
        return f"{noun} is a multiple of {modulus}"
    absent = [residue for residue in range(modulus) if residue not in residues]
    if absent == [0]:
        return f"{noun} is not a multiple of {modulus}"
    if len(absent) == 1:
        return f"{noun} % {modulus} is not {absent[0]}"
    return f"{noun} % {modulus} is {_choice(residues)}"


def _choice(numbers: list[int] | tuple[int, ...]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} or {last}" if most else last


def _listed(numbers: tuple[int, ...], first: int) -> str:
    """`is 3 or 5`, `is at most 12`, `is between 3 and 12`, `is one of 24 values from 3 to 90`."""
    low, high = numbers[0], numbers[-1]
    if len(numbers) == high - low + 1 and len(numbers) > 2:
        return f"is at most {high}" if low == first else f"is between {low} and {high}"
    if len(numbers) <= _LISTED:
        return f"is {_choice(numbers)}"
    return f"is one of {len(numbers)} values from {low} to {high}"
