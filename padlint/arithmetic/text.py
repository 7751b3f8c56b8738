"""A symbolic size as Python text that a person would write; evaluated over integers it gives the size's value."""

from __future__ import annotations

from functools import lru_cache

from padlint.arithmetic.terms import Atom, Extreme, Floor, Product, Sum, Symbol


@lru_cache(maxsize=4_096)
def render(total: Sum) -> str:
    """`(H + 1)//2`, `4*ngf`, `min(a, b)`, `H % 2`."""
    pieces, rest = _remainders(total)
    terms = sorted(rest.terms, key=lambda term: term[1] < 0)
    number = rest.constant
    if number and len(terms) == 1 and terms[0][1] == 1 and not pieces:
        atom = terms[0][0][0]
        if len(terms[0][0]) == 1 and isinstance(atom, Extreme):
            return _extreme(atom, number)
    pieces = [*(_term(product, abs(value), value < 0) for product, value in terms), *pieces]
    pieces.sort(key=lambda piece: piece[0])
    if number > 0 and pieces and pieces[0][0]:
        pieces.insert(0, (False, str(number)))
    elif number or not pieces:
        pieces.append((number < 0, str(abs(number))))
    text = ""
    for negative, piece in pieces:
        if text:
            text += f" - {piece}" if negative else f" + {piece}"
        else:
            text = f"-{piece}" if negative else piece
    return text


Piece = tuple[bool, str]
"""Whether it is subtracted, and its text."""


def _term(product: Product, size: int, negative: bool) -> Piece:
    """A floor division alone may go without parentheses, but not after a leading minus: -x//2 is (-x)//2."""
    if size == 1 and len(product) == 1:
        text = _atom(product[0])
        return negative, f"({text})" if negative and isinstance(product[0], Floor) else text
    factors = [f"({_atom(atom)})" if isinstance(atom, Floor) else _atom(atom) for atom in product]
    return negative, "*".join([str(size), *factors] if size > 1 else factors)


def _atom(atom: Atom) -> str:
    match atom:
        case Symbol(name):
            return name
        case Extreme():
            return _extreme(atom, 0)
        case Floor(numerator, denominator):
            return f"{_operand(numerator, True)}//{_operand(denominator, False)}"


def _extreme(atom: Extreme, number: int) -> str:
    texts = [render(Sum(argument.terms, argument.constant + number)) for argument in atom.arguments]
    return f"{atom.kind}({', '.join(texts)})"


def _operand(total: Sum, left: bool) -> str:
    """What stands left or right of // or %: in parentheses unless it is one number, one name or (left) a product."""
    text = render(total)
    if not total.terms:
        return text if total.constant >= 0 else f"({text})"
    product, value = total.terms[0]
    simple = len(total.terms) == 1 and not total.constant and all(isinstance(atom, Symbol) for atom in product)
    if simple and value > 0 and (left or (value == 1 and len(product) == 1)):
        return text
    return f"({text})"


def _remainders(total: Sum) -> tuple[list[Piece], Sum]:
    """The parts that read k*(x % m), which the normal form keeps as k*x - k*m*(x//m), and what is left."""
    pieces: list[Piece] = []
    for product, value in total.terms:
        atom = product[0]
        if len(product) > 1 or not isinstance(atom, Floor) or atom.denominator.terms:
            continue
        factor, uneven = divmod(-value, atom.denominator.constant)
        rest = {other: count for other, count in total.terms if other != product}
        wanted = {other: factor * count for other, count in atom.numerator.terms}
        if uneven or not all(_covers(rest.get(other, 0), count) for other, count in wanted.items()):
            continue
        left = ((other, count - wanted.get(other, 0)) for other, count in rest.items())
        kept = tuple((other, count) for other, count in left if count)
        total = Sum(kept, total.constant - factor * atom.numerator.constant)
        pieces.append(_remainder(atom, factor))
    return pieces, total


def _covers(present: int, wanted: int) -> bool:
    """Whether `wanted` can be taken from a coefficient without changing its sign."""
    return present * wanted > 0 and abs(present) >= abs(wanted)


def _remainder(atom: Floor, factor: int) -> Piece:
    text = f"{_operand(atom.numerator, True)} % {_operand(atom.denominator, False)}"
    if abs(factor) != 1:
        return factor < 0, f"{abs(factor)}*({text})"
    return factor < 0, f"({text})" if factor < 0 else text
