"""The data of a symbolic size: a sum of products of atoms. Nothing here computes; `algebra` builds the normal form.

Equality and order go by `key`, a text that spells the structure, so that comparing and hashing stay cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name for one integer; `minimum` is the least value that it can have (None: no bound)."""

    name: str
    minimum: int | None
    key: str = field(init=False, compare=False, repr=False)
    nodes: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.name}\x01{self.minimum}")


@dataclass(frozen=True, slots=True)
class Floor:
    """numerator // denominator."""

    numerator: Sum = field(compare=False)
    denominator: Sum = field(compare=False)
    key: str = field(init=False, repr=False)
    nodes: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"~({self.numerator.key})/({self.denominator.key})")
        object.__setattr__(self, "nodes", 1 + self.numerator.nodes + self.denominator.nodes)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or the greatest of two or more sums."""

    kind: Kind = field(compare=False)
    arguments: tuple[Sum, ...] = field(compare=False)
    key: str = field(init=False, repr=False)
    nodes: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"~{self.kind}({','.join(argument.key for argument in self.arguments)})")
        object.__setattr__(self, "nodes", 1 + sum(argument.nodes for argument in self.arguments))


Atom = Symbol | Floor | Extreme
Product = tuple[Atom, ...]
Term = tuple[Product, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """constant + coefficient * product + ...; the terms are ordered, without repetitions and without zeros."""

    terms: tuple[Term, ...] = field(compare=False)
    constant: int = field(compare=False)
    key: str = field(init=False, repr=False)
    nodes: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        spelled = "".join(f"{coefficient:+}*{product_key(product)}" for product, coefficient in self.terms)
        object.__setattr__(self, "key", f"{self.constant}{spelled}")
        object.__setattr__(self, "nodes", 1 + sum(atom.nodes for product, _ in self.terms for atom in product))


def product_key(product: Product) -> str:
    """The text that orders products."""
    return "*".join(atom.key for atom in product)


def symbols_of(total: Sum) -> frozenset[Symbol]:
    """Every symbol that occurs in `total`."""
    found: set[Symbol] = set()
    for product, _ in total.terms:
        for atom in product:
            match atom:
                case Symbol():
                    found.add(atom)
                case Floor(numerator, denominator):
                    found |= symbols_of(numerator) | symbols_of(denominator)
                case Extreme(_, arguments):
                    found = found.union(*map(symbols_of, arguments))
    return frozenset(found)
