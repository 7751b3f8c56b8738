"""LibCST's match patterns to the IR's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import libcst as cst

from padlint.syntax import ir, literals
from padlint.syntax.lower_expressions import Lowering


def lower_pattern(lowering: Lowering, node: cst.MatchPattern | cst.MatchStar) -> ir.Pattern:
    """An `as` pattern is a capture with one part. Of a class, the last parts are those of the keywords in `keys`."""
    at = lowering.number(node)
    match node:
        case cst.MatchValue() | cst.MatchSingleton():
            kind: Literal["value", "singleton"] = "value" if isinstance(node, cst.MatchValue) else "singleton"
            return ir.Pattern(at, kind, lowering.expression(node.value))
        case cst.MatchAs(pattern=inner):
            name = _optional_name(node.name)
            return ir.Pattern(
                at, "capture", name=name, parts=() if inner is None else (lower_pattern(lowering, inner),)
            )
        case cst.MatchStar():
            return ir.Pattern(at, "star", name=_optional_name(node.name))
        case cst.MatchOr(patterns=alternatives):
            return ir.Pattern(at, "or", parts=tuple(lower_pattern(lowering, one.pattern) for one in alternatives))
        case cst.MatchList(patterns=elements) | cst.MatchTuple(patterns=elements):
            return ir.Pattern(at, "sequence", parts=_elements(lowering, elements))
        case cst.MatchMapping():
            return _mapping(lowering, at, node)
        case cst.MatchClass():
            return _class(lowering, at, node)
        case _:
            return ir.Pattern(at, "value", ir.Opaque(at, f"{type(node).__name__} is not carried"))


def _class(lowering: Lowering, at: int, node: cst.MatchClass) -> ir.Pattern:
    value = lowering.expression(node.cls)
    positional = _elements(lowering, node.patterns)
    named = tuple(lower_pattern(lowering, keyword.pattern) for keyword in node.kwds)
    keys = tuple(literals.identifier(keyword.key.value) for keyword in node.kwds)
    return ir.Pattern(at, "class", value, parts=positional + named, keys=keys)


def _mapping(lowering: Lowering, at: int, node: cst.MatchMapping) -> ir.Pattern:
    keys: list[ir.Expression] = []
    parts: list[ir.Pattern] = []
    for element in node.elements:
        keys.append(lowering.expression(element.key))
        parts.append(lower_pattern(lowering, element.pattern))
    if node.rest is not None:
        parts.append(ir.Pattern(lowering.number(node.rest), "star", name=literals.identifier(node.rest.value)))
    return ir.Pattern(at, "mapping", parts=tuple(parts), keys=tuple(keys))


def _elements(
    lowering: Lowering, elements: Iterable[cst.MatchSequenceElement | cst.MatchStar]
) -> tuple[ir.Pattern, ...]:
    return tuple(
        lower_pattern(lowering, element if isinstance(element, cst.MatchStar) else element.value)
        for element in elements
    )


def _optional_name(name: cst.Name | None) -> str | None:
    return None if name is None else literals.identifier(name.value)
