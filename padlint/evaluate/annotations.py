"""What the annotation of a parameter says of what it takes."""

from __future__ import annotations

from dataclasses import dataclass

from padlint.arithmetic.dims import Unknown, symbol
from padlint.evaluate.values import Value
from padlint.finding import Place
from padlint.syntax import ir

_LISTS = frozenset({"list", "List", "tuple", "Tuple"})
_NUMBERS = frozenset({"int", "float", "bool"})


@dataclass(frozen=True, slots=True)
class UnknownSequence(Unknown):
    """What a parameter takes that is annotated as a list, a tuple or a sequence of numbers: one of these, never a text."""


def free_value(parameter: ir.Parameter, place: Place) -> Value:
    """What stands for a parameter that nobody binds: a symbol where it may be a number, else Unknown."""
    annotation = parameter.annotation
    named = annotation.id if isinstance(annotation, ir.Name) else None
    if annotation is None or named == "int":
        return symbol(parameter.name)
    return (UnknownSequence if _is_sequence(annotation) else Unknown)(f"the parameter {parameter.name!r}", place)


def _is_sequence(annotation: ir.Expression) -> bool:
    """`list`, `Tuple[int, ...]`, `Sequence[int]`. A `Sequence[str]` can be a text."""
    if not isinstance(annotation, ir.Subscript):
        return ir.last_name(annotation) in _LISTS
    name, item = ir.last_name(annotation.value), annotation.index
    return name in _LISTS or (name == "Sequence" and (ir.last_name(item) in _NUMBERS or _is_sequence(item)))


def may_be_none(annotation: ir.Expression | None) -> bool:
    """`Optional[X]`, `X | None`."""
    if isinstance(annotation, ir.Subscript):
        return ir.last_name(annotation.value) == "Optional"
    if isinstance(annotation, ir.Binary):
        return any(isinstance(side, ir.Constant) and side.value is None for side in (annotation.left, annotation.right))
    return False
